"""Specks go by their size; touching corners hold a part together."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from app.masks.components import without_specks

Mask = NDArray[np.bool_]
masks = arrays.arrays(np.bool_, st.tuples(st.integers(1, 25), st.integers(1, 25)))


def test_a_part_goes_if_it_is_smaller_than_the_fraction_of_the_film() -> None:
    mask = np.zeros((20, 20), np.bool_)
    mask[2:4, 2:4] = True
    mask[10, 10:13] = True
    kept = without_specks(mask, fraction=4 / 400)
    assert kept[2:4, 2:4].all()
    assert np.count_nonzero(kept) == 4


def test_pixels_that_touch_at_a_corner_belong_together() -> None:
    mask = np.eye(5, dtype=np.bool_)
    assert np.array_equal(without_specks(mask, fraction=5 / 25), mask)


@given(masks, st.floats(0, 0.5))
def test_nothing_is_added_and_a_second_time_changes_nothing(mask: Mask, fraction: float) -> None:
    kept = without_specks(mask, fraction=fraction)
    assert not (kept & ~mask).any()
    assert np.array_equal(without_specks(kept, fraction=fraction), kept)


@given(masks)
def test_without_a_fraction_everything_stays(mask: Mask) -> None:
    assert np.array_equal(without_specks(mask, fraction=0), mask)
