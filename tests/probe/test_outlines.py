"""Outlines walk around every cell that they should, and around nothing else."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from app.probe.outlines import outlines

Mask = NDArray[np.bool_]
masks = arrays.arrays(np.bool_, st.tuples(st.integers(1, 12), st.integers(1, 12)))


def area_within(walk: NDArray[np.int32]) -> float:
    rows, columns = walk[:, 0].astype(float), walk[:, 1].astype(float)
    return float(columns @ np.roll(rows, -1) - np.roll(columns, -1) @ rows) / 2


@given(masks)
def test_outer_outlines_less_holes_hold_the_masks_area(mask: Mask) -> None:
    assert sum(area_within(walk) for walk in outlines(mask)) == np.count_nonzero(mask)


@given(masks)
def test_every_crack_between_inside_and_outside_is_walked_once(mask: Mask) -> None:
    padded = np.pad(mask, 1)
    cracks = np.count_nonzero(padded[1:] ^ padded[:-1]) + np.count_nonzero(
        padded[:, 1:] ^ padded[:, :-1]
    )
    assert sum(len(walk) for walk in outlines(mask)) == cracks


@given(masks)
def test_a_walk_goes_from_corner_to_next_corner_and_closes(mask: Mask) -> None:
    for walk in outlines(mask):
        steps = np.roll(walk, -1, axis=0) - walk
        assert (np.abs(steps).sum(axis=1) == 1).all()
        assert (walk >= 0).all()
        assert (walk <= mask.shape).all()


def test_a_hole_has_an_outline_of_its_own_and_cells_at_a_corner_stay_apart() -> None:
    ring = np.ones((3, 3), np.bool_)
    ring[1, 1] = False
    assert [len(walk) for walk in outlines(ring)] == [12, 4]
    assert [len(walk) for walk in outlines(np.eye(2, dtype=np.bool_))] == [4, 4]
