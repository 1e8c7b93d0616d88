"""Who takes what, and what becomes of a taker that is killed."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy.orm import Session, sessionmaker

from app.clock import FixedClock
from app.runs import chunks, runs
from app.runs.chunks import SILENCE
from app.runs.execute import Executor, Hands
from app.runs.states import RunState
from app.runs.tables import Run
from tests.runs.conftest import Counting, rows
from tests.support.waiting import until


def started(sessions: sessionmaker[Session], clock: FixedClock, *, count: int) -> int:
    with sessions.begin() as session:
        return runs.start(
            session, kind="counting", study_id=None, arguments={"count": count}, clock=clock
        ).id


def state_of(sessions: sessionmaker[Session], run_id: int) -> str:
    with sessions.begin() as session:
        return session.get_one(Run, run_id).state


def test_no_chunk_is_taken_twice(
    sessions: sessionmaker[Session], hands: Hands, clock: FixedClock
) -> None:
    run_id = started(sessions, clock, count=40)
    assert hands.plan(run_id) == 10

    def take(_: int) -> int | None:
        with sessions.begin() as session:
            claim = chunks.take(session, run_id, clock=clock)
            return claim.chunk_id if claim else None

    with ThreadPoolExecutor(6) as pool:
        taken = [chunk for chunk in pool.map(take, range(20)) if chunk is not None]
    assert len(taken) == len(set(taken)) == 10


def test_of_two_planners_one_plans(
    sessions: sessionmaker[Session], hands: Hands, clock: FixedClock
) -> None:
    run_id = started(sessions, clock, count=10)
    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(hands.plan, [run_id] * 4)) == [0, 0, 0, 3]


def test_many_hands_end_with_each_item_once(
    sessions: sessionmaker[Session], hands: Hands, counting: Counting, clock: FixedClock
) -> None:
    run_id = started(sessions, clock, count=30)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(hands.work_through, [run_id] * 4))
    until(lambda: state_of(sessions, run_id) == RunState.DONE)
    assert sorted(counting.worked) == [f"item-{number:03}" for number in range(30)]


def test_a_chunk_whose_taker_fell_silent_is_taken_again(
    sessions: sessionmaker[Session], hands: Hands, clock: FixedClock
) -> None:
    run_id = started(sessions, clock, count=3)
    hands.plan(run_id)
    with sessions.begin() as session:
        dead = chunks.take(session, run_id, clock=clock)
    assert dead is not None
    hands.work_through(run_id)
    assert state_of(sessions, run_id) == RunState.RUNNING
    clock.advance(SILENCE.total_seconds() + 1)
    hands.work_through(run_id)
    assert state_of(sessions, run_id) == RunState.DONE


def test_a_taker_that_lost_its_chunk_is_not_heard_any_more(
    sessions: sessionmaker[Session], hands: Hands, clock: FixedClock
) -> None:
    run_id = started(sessions, clock, count=3)
    hands.plan(run_id)
    with sessions.begin() as session:
        late = chunks.take(session, run_id, clock=clock)
    assert late is not None
    clock.advance(SILENCE.total_seconds() + 1)
    with sessions.begin() as session:
        assert chunks.take(session, run_id, clock=clock) is not None
        assert not chunks.report(session, late, done=2, clock=clock)
        chunks.finish(session, late, clock=clock)
    assert state_of(sessions, run_id) == RunState.RUNNING


def test_a_chunk_done_twice_counts_once(
    sessions: sessionmaker[Session], hands: Hands, clock: FixedClock
) -> None:
    run_id = started(sessions, clock, count=8)
    hands.plan(run_id)
    with sessions.begin() as session:
        dead = chunks.take(session, run_id, clock=clock)
        assert dead is not None
        chunks.report(session, dead, done=3, clock=clock)
    clock.advance(SILENCE.total_seconds() + 1)
    hands.work_through(run_id)
    with sessions.begin() as session:
        run = session.get_one(Run, run_id)
        assert (run.done, run.total) == (8, 8)
        assert len(rows(session)) == 8


def test_the_web_process_does_what_is_queued_and_leaves_cleanly(
    sessions: sessionmaker[Session], hands: Hands, clock: FixedClock
) -> None:
    executor = Executor(hands, look_every=0.02)
    executor.start()
    run_id = started(sessions, clock, count=5)
    until(lambda: state_of(sessions, run_id) == RunState.DONE)
    executor.close()
    assert not executor.is_alive()
