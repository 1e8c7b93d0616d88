"""How long a run will take."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.runs.progress import pace

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


def test_half_done_in_ten_seconds_has_ten_to_go() -> None:
    found = pace(done=50, total=100, started_at=START, now=START + timedelta(seconds=10))
    assert (found.rate, found.seconds_left, found.share) == (5.0, 10.0, 0.5)


def test_before_the_first_item_nothing_is_said_about_the_time_left() -> None:
    assert pace(done=0, total=9, started_at=START, now=START).seconds_left is None
    assert pace(done=0, total=9, started_at=None, now=START).rate == 0


def test_a_run_of_nothing_is_done() -> None:
    found = pace(done=0, total=0, started_at=START, now=START)
    assert (found.share, found.seconds_left) == (1.0, 0.0)


@given(done=st.integers(0, 10**6), more=st.integers(0, 10**6), seconds=st.floats(0, 10**6))
def test_time_left_and_share_are_never_out_of_bounds(done: int, more: int, seconds: float) -> None:
    now = START + timedelta(seconds=seconds)
    found = pace(done=done, total=done + more, started_at=START, now=now)
    assert 0 <= found.share <= 1
    assert found.seconds_left is None or found.seconds_left >= 0
