"""Starting, finding, resuming and cancelling runs. The caller commits."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.clock import Clock
from app.problems import NotFound, Problem
from app.runs import queue
from app.runs.states import STOPPED, UNFINISHED, RunState
from app.runs.tables import Run, RunChunk


class RunRefused(Problem):
    """The run does not stand where this can be done."""

    code = "run-refused"
    status = 409


def start(
    session: Session,
    *,
    kind: str,
    study_id: int | None,
    arguments: dict[str, Any],
    clock: Clock,
    created_by: int | None = None,
) -> Run:
    """Queue a run; an unfinished one that would do the same is returned instead."""
    for run in unfinished(session):
        if (run.kind, run.study_id, run.arguments) == (kind, study_id, arguments):
            return run
    run = Run(
        kind=kind,
        study_id=study_id,
        arguments=arguments,
        state=RunState.QUEUED,
        created_by=created_by,
        created_at=clock.now(),
    )
    session.add(run)
    session.flush()
    queue.announce(session, run.id)
    return run


def unfinished(session: Session) -> Sequence[Run]:
    """Return the runs that are queued or running, oldest first."""
    return session.scalars(select(Run).where(Run.state.in_(UNFINISHED)).order_by(Run.id)).all()


def run_of(session: Session, *, study_id: int, run_id: int) -> Run:
    """Return a run of this study. Raises `NotFound` for any other study's."""
    run = session.scalar(select(Run).where(Run.id == run_id, Run.study_id == study_id))
    if run is None:
        raise NotFound("There is no such run in this study.")
    return run


def newest_of(session: Session, *, study_id: int, kind: str | None = None) -> Run | None:
    """Return the study's newest run, of ``kind`` where one is given."""
    query = select(Run).where(Run.study_id == study_id).order_by(Run.id.desc()).limit(1)
    return session.scalar(query.where(Run.kind == kind) if kind else query)


def cancel(session: Session, run: Run, *, clock: Clock) -> None:
    """Stop an unfinished run; what it has done stays done. Otherwise nothing happens."""
    if run.state in UNFINISHED:
        run.state = RunState.CANCELLED
        run.finished_at = clock.now()


def resume(session: Session, run: Run) -> None:
    """Queue a failed or cancelled run again: it goes on with what is missing."""
    if run.state not in STOPPED:
        raise RunRefused(
            "The run is {state}; only a failed or cancelled one can be resumed.",
            state=RunState(run.state),
        )
    session.execute(delete(RunChunk).where(RunChunk.run_id == run.id))
    run.state, run.done, run.total = RunState.QUEUED, 0, 0
    run.started_at = run.finished_at = run.error = run.told = None
    session.flush()
    queue.announce(session, run.id)
