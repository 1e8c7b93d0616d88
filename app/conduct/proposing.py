"""The run that computes a study's proposals: its items are the films that lack a candidate."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.tables import User
from app.blobs.store import BlobStore
from app.clock import Clock
from app.conduct.planting import look_at
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
        study_id = context.study_id
        assert study_id is not None, "proposals are a study's"
        with context.sessions.begin() as session:
            study = session.get_one(Study, study_id)
            tasks = plan(session, study, film_ids=[int(item) for item in context.items])
            display, names = protocol_of(study).display, list(study.networks)
        proposers = make(names)
        done = len(context.items) - len(tasks)
        for task in tasks:
            computed = compute(blobs, task, proposers=proposers, display=display)
            _store(context, computed)
            look_at(
                context.sessions,
                blobs,
                study_id=study_id,
                film_ids=[task.film_id],
                clock=context.clock,
            )
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
    for source, problem in computed.refused:
        context.note(problem, f"{computed.name}: {source}")
