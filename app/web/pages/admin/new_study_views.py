"""What the page shows on which a study is founded, and what it sends back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, Field, ValidationError

from app.accounts.tables import User
from app.networks.manifest import NetworkEntry
from app.problems import Problem
from app.studies.protocol import Display, FixedRule, LeadRule, Protocol, Rule, TwoPlusOneRule
from app.studies.studies import StudyRefused
from app.web.fields import Line

Stage = Annotated[int, Field(ge=1, le=2)]
DISPLAY = Display()


class StudyForm(BaseModel):
    """What the page sends. Bounds are the protocol's own; see `protocol`."""

    name: Line = ""
    stage: Stage = 1
    rule: Literal["fixed", "two-plus-one", "lead"] = "fixed"
    n: int = 1
    lead: int = 2
    at_most: int = 5
    hand_drawn: bool = False
    networks: Annotated[list[Line], Field(max_length=100)] = []
    physicians: Annotated[list[Line], Field(max_length=1000)] = []
    lease_minutes: int = 30
    long_side: int = DISPLAY.long_side
    sigma: float = DISPLAY.sigma
    specks: float = DISPLAY.specks
    holes: float = DISPLAY.holes

    @classmethod
    def fresh(cls, stage: Stage, networks: Sequence[NetworkEntry], *, lease_minutes: int) -> Self:
        """Return the form as it is first shown for ``stage``."""
        return cls(
            stage=stage,
            hand_drawn=stage == 1,
            networks=[entry.name for entry in networks if stage in entry.stages],
            lease_minutes=lease_minutes,
        )

    def protocol(self) -> Protocol:
        """Return the protocol that was asked for. Raises `StudyRefused`, naming the field."""
        try:
            return Protocol(
                rule=self._rule(),
                display=Display(
                    long_side=self.long_side,
                    sigma=self.sigma,
                    specks=self.specks,
                    holes=self.holes,
                ),
                hand_drawn=self.hand_drawn,
                lease_minutes=self.lease_minutes,
            )
        except ValidationError as error:
            fault = error.errors()[0]
            raise StudyRefused(f"{LABELS[fault['loc'][-1]]}: {fault['msg']}.") from error

    def _rule(self) -> Rule:
        if self.rule == "two-plus-one":
            return TwoPlusOneRule()
        if self.rule == "lead":
            return LeadRule(lead=self.lead, at_most=self.at_most)
        return FixedRule(n=self.n)


LABELS: dict[int | str, str] = {
    "n": "Answers a case",
    "lead": "Lead",
    "at_most": "At most",
    "lease_minutes": "Lease",
    "long_side": "Longer side of the grid",
    "sigma": "Smoothing",
    "specks": "Specks",
    "holes": "Holes",
}


@dataclass(frozen=True)
class NetworkChoice:
    """A network that may be chosen. ``hint`` says what it is made for."""

    name: str
    title: str
    hint: str
    chosen: bool


@dataclass(frozen=True)
class PhysicianChoice:
    """A physician who may be chosen."""

    name: str
    full_name: str
    chosen: bool


@dataclass(frozen=True)
class NewStudyPage:
    """The form of a new study; ``networks_refused`` says why no networks are offered."""

    template: ClassVar[str] = "admin/new_study.html"

    form: StudyForm
    networks: list[NetworkChoice]
    physicians: list[PhysicianChoice]
    networks_refused: str = ""
    refused: str = ""


def network_choice(entry: NetworkEntry, *, chosen: bool) -> NetworkChoice:
    """Return how ``entry`` is offered."""
    stages = " and ".join(f"stage {stage}" for stage in entry.stages)
    hint = f"{entry.family}; made for {stages}" if stages else entry.family
    return NetworkChoice(entry.name, entry.title, hint, chosen)


def new_study_page(
    form: StudyForm,
    *,
    networks: Sequence[NetworkEntry],
    physicians: Sequence[User],
    networks_refused: Problem | None = None,
    refused: Problem | None = None,
) -> NewStudyPage:
    """Return the page with the form as it was filled in."""
    return NewStudyPage(
        form=form,
        networks=[network_choice(entry, chosen=entry.name in form.networks) for entry in networks],
        physicians=[
            PhysicianChoice(user.name, user.full_name, user.name in form.physicians)
            for user in physicians
        ],
        networks_refused=str(networks_refused) if networks_refused else "",
        refused=str(refused) if refused else "",
    )
