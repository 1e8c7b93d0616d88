"""What the page of a study's proposals shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from app.conduct.opening import Readiness
from app.networks.manifest import NetworkEntry
from app.problems import Problem
from app.studies.states import State
from app.studies.studies import protocol_of
from app.studies.tables import Study
from app.web.pages.admin.new_study_views import NetworkChoice, network_choice
from app.web.pages.admin.own_study import address_of
from app.web.pages.admin.runs_views import RunCard
from app.words.speaking import told


@dataclass(frozen=True)
class ProposePage:
    """Which networks propose, what is still to be computed, and the run that does it.

    ``choosable``: while the study is a draft; later every case must have the same sources.
    """

    template: ClassVar[str] = "admin/propose.html"

    study: str
    address: str
    choosable: bool
    growing: bool
    hand_drawn: bool
    networks: list[NetworkChoice]
    networks_refused: str
    films: int
    complete: int
    to_propose: int
    run: RunCard | None
    refused: str = ""


def propose_page(
    study: Study,
    *,
    networks: Sequence[NetworkEntry],
    networks_refused: Problem | None,
    ready: Readiness,
    run: RunCard | None,
    refused: Problem | None = None,
) -> ProposePage:
    """Return the page of ``study``."""
    choosable = study.state == State.DRAFT
    choices = [network_choice(entry, chosen=entry.name in study.networks) for entry in networks]
    return ProposePage(
        study=study.name,
        address=address_of(study),
        choosable=choosable,
        growing=study.state in (State.DRAFT, State.OPEN),
        hand_drawn=protocol_of(study).hand_drawn,
        networks=choices if choosable else [choice for choice in choices if choice.chosen],
        networks_refused=told(networks_refused) if networks_refused else "",
        films=ready.films,
        complete=ready.cases,
        to_propose=ready.to_propose,
        run=run,
        refused=told(refused) if refused else "",
    )
