"""Starting, cancelling and resuming."""

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.clock import FixedClock
from app.problems import NotFound
from app.runs import runs
from app.runs.execute import Hands, run_now
from app.runs.states import RunState
from app.runs.tables import Run
from tests.runs.conftest import Counting, rows


def start(session: Session, clock: FixedClock, *, count: int = 10) -> Run:
    return runs.start(
        session, kind="counting", study_id=None, arguments={"count": count}, clock=clock
    )


def quiet(done: int, total: int) -> None:
    """Show nothing."""


def test_a_run_does_all_its_items_and_is_done(
    sessions: sessionmaker[Session], hands: Hands, clock: FixedClock
) -> None:
    with sessions.begin() as session:
        run = start(session, clock)
    shown: list[tuple[int, int]] = []
    done = run_now(hands, run.id, show=lambda *counted: shown.append(counted))
    assert (done.state, done.done, done.total) == (RunState.DONE, 10, 10)
    assert shown[:10] == [(number, 10) for number in range(1, 11)]
    with sessions.begin() as session:
        assert len(rows(session)) == 10


def test_a_run_of_nothing_is_done_at_once(
    sessions: sessionmaker[Session], hands: Hands, clock: FixedClock
) -> None:
    with sessions.begin() as session:
        run = start(session, clock, count=0)
    assert run_now(hands, run.id, show=quiet).state == RunState.DONE


def test_starting_what_is_already_waiting_starts_nothing_new(
    session: Session, clock: FixedClock
) -> None:
    assert start(session, clock).id == start(session, clock).id
    assert start(session, clock, count=11).id != start(session, clock).id


def test_a_problem_ends_the_run_with_its_sentence(
    sessions: sessionmaker[Session], hands: Hands, counting: Counting, clock: FixedClock
) -> None:
    counting.break_at = "item-005"
    with sessions.begin() as session:
        run = start(session, clock)
    failed = run_now(hands, run.id, show=quiet)
    assert (failed.state, failed.error) == (RunState.FAILED, "The film is torn.")


def test_an_unexpected_error_ends_the_run_with_a_reference_and_no_detail(
    sessions: sessionmaker[Session], hands: Hands, counting: Counting, clock: FixedClock
) -> None:
    counting.break_at, counting.error = "item-005", RuntimeError("the password is 1234")
    with sessions.begin() as session:
        run = start(session, clock)
    error = run_now(hands, run.id, show=quiet).error
    assert error is not None
    assert "reference" in error
    assert "1234" not in error


def test_a_failed_run_that_is_resumed_does_only_what_is_missing(
    sessions: sessionmaker[Session], hands: Hands, counting: Counting, clock: FixedClock
) -> None:
    counting.break_at = "item-005"
    with sessions.begin() as session:
        run = start(session, clock)
    run_now(hands, run.id, show=quiet)
    counting.break_at = None
    counting.worked.clear()
    with sessions.begin() as session:
        runs.resume(session, session.get_one(Run, run.id))
    done = run_now(hands, run.id, show=quiet)
    assert (done.state, done.error) == (RunState.DONE, None)
    assert counting.worked == [f"item-{number:03}" for number in range(5, 10)]


def test_only_a_run_that_has_stopped_can_be_resumed(session: Session, clock: FixedClock) -> None:
    with pytest.raises(runs.RunRefused, match="queued"):
        runs.resume(session, start(session, clock))


def test_a_cancelled_run_stops_after_the_item_in_hand(
    sessions: sessionmaker[Session], hands: Hands, counting: Counting, clock: FixedClock
) -> None:
    with sessions.begin() as session:
        run = start(session, clock)

    def cancel_at_three(done: int, total: int) -> None:
        if done == 3:
            with sessions.begin() as session:
                runs.cancel(session, session.get_one(Run, run.id), clock=clock)

    ended = run_now(hands, run.id, show=cancel_at_three)
    assert ended.state == RunState.CANCELLED
    assert len(counting.worked) == 4


def test_ctrl_c_cancels_so_that_nobody_goes_on_with_it(
    sessions: sessionmaker[Session], hands: Hands, counting: Counting, clock: FixedClock
) -> None:
    counting.break_at, counting.error = "item-005", KeyboardInterrupt()
    with sessions.begin() as session:
        run = start(session, clock)
    with pytest.raises(KeyboardInterrupt):
        run_now(hands, run.id, show=quiet)
    with sessions.begin() as session:
        assert session.get_one(Run, run.id).state == RunState.CANCELLED


def test_a_kind_that_is_unknown_here_fails_with_a_sentence(
    sessions: sessionmaker[Session], hands: Hands, clock: FixedClock
) -> None:
    with sessions.begin() as session:
        run = runs.start(session, kind="from 2031", study_id=None, arguments={}, clock=clock)
    ended = run_now(hands, run.id, show=quiet)
    assert ended.state == RunState.FAILED
    assert "from 2031" in (ended.error or "")


def test_a_run_of_no_study_is_not_found_through_a_study(
    session: Session, clock: FixedClock
) -> None:
    run = start(session, clock)
    with pytest.raises(NotFound):
        runs.run_of(session, study_id=1, run_id=run.id)
