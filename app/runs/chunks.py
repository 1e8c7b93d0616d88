"""Planning a run, taking its chunks, reporting on them. Each function is one short transaction.

Two takers never hold one chunk: taking is a single statement. A taker that falls silent for
`SILENCE` loses its chunk, and everything it says about it afterwards is refused.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from app.clock import Clock
from app.problems import Problem
from app.runs.kinds import Item, Kinds, Noted
from app.runs.states import UNFINISHED, ChunkState, RunState
from app.runs.tables import Run, RunChunk
from app.words import N_

BEAT_SECONDS = 3.0
SILENCE = timedelta(seconds=15)
LONGEST_NOTE = 4000
AND_MORE = N_("… and more.")


class KindUnknown(Problem):
    """A newer version started the run."""

    code = "kind-unknown"
    status = 409


@dataclass(frozen=True)
class Claim:
    """A chunk that was taken, and the word that proves it."""

    chunk_id: int
    run_id: int
    word: str
    items: Sequence[Item]


def plan(session: Session, run_id: int, *, kinds: Kinds, clock: Clock) -> int:
    """Cut a queued run into chunks and return how many; 0 for a run that someone else planned.

    The state changes first, in one statement, so that of two planners one finds nothing to do.
    """
    queued = update(Run).where(Run.id == run_id, Run.state == RunState.QUEUED)
    now = clock.now()
    took = session.execute(
        queued.values(state=RunState.RUNNING, started_at=now, heartbeat_at=now).returning(Run.id)
    ).first()
    if took is None:
        return 0
    run = session.get_one(Run, run_id, populate_existing=True)
    if run.kind not in kinds:
        raise KindUnknown(
            "This version of maskballot knows no run of the kind {kind}.", kind=run.kind
        )
    kind = kinds[run.kind]
    items = list(kind.plan(session, run.study_id, run.arguments))
    for first in range(0, len(items), kind.chunk):
        part = items[first : first + kind.chunk]
        session.add(RunChunk(run_id=run_id, items=part, state=ChunkState.OPEN))
    run.total = len(items)
    if not items:
        run.state, run.finished_at = RunState.DONE, now
    return -(-len(items) // kind.chunk)


def take(session: Session, run_id: int, *, clock: Clock) -> Claim | None:
    """Take the next chunk that is open or whose taker fell silent; None where there is none."""
    word = secrets.token_hex(8)
    free = or_(
        RunChunk.state == ChunkState.OPEN,
        and_(RunChunk.state == ChunkState.TAKEN, RunChunk.heartbeat_at < clock.now() - SILENCE),
    )
    candidate = (
        select(RunChunk.id)
        .join(Run, Run.id == RunChunk.run_id)
        .where(RunChunk.run_id == run_id, Run.state == RunState.RUNNING, free)
        .order_by(RunChunk.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=RunChunk)
    )
    taken = session.execute(
        update(RunChunk)
        .where(RunChunk.id == candidate.scalar_subquery())
        .values(state=ChunkState.TAKEN, claim=word, heartbeat_at=clock.now())
        .returning(RunChunk.id, RunChunk.items)
        .execution_options(synchronize_session=False)
    ).first()
    return Claim(taken.id, run_id, word, taken.items) if taken else None


def report(session: Session, claim: Claim, *, done: int | None, clock: Clock) -> bool:
    """Say that the chunk is worked on; False where it is not wanted any more, or not ours."""
    values: dict[str, object] = {"heartbeat_at": clock.now()}
    if done is not None:
        values["done"] = done
    run = session.get_one(Run, claim.run_id, with_for_update=True, populate_existing=True)
    if run.state != RunState.RUNNING or not _set(session, claim, values):
        return False
    _sum_up(session, run, clock)
    return True


def finish(session: Session, claim: Claim, *, clock: Clock) -> None:
    """Close the chunk; with the last one the run is done."""
    run = session.get_one(Run, claim.run_id, with_for_update=True, populate_existing=True)
    if not _set(session, claim, {"state": ChunkState.DONE, "done": len(claim.items)}):
        return
    _sum_up(session, run, clock)
    left = select(func.count()).where(RunChunk.run_id == run.id, RunChunk.state != ChunkState.DONE)
    if run.state == RunState.RUNNING and session.scalar(left) == 0:
        run.state, run.finished_at = RunState.DONE, clock.now()


def give_back(session: Session, claim: Claim) -> None:
    """Open the chunk again for the next taker."""
    _set(session, claim, {"state": ChunkState.OPEN, "claim": None})


def fail(session: Session, run_id: int, *, reason: Problem, clock: Clock) -> None:
    """End an unfinished run with the reason why."""
    session.execute(
        update(Run)
        .where(Run.id == run_id, Run.state.in_(UNFINISHED))
        .values(
            state=RunState.FAILED,
            error=str(reason),
            told=[Noted(of="", **reason.packed())],
            finished_at=clock.now(),
        )
    )


def note(session: Session, run_id: int, *, problem: Problem, of: str) -> None:
    """Add what is the matter with ``of`` to what the run says, as long as one would read it."""
    sentence = f"{of}: {problem}"
    run = session.get_one(Run, run_id, with_for_update=True, populate_existing=True)
    said = run.error or ""
    if sentence in said:
        return
    if len(said) + len(sentence) < LONGEST_NOTE:
        run.error = f"{said}\n{sentence}".strip()
        run.told = [*(run.told or []), Noted(of=of, **problem.packed())]
    elif not said.endswith(AND_MORE):
        run.error = f"{said}\n{AND_MORE}"
        run.told = [*(run.told or []), Noted(of="", templates=[AND_MORE, ""], values={})]


def has_work(session: Session, *, clock: Clock) -> Sequence[int]:
    """Return the runs with something to take, oldest first: queued, or with a free chunk."""
    silent = and_(RunChunk.state == ChunkState.TAKEN, RunChunk.heartbeat_at < clock.now() - SILENCE)
    free = select(RunChunk.run_id).where(or_(RunChunk.state == ChunkState.OPEN, silent))
    query = select(Run.id).where(
        or_(
            Run.state == RunState.QUEUED,
            and_(Run.state == RunState.RUNNING, Run.id.in_(free)),
        )
    )
    return session.scalars(query.order_by(Run.id)).all()


def _set(session: Session, claim: Claim, values: dict[str, object]) -> bool:
    ours = update(RunChunk).where(
        RunChunk.id == claim.chunk_id,
        RunChunk.claim == claim.word,
        RunChunk.state == ChunkState.TAKEN,
    )
    return session.execute(ours.values(values).returning(RunChunk.id)).first() is not None


def _sum_up(session: Session, run: Run, clock: Clock) -> None:
    # The run's row is locked by then, so of two reports the later one sees both.
    total = select(func.coalesce(func.sum(RunChunk.done), 0)).where(RunChunk.run_id == run.id)
    run.done = session.scalar(total) or 0
    run.heartbeat_at = clock.now()
