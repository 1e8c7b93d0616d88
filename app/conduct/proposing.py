"""The run that computes a study's proposals: its items are the films that lack a candidate."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.tables import User
from app.ballots.tables import Case
from app.blobs.store import BlobStore
from app.clock import Clock
from app.conduct.planting import plant_sentinels
from app.proposals.likeness import survey_complete
from app.proposals.missing import missing
from app.proposals.propose import Computed, Proposer, compute, plan, store
from app.runs.kinds import Item, Kind, RunContext
from app.runs.runs import start
from app.runs.tables import Run
from app.studies.states import State, require
from app.studies.studies import protocol_of
from app.studies.tables import Study

PROPOSE = "propose"

MakeProposers = Callable[[Sequence[str]], Sequence[Proposer]]
"""From networks' names to what proposes."""


def start_propose(session: Session, study: Study, *, admin: User | None, clock: Clock) -> Run:
    """Queue the computing of what the study lacks. Raises `WrongState` for a closed study."""
    require(study.state, State.DRAFT, State.OPEN)
    return start(
        session,
        kind=PROPOSE,
        study_id=study.id,
        arguments={},
        clock=clock,
        created_by=admin.id if admin else None,
    )


def propose_kind(blobs: BlobStore, make: MakeProposers) -> Kind:
    """Return the kind of run that proposes, with what ``make`` returns for a study's networks."""

    def work(context: RunContext) -> None:
        with context.sessions.begin() as session:
            study = session.get_one(Study, context.study_id)
            tasks = plan(session, study, film_ids=[int(item) for item in context.items])
            display, names = protocol_of(study).display, list(study.networks)
        proposers = make(names)
        done = len(context.items) - len(tasks)
        for task in tasks:
            computed = compute(blobs, task, proposers=proposers, display=display)
            _store(context, computed)
            _survey(context, blobs, task.film_id)
            _plant(context, blobs, task.film_id)
            done += 1
            context.progress(done)

    return Kind(plan=_plan, work=work, chunk=20)


def _plan(session: Session, study_id: int | None, _arguments: dict[str, Any]) -> Sequence[Item]:
    return list(missing(session, session.get_one(Study, study_id)))


def _store(context: RunContext, computed: Computed) -> None:
    try:
        with context.sessions.begin() as session:
            store(session, computed, clock=context.clock)
    except IntegrityError:
        # Another worker wrote this film first; its candidates are the same.
        return
    for refused in computed.refused:
        context.note(f"{computed.name}: {refused}")


def _survey(context: RunContext, blobs: BlobStore, film_id: int) -> None:
    """Compare the film's candidates now: opening the study would keep everybody waiting."""
    try:
        with context.sessions.begin() as session:
            study = session.get_one(Study, context.study_id)
            survey_complete(session, blobs, study, film_ids=[film_id])
    except IntegrityError:
        # Another worker compared this film first; its candidates are the same.
        return


def _plant(context: RunContext, blobs: BlobStore, film_id: int) -> None:
    """Make a sentinel of the film now, if it is drawn for one: opening would take minutes."""
    try:
        with context.sessions.begin() as session:
            study = session.get_one(Study, context.study_id)
            if session.get(Case, film_id) is None:
                plant_sentinels(session, blobs, study, film_ids=[film_id], clock=context.clock)
    except IntegrityError:
        # Another worker made this sentinel first; its masks are the same.
        return
