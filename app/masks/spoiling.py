"""Spoiling a mask on purpose: moved, shrunk or grown, until it is plainly not the truth. Pure."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from app.masks.components import bounding_box
from app.masks.measures import dice

Mask = NDArray[np.bool_]

DIRECTIONS, STEPS = 8, 12
KEPT = (0.5, 0.35, 0.25, 0.18, 0.12, 0.08)
TIMES = (2, 3, 4, 6, 9)
LARGEST = 0.4
"""No mask is grown above this share of its film."""


def spoil(
    mask: Mask, truth: Mask, *, at_most: float, rng: np.random.Generator
) -> tuple[Mask, str] | None:
    """Return ``mask``, spoilt until its Dice with ``truth`` is ``at_most``, and how; or None.

    How is drawn by ``rng``; where one way does not do, the next is tried. What is spoilt stays a
    mask that somebody could have made: whole, on the film, not empty. An empty one stays as it is.
    """
    if not mask.any():
        return (mask, "empty") if truth.any() else None
    ways = (("moved", _moved), ("shrunk", _shrunk), ("grown", _grown))
    for number in rng.permutation(len(ways)).tolist():
        name, way = ways[number]
        for one in way(mask, rng):
            if dice(one, truth) <= at_most:
                return one, name
    return None


def _moved(mask: Mask, rng: np.random.Generator) -> Iterator[Mask]:
    """Yield the mask moved farther and farther, in one direction after another, never cut off."""
    box = bounding_box(mask)
    assert box is not None, "the mask is not empty"
    whole, top, left = mask[box], box[0].start, box[1].start
    start = rng.uniform(0, 2 * np.pi)
    for angle in start + np.arange(DIRECTIONS) * (2 * np.pi / DIRECTIONS):
        for step in range(1, STEPS + 1):
            row = top + round(np.sin(angle) * whole.shape[0] * step / STEPS)
            column = left + round(np.cos(angle) * whole.shape[1] * step / STEPS)
            if not _within(row, column, whole.shape, mask.shape):
                break
            moved = np.zeros_like(mask)
            moved[row : row + whole.shape[0], column : column + whole.shape[1]] = whole
            yield moved


def _within(row: int, column: int, size: tuple[int, ...], film: tuple[int, ...]) -> bool:
    return 0 <= row <= film[0] - size[0] and 0 <= column <= film[1] - size[1]


def _shrunk(mask: Mask, rng: np.random.Generator) -> Iterator[Mask]:
    """Yield less and less of the mask: what lies deepest in it."""
    depth = ndimage.distance_transform_edt(np.pad(mask, 1))[1:-1, 1:-1]
    for kept in KEPT:
        shrunk = depth > np.quantile(depth[mask], 1 - kept)
        if shrunk.any():
            yield shrunk


def _grown(mask: Mask, rng: np.random.Generator) -> Iterator[Mask]:
    """Yield the mask with more and more of what lies around it."""
    distance = ndimage.distance_transform_edt(~mask)
    area = int(mask.sum())
    for times in TIMES:
        if times * area > LARGEST * mask.size:
            return
        yield distance <= np.partition(distance.ravel(), times * area)[times * area]
