"""Extent against a ruler."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from app.maps.extent import grade, measure
from tests.support.two_lungs import LEFT, RIGHT, SHAPE

Mask = NDArray[np.bool_]


def mask_of(*parts: tuple[slice, slice]) -> Mask:
    mask = np.zeros(SHAPE, np.bool_)
    for part in parts:
        mask[part] = True
    return mask


LUNGS = mask_of(RIGHT, LEFT)


def test_the_upper_half_of_the_right_lung() -> None:
    extent = measure(mask_of((slice(20, 65), slice(20, 70))), LUNGS)
    assert extent is not None
    assert extent.percent == 25
    assert extent.right is not None
    assert extent.right.percent == 50
    assert extent.right.zones == {"upper": 100, "middle": 50, "lower": 0}
    assert extent.left is not None
    assert extent.left.percent == 0
    assert extent.grades == 3 + 0


def test_what_lies_outside_the_lungs_does_not_count() -> None:
    extent = measure(mask_of((slice(0, 20), slice(0, 160))), LUNGS)
    assert extent is not None
    assert extent.percent == 0


def test_without_lungs_there_is_no_extent() -> None:
    assert measure(LUNGS, np.zeros(SHAPE, np.bool_)) is None


def test_one_lung_has_a_percentage_but_no_sum_of_grades() -> None:
    extent = measure(mask_of(LEFT), mask_of(LEFT))
    assert extent is not None
    assert extent.right is None
    assert extent.percent == 100
    assert extent.grades is None


@pytest.mark.parametrize(
    ("percent", "expected"),
    [(0, 0), (0.01, 1), (24.9, 1), (25, 2), (49.9, 2), (50, 3), (75, 3), (75.1, 4), (100, 4)],
)
def test_grades(percent: float, expected: int) -> None:
    assert grade(percent) == expected


@given(arrays.arrays(np.bool_, (30, 40)), arrays.arrays(np.bool_, (30, 40)), st.booleans())
def test_extent_lies_between_its_lungs(mask: Mask, lungs: Mask, full: bool) -> None:
    extent = measure(lungs if full else mask, lungs)
    if extent is None:
        assert not lungs.any()
        return
    sides = [side.percent for side in (extent.right, extent.left) if side]
    assert min(sides) - 1e-9 <= extent.percent <= max(sides) + 1e-9
    assert not full or extent.percent == pytest.approx(100)
