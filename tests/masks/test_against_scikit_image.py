"""Measures against scikit-image, on vectors and on any masks."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from skimage.metrics import hausdorff_distance
from skimage.segmentation import find_boundaries

from app.masks.measures import boundary_distances
from tests.masks.vectors import EMPTY, PAIRS

Mask = NDArray[np.bool_]


def boundary(mask: Mask) -> NDArray[np.bool_]:
    """scikit-image's boundary pixels inside, in a frame: beyond the raster is outside, as here."""
    framed = np.pad(mask, 1)
    found: NDArray[np.bool_] = find_boundaries(framed, connectivity=1, mode="inner")
    return found


@pytest.mark.parametrize("name", PAIRS)
def test_the_hundredth_percentile_is_the_hausdorff_distance(name: str) -> None:
    a, b = PAIRS[name]
    theirs = hausdorff_distance(boundary(a), boundary(b))
    assert boundary_distances(a, b).percentile(100) == pytest.approx(theirs, abs=1e-6)


@given(
    st.tuples(st.integers(1, 10), st.integers(1, 10)).flatmap(
        lambda shape: st.tuples(arrays.arrays(np.bool_, shape), arrays.arrays(np.bool_, shape))
    )
)
def test_so_it_is_on_any_masks(pair: tuple[Mask, Mask]) -> None:
    a, b = pair
    if a.any() and b.any():
        theirs = hausdorff_distance(boundary(a), boundary(b))
        assert boundary_distances(a, b).percentile(100) == pytest.approx(theirs, abs=1e-6)


def test_empty_masks_are_infinitely_far_from_others_and_no_way_from_each_other() -> None:
    some = PAIRS["hole"][0]
    assert boundary_distances(EMPTY, some).percentile(100) == math.inf
    assert hausdorff_distance(EMPTY, some) == math.inf
    assert boundary_distances(EMPTY, EMPTY).percentile(100) == hausdorff_distance(EMPTY, EMPTY) == 0
