"""How long still: told from the last minute, not from the mean of all that went before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cli.progress import Pace, counting


def pace_of(*notes: tuple[float, float]) -> Pace:
    pace = Pace()
    for moment, done in notes:
        pace.note(moment, done)
    return pace


def test_before_the_second_note_nothing_is_foretold() -> None:
    assert pace_of((0, 0)).seconds_left(100) is None
    assert pace_of((0, 0), (0, 5)).seconds_left(100) is None


def test_what_an_earlier_call_did_makes_this_one_no_quicker() -> None:
    assert pace_of((0, 5000), (10, 5010)).seconds_left(5110) == pytest.approx(100)


def test_a_slower_last_minute_counts_alone() -> None:
    quick = [(float(second), second * 10.0) for second in range(101)]
    slow = [(100.0 + second, 1000.0 + second) for second in range(1, 61)]
    assert pace_of(*quick, *slow).speed() == pytest.approx(1)
    assert pace_of(*quick, *slow[:30]).speed() == pytest.approx((300 + 30) / 60)


def test_standing_still_foretells_no_end() -> None:
    assert pace_of((0, 5), (30, 5)).seconds_left(100) is None


@given(st.floats(0.01, 1000), st.floats(0.1, 100), st.integers(2, 300))
def test_a_steady_pace_is_told_as_it_is(speed: float, every: float, count: int) -> None:
    pace = pace_of(*((every * n, speed * every * n) for n in range(count)))
    assert pace.speed() == pytest.approx(speed)


def test_the_bar_says_how_long_still(capsys: pytest.CaptureFixture[str]) -> None:
    with counting("reading") as show:
        show(1, 4)
        show(2, 4, work=(2, 8))
    assert "reading" in capsys.readouterr().err
