"""The measure with which the timing benchmark judges: it hears a tell, and only a tell."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tests.bench.telling import apart, least_delay, paired, settled

few_times = st.lists(st.integers(0, 20), min_size=2, max_size=30)


@given(few_times, few_times)
def test_the_auc_is_the_share_of_pairs_in_which_the_kind_is_larger(
    ones: list[int], others: list[int]
) -> None:
    pairs = [(one > other) + 0.5 * (one == other) for one in ones for other in others]
    values = np.array(ones + others, np.float64)
    of = np.arange(len(values)) < len(ones)
    told = apart(values, of)
    assert told.auc == pytest.approx(np.mean(pairs))
    assert told.low <= told.auc <= told.high


def test_the_interval_of_even_kinds_holds_a_half_in_19_of_20() -> None:
    rng = np.random.default_rng(3)
    of = np.arange(120) < 40
    held = [
        told.low <= 0.5 <= told.high
        for told in (apart(rng.normal(size=120), of) for _ in range(400))
    ]
    assert 0.91 <= np.mean(held) <= 0.98


def test_a_shift_by_one_spread_is_told() -> None:
    rng = np.random.default_rng(4)
    of = np.arange(200) < 60
    told = apart(rng.normal(size=200) + of, of)
    # Of two normal kinds one spread apart, the larger is the larger with Φ(1/√2).
    assert told.low <= stats.norm.cdf(np.sqrt(0.5)) <= told.high
    assert told.tells
    assert told.p < 0.001


def test_a_slow_twin_is_told_and_equal_ones_are_not() -> None:
    rng = np.random.default_rng(5)
    film = rng.uniform(1, 100, 300)
    noise = rng.normal(0, 0.1, (2, 300))
    assert not paired(film + noise[0], film + noise[1]).tells
    assert paired(film + noise[0] + 0.1, film + noise[1]).tells
    same = paired(film, film)
    assert (same.auc, same.p, same.tells) == (0.5, 1.0, False)


def test_what_the_machine_does_meanwhile_is_taken_off() -> None:
    rng = np.random.default_rng(6)
    of = np.arange(300) >= 150
    slower = np.where(of, 3.0, 1.0) * rng.normal(10, 0.5, 300)
    assert apart(slower, of).auc > 0.99
    assert not apart(settled(slower), of).tells


def test_the_least_delay_is_where_a_tell_begins() -> None:
    rng = np.random.default_rng(7)
    of = rng.random(300) < 0.3
    times = rng.normal(10, 1, 300)
    delay = least_delay(times, of)
    assert apart(settled(times + of * (delay + 0.1)), of).tells
    assert not apart(settled(times + of * (delay - 0.1)), of).tells
