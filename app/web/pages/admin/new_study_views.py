"""What the page shows on which a study is founded."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from app.accounts.tables import User
from app.networks.manifest import NetworkEntry
from app.problems import Problem
from app.web.pages.admin.study_form import StudyForm
from app.words.speaking import _, told


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
    return NetworkChoice(entry.name, entry.title, _made_for(entry), chosen)


def _made_for(entry: NetworkEntry) -> str:
    family = entry.family
    match entry.stages:
        case ():
            return _("{family}; made for no stage", family=family)
        case (stage,):
            return _("{family}; made for stage {stage}", family=family, stage=stage)
        case _stages:
            return _("{family}; made for both stages", family=family)


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
        networks_refused=told(networks_refused) if networks_refused else "",
        refused=told(refused) if refused else "",
    )
