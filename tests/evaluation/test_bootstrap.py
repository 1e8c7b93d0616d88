"""Intervals over patients: the cards' own, for many measures at once."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.evaluation.bootstrap import Bootstrap
from app.masks.measures import Confusion
from app.networks.scoring import ScoredFilm, ratio

pairs = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 20), st.integers(1, 20)), min_size=1, max_size=8
)


@settings(max_examples=20)
@given(pairs, st.integers(0, 9))
def test_values_and_intervals_are_those_of_the_cards(
    films: list[tuple[int, int, int]], seed: int
) -> None:
    scored = [ScoredFilm("f", str(p), Confusion(a, 0, b, 0)) for p, a, b in films]
    theirs = ratio(
        scored,
        lambda film: (film.counts.true_positive, film.counts.false_negative),
        seed=seed,
    )
    parts = np.array([[[a, b]] for _, a, b in films], np.float64)
    (ours,) = Bootstrap([str(p) for p, _, _ in films], seed=seed).ratios(parts)
    assert ours is not None
    assert theirs is not None
    assert (ours.value, ours.low, ours.high) == pytest.approx(
        (theirs.value, theirs.low, theirs.high)
    )


def test_a_film_without_a_value_is_left_out_of_the_mean() -> None:
    found = Bootstrap(["a", "b", "c"], seed=1).mean(np.array([1.0, np.inf, 3.0]))
    assert found is not None
    assert found.value == 2


def test_nothing_to_divide_by_is_no_value() -> None:
    bootstrap = Bootstrap(["a", "b"], seed=1)
    assert bootstrap.ratio(np.ones(2), np.zeros(2)) is None
    assert Bootstrap([], seed=1).mean(np.empty(0)) is None


def test_all_films_of_a_patient_are_drawn_together() -> None:
    weights = Bootstrap(["a", "b", "a"], seed=1).weights()
    assert (weights[:, 0] == weights[:, 2]).all()
    assert (weights[:, 0] + weights[:, 1] == 2).all()
