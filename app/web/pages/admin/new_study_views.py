"""What the page shows on which a study is founded."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from app.accounts.tables import User
from app.networks.manifest import NetworkEntry
from app.problems import Problem
from app.web.pages.admin.study_form import StudyForm


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
