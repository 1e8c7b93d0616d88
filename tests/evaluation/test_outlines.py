"""Outlines as paths: what they enclose is the mask."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from skimage.measure import points_in_poly

from app.evaluation.outlines import outline

Mask = NDArray[np.bool_]


def loops(path: str) -> list[NDArray[np.float64]]:
    """The corners (x, y) of each closed loop."""
    found = [re.findall(r"[ML](\S+) ([^LZ]+)", part) for part in path.split("Z") if part]
    return [np.array(loop, np.float64) for loop in found]


def enclosed(path: str, shape: tuple[int, int]) -> Mask:
    """The pixels whose centre lies within an odd number of loops."""
    rows, columns = np.indices(shape)
    centres = np.stack([columns.ravel() + 0.5, rows.ravel() + 0.5], axis=1)
    inside = np.zeros(len(centres), np.bool_)
    for loop in loops(path):
        inside ^= points_in_poly(centres, loop)
    return inside.reshape(shape)


@given(arrays.arrays(np.bool_, st.tuples(st.integers(1, 9), st.integers(1, 9))))
def test_the_pixels_enclosed_are_those_of_the_mask(mask: Mask) -> None:
    assert (enclosed(outline(mask), (mask.shape[0], mask.shape[1])) == mask).all()


def test_a_hole_has_a_loop_of_its_own() -> None:
    mask = np.ones((7, 7), np.bool_)
    mask[3, 3] = False
    assert len(loops(outline(mask))) == 2


def test_a_rectangle_is_a_few_corners_and_not_a_stair() -> None:
    mask = np.zeros((30, 30), np.bool_)
    mask[5:25, 5:25] = True
    (loop,) = loops(outline(mask))
    assert len(loop) == 8
    assert loop.min() == 5
    assert loop.max() == 25


def test_nothing_has_no_outline() -> None:
    assert outline(np.zeros((4, 4), np.bool_)) == ""


@pytest.mark.parametrize("side", [1, 2])
def test_a_single_pixel_is_seen(side: int) -> None:
    assert outline(np.ones((side, side), np.bool_)).startswith("M")
