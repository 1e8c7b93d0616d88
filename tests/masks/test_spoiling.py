"""Masks spoilt on purpose."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.masks.measures import dice
from app.masks.spoiling import spoil

SHAPE = (64, 48)


def ellipse(seed: int) -> NDArray[np.bool_]:
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[: SHAPE[0], : SHAPE[1]]
    centre, radii = rng.uniform(0.3, 0.7, 2) * SHAPE, rng.uniform(0.08, 0.3, 2) * SHAPE
    inside: NDArray[np.bool_] = (
        ((rows - centre[0]) / radii[0]) ** 2 + ((columns - centre[1]) / radii[1]) ** 2
    ) <= 1
    return inside


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(0, 3))
def test_what_is_spoilt_is_unlike_the_truth_and_still_a_mask(
    one: int, chance: int, shift: int
) -> None:
    truth = ellipse(one)
    mask = np.roll(truth, shift, axis=0)
    found = spoil(mask, truth, at_most=0.4, rng=np.random.default_rng(chance))
    assert found is not None
    spoilt, how = found
    assert dice(spoilt, truth) <= 0.4
    assert spoilt.shape == SHAPE
    assert spoilt.any()
    area = spoilt.sum()
    if how == "moved":
        assert area == mask.sum()
    if how == "shrunk":
        assert not (spoilt & ~mask).any()
    if how == "grown":
        assert not (mask & ~spoilt).any()


def test_all_three_ways_are_taken() -> None:
    small = np.zeros(SHAPE, np.bool_)
    small[30:40, 20:30] = True
    ways = {
        found[1]
        for chance in range(40)
        if (found := spoil(small, small, at_most=0.4, rng=np.random.default_rng(chance)))
    }
    assert ways == {"moved", "shrunk", "grown"}


def test_the_same_chance_spoils_the_same_way() -> None:
    truth = ellipse(3)
    first, again = (
        spoil(truth, truth, at_most=0.4, rng=np.random.default_rng(7)) for _ in range(2)
    )
    assert first is not None
    assert again is not None
    assert first[1] == again[1]
    assert np.array_equal(first[0], again[0])


def test_a_mask_that_found_nothing_is_bad_where_there_is_something() -> None:
    nothing, chance = np.zeros(SHAPE, np.bool_), np.random.default_rng(1)
    found = spoil(nothing, ellipse(1), at_most=0.4, rng=chance)
    assert found is not None
    assert not found[0].any()
    assert found[1] == "empty"
    assert spoil(nothing, nothing, at_most=0.4, rng=chance) is None
