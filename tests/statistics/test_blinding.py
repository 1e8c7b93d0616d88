"""Bang's and James' indices against the published trial, and their generalisation to K masks."""

import numpy as np
import pytest

from app.statistics.blinding import bang, guesses_of, james, james_of
from app.statistics.proportions import exact_interval

# The CRISP trial as Bang, Ni & Davis 2004 print it: rows drug and placebo; guessed drug, guessed
# placebo, don't know.
CRISP = np.array([[82, 25, 170], [27, 29, 83]], float)


def test_bang_of_the_crisp_trial() -> None:
    drug, placebo = bang(82, 25, 170, 2), bang(29, 27, 83, 2)
    assert drug is not None
    assert placebo is not None
    assert drug.value == pytest.approx(0.206, abs=5e-4)
    assert placebo.value == pytest.approx(0.014, abs=5e-4)


def test_james_of_the_crisp_trial() -> None:
    found = james(CRISP, seed=1)
    assert found is not None
    assert found.value == pytest.approx(0.75, abs=5e-3)
    assert found.low < found.value < found.high


@pytest.mark.parametrize("masks", [2, 3, 4, 7])
def test_bang_is_the_share_right_beyond_chance(masks: int) -> None:
    found = bang(30, 70, 0, masks)
    assert found is not None
    assert found.value == pytest.approx((0.3 - 1 / masks) / (1 - 1 / masks))


def test_a_dont_know_counts_as_a_guess_at_random() -> None:
    found = bang(20, 20, 60, 4)
    assert found is not None
    assert found.value == pytest.approx(((20 + 60 / 4) / 100 - 1 / 4) / (3 / 4))


def test_96_guesses_between_two_give_an_interval_of_a_fifth() -> None:
    found = bang(48, 48, 0, 2)
    assert found is not None
    assert (found.high - found.low) / 2 == pytest.approx(0.20, abs=0.005)


@pytest.mark.parametrize(
    ("table", "index"),
    [
        (np.hstack([np.eye(4) * 9, np.zeros((4, 1))]), 0.0),
        (np.hstack([np.ones((4, 4)), np.zeros((4, 1))]), 0.5),
        (np.hstack([np.zeros((4, 4)), np.ones((4, 1))]), 1.0),
    ],
)
def test_james_at_its_landmarks(table: np.ndarray, index: float) -> None:
    assert float(james_of(table)) == pytest.approx(index)


def test_guesses_are_counted_with_an_exact_interval() -> None:
    truth = np.array([0, 1, 2, 3] * 10)
    guess = np.array([0, 0, 0, -1] * 10)
    found = guesses_of(truth, guess, np.full(40, 4), seed=1)
    assert (found.right, found.wrong, found.unknown, found.made) == (10, 20, 10, 30)
    assert found.chance == 0.25
    assert found.found == exact_interval(10, 30)
    assert found.p_value == pytest.approx(0.1966, abs=1e-3)


def test_the_exact_interval_is_clopper_and_pearsons() -> None:
    # scipy's own binomtest as the second opinion.
    from scipy.stats import binomtest

    for right, of in ((0, 10), (3, 10), (10, 10), (41, 96)):
        theirs = binomtest(right, of).proportion_ci(method="exact")
        ours = exact_interval(right, of)
        assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high))


def test_ballots_of_different_size_have_each_its_own_chance() -> None:
    found = guesses_of(np.zeros(2, int), np.zeros(2, int), np.array([2, 4]), seed=1)
    assert found.p_value == pytest.approx(1 / 8)


def test_without_guesses_nothing_is_told() -> None:
    nothing = np.empty(0, int)
    found = guesses_of(nothing, nothing, nothing, seed=1)
    assert (found.made, found.found, found.bang, found.james) == (0, None, None, None)
