"""How films with infection and films without are told apart by a score."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.training.presence import ScoredFilms, detection, threshold_for

pairs = st.lists(st.tuples(st.integers(-3, 3), st.booleans()), min_size=2, max_size=30)


def films(ill: list[float], well: list[float], patients: tuple[str, ...] = ()) -> ScoredFilms:
    truth = np.arange(len(ill) + len(well)) < len(ill)
    names = patients or tuple(f"p{n}" for n in range(len(truth)))
    return ScoredFilms(np.array([*ill, *well], np.float64), truth, names)


@given(pairs)
def test_auc_is_the_share_of_pairs_in_the_right_order(drawn: list[tuple[int, bool]]) -> None:
    ill = [float(score) for score, infected in drawn if infected]
    well = [float(score) for score, infected in drawn if not infected]
    found = detection(films(ill, well), threshold=0, seed=1).auc
    if not ill or not well:
        assert found is None
        return
    right = [(a > b) + (a == b) / 2 for a in ill for b in well]
    assert found is not None
    assert found.value == pytest.approx(np.mean(right))


def test_figures_at_a_threshold() -> None:
    found = detection(films([2, 1, -1, 3], [-2, 1, -3]), threshold=1, seed=1)
    assert (found.infected, found.clear) == (4, 3)
    assert found.sensitivity is not None
    assert found.sensitivity.value == 3 / 4
    assert found.specificity is not None
    assert found.specificity.value == pytest.approx(2 / 3)
    assert found.auc is not None
    assert found.auc.low <= found.auc.value <= found.auc.high


def test_without_healthy_films_there_is_no_specificity() -> None:
    found = detection(films([2, 1], []), threshold=0, seed=1)
    assert found.specificity is None
    assert found.auc is None


def test_patients_are_drawn_with_all_their_films() -> None:
    ill, well = [3.0] * 20 + [-3.0] * 20, [-4.0] * 40
    owners = tuple(f"p{n // 20}" for n in range(80))
    few = detection(films(ill, well, owners), threshold=0, seed=1).sensitivity
    many = detection(films(ill, well), threshold=0, seed=1).sensitivity
    assert few is not None
    assert many is not None
    assert few.high - few.low > 2 * (many.high - many.low)


def test_the_threshold_keeps_healthy_tuning_films_out() -> None:
    tuned = films([5, 0.5], [-4, -1, 1])
    threshold = threshold_for(tuned)
    assert threshold > 1
    assert threshold == pytest.approx(1)


def test_without_healthy_tuning_films_most_infected_ones_are_found() -> None:
    tuned = films([float(n) for n in range(101)], [])
    assert threshold_for(tuned) == pytest.approx(5)
