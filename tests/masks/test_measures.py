"""Measures against values worked out by hand and against slower definitions."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from app.masks.measures import area, confusion, dice, hd95, iou

Mask = NDArray[np.bool_]
shapes = st.tuples(st.integers(1, 12), st.integers(1, 12))
pairs = shapes.flatmap(
    lambda shape: st.tuples(arrays.arrays(np.bool_, shape), arrays.arrays(np.bool_, shape))
)


def square(top: int, left: int, side: int) -> Mask:
    mask = np.zeros((20, 20), np.bool_)
    mask[top : top + side, left : left + side] = True
    return mask


def test_known_overlap() -> None:
    a, b = square(0, 0, 4), square(2, 2, 4)
    assert area(a) == 16
    assert dice(a, b) == 2 * 4 / 32
    assert iou(a, b) == 4 / 28


def test_the_four_counts_and_what_follows_from_them() -> None:
    counts = confusion(square(0, 0, 4), square(2, 2, 4))
    assert (counts.true_positive, counts.false_positive) == (4, 12)
    assert (counts.false_negative, counts.true_negative) == (12, 372)
    assert counts.sensitivity == counts.precision == 4 / 16
    assert counts.specificity == 372 / 384


def test_two_empty_masks_agree_and_one_empty_mask_does_not() -> None:
    empty, some = np.zeros((20, 20), np.bool_), square(3, 3, 2)
    assert dice(empty, empty) == iou(empty, empty) == 1
    assert dice(empty, some) == iou(some, empty) == 0
    assert hd95(empty, empty) == 0
    assert hd95(empty, some) == hd95(some, empty) == math.inf


@given(pairs)
def test_pooled_counts_obey_the_relation_of_dice_and_iou(pair: tuple[Mask, Mask]) -> None:
    a, b = pair
    pooled = confusion(a, b) + confusion(b, a)
    assert pooled.dice == pytest.approx(2 * pooled.iou / (1 + pooled.iou))
    assert pooled.dice == pytest.approx(dice(a, b))


@given(pairs)
def test_measures_do_not_depend_on_the_order(pair: tuple[Mask, Mask]) -> None:
    a, b = pair
    assert (dice(a, b), iou(a, b), hd95(a, b)) == (dice(b, a), iou(b, a), hd95(b, a))


def boundary(mask: Mask) -> NDArray[np.intp]:
    """The pixels inside that have one of their four neighbours outside, counted one by one."""
    framed = np.pad(mask, 1)
    found = [
        (row, column)
        for row, column in np.argwhere(mask)
        if not all(
            framed[row + 1 + down, column + 1 + right]
            for down, right in ((0, 1), (1, 0), (0, -1), (-1, 0))
        )
    ]
    return np.array(found, np.intp)


@given(pairs, st.sampled_from([(1.0, 1.0), (0.5, 2.0)]))
def test_hd95_is_the_larger_directed_percentile_of_all_distances(
    pair: tuple[Mask, Mask], spacing: tuple[float, float]
) -> None:
    a, b = pair
    if not a.any() or not b.any():
        return
    distances = cdist(boundary(a) * np.array(spacing), boundary(b) * np.array(spacing))
    directed = (np.percentile(distances.min(axis), 95) for axis in (0, 1))
    assert hd95(a, b, spacing=spacing) == pytest.approx(max(directed))


def test_hd95_of_a_shift_down_is_in_row_spacing() -> None:
    assert hd95(square(2, 2, 4), square(5, 2, 4), spacing=(2.0, 0.1)) == pytest.approx(6.0)


def test_masks_of_different_sizes_are_not_compared() -> None:
    with pytest.raises(ValueError, match="cannot be compared"):
        dice(np.zeros((2, 2), np.bool_), np.zeros((2, 3), np.bool_))
    with pytest.raises(ValueError, match="cannot be compared"):
        hd95(np.zeros((2, 2), np.bool_), np.zeros((2, 3), np.bool_))
