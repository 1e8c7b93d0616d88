"""The form on which a study is founded: what it sends back, and the protocol it asks for."""

from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, ValidationError

from app.networks.manifest import NetworkEntry
from app.studies.protocol import (
    MOST_SENTINELS,
    Design,
    Display,
    FixedRule,
    LeadRule,
    Protocol,
    Questions,
    Rule,
    SequentialRule,
    TwoPlusOneRule,
)
from app.studies.studies import StudyRefused
from app.web.fields import Line
from app.words import N_
from app.words.faults import fault_of
from app.words.speaking import _, told

Stage = Annotated[int, Field(ge=1, le=2)]
DISPLAY = Display()
DESIGN = Design()
QUESTIONS = Questions()


def percent(share: float) -> float:
    """Return a share as percent, without the noise of binary fractions."""
    return round(100 * share, 6)


class StudyForm(BaseModel):
    """What the page sends. Bounds are the protocol's own; see `protocol`. Shares are percent."""

    name: Line = ""
    stage: Stage = 1
    rule: Literal["fixed", "two-plus-one", "lead", "sequential"] = "fixed"
    n: int = 1
    lead: int = 2
    at_most: int = 5
    posterior: float = 90
    at_most_sure: int = 5
    hand_drawn: bool = False
    networks: Annotated[list[Line], Field(max_length=100)] = []
    physicians: Annotated[list[Line], Field(max_length=1000)] = []
    lease_minutes: int = 30
    long_side: int = DISPLAY.long_side
    sigma: float = DISPLAY.sigma
    specks: float = DISPLAY.specks
    holes: float = DISPLAY.holes
    native_share: float = percent(DISPLAY.native_share)
    fidelity: float = DISPLAY.fidelity
    backbone_share: float = percent(DESIGN.backbone_share)
    priority: str = DESIGN.priority
    repeat_share: float = percent(DESIGN.repeat_share)
    repeat_after_days: int = DESIGN.repeat_after_days
    repeat_after_ballots: int = DESIGN.repeat_after_ballots
    merge: bool = False
    merge_dice: float = DESIGN.merge_dice
    merge_hd95: float = DESIGN.merge_hd95
    draw_first_share: float = percent(DESIGN.draw_first_share)
    sentinel_share: float = percent(DESIGN.sentinel_share)
    guess_share: float = percent(QUESTIONS.guess_share)
    worst: bool = False
    break_minutes: int = QUESTIONS.break_minutes

    @classmethod
    def fresh(cls, stage: Stage, networks: Sequence[NetworkEntry], *, lease_minutes: int) -> Self:
        """Return the form as it is first shown for ``stage``."""
        return cls(
            stage=stage,
            hand_drawn=stage == 1,
            networks=[entry.name for entry in networks if stage in entry.stages],
            lease_minutes=lease_minutes,
            merge=DESIGN.merge,
            worst=QUESTIONS.worst,
        )

    def protocol(self) -> Protocol:
        """Return the protocol that was asked for. Raises `StudyRefused`, naming the field."""
        try:
            return Protocol(
                rule=self._rule(),
                display=Display.model_validate(self._said(Display)),
                design=Design.model_validate(self._said(Design)),
                questions=Questions.model_validate(self._said(Questions)),
                hand_drawn=self.hand_drawn,
                lease_minutes=self.lease_minutes,
            )
        except ValidationError as error:
            fault = error.errors()[0]
            field = str(fault["loc"][-1])
            why = told(fault_of(fault))
            if field in SHARES:
                why = _("a share from 0 to {most} %", most=f"{SHARES[field]:g}")
            elif field == "posterior":
                why = _("more than {least} % and less than {most} %", least=50, most=100)
            raise StudyRefused("{field}: {why}.", field=_(LABELS[field]), why=why) from error

    def _said(self, part: type[BaseModel]) -> dict[str, object]:
        said = {name: getattr(self, name) for name in part.model_fields if hasattr(self, name)}
        return {name: value / 100 if name in SHARES else value for name, value in said.items()}

    def _rule(self) -> Rule:
        match self.rule:
            case "two-plus-one":
                return TwoPlusOneRule()
            case "lead":
                return LeadRule(lead=self.lead, at_most=self.at_most)
            case "sequential":
                return SequentialRule(posterior=self.posterior / 100, at_most=self.at_most_sure)
            case _:
                return FixedRule(n=self.n)


# In percent, each with the most that may be asked for.
SHARES = {
    "native_share": 100,
    "backbone_share": 100,
    "repeat_share": 100,
    "draw_first_share": 100,
    "sentinel_share": 100 * MOST_SENTINELS,
    "guess_share": 100,
}

LABELS: dict[str, str] = {
    "n": N_("Answers a case"),
    "lead": N_("Lead"),
    "at_most": N_("At most"),
    "posterior": N_("Probability"),
    "lease_minutes": N_("Lease"),
    "long_side": N_("Longer side of the grid"),
    "sigma": N_("Smoothing"),
    "specks": N_("Specks"),
    "holes": N_("Holes"),
    "native_share": N_("Shown as they were made"),
    "fidelity": N_("Fidelity"),
    "backbone_share": N_("Random backbone"),
    "priority": N_("Priority"),
    "repeat_share": N_("Hidden repeats"),
    "repeat_after_days": N_("Days before a repeat"),
    "repeat_after_ballots": N_("Ballots before a repeat"),
    "merge_dice": N_("Alike by Dice"),
    "merge_hd95": N_("Alike by distance"),
    "draw_first_share": N_("Drawn first"),
    "sentinel_share": N_("Sentinels"),
    "guess_share": N_("Guess"),
    "break_minutes": N_("Break"),
}
