"""The two lungs and their zones. Pure.

A film faces the one who looks at it: the patient's right lung is on the left of the raster.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Mask = NDArray[np.bool_]

ZONES = ("upper", "middle", "lower")


def split_lungs(lungs: Mask) -> tuple[Mask, Mask]:
    """Return the patient's (right, left) lung as bool[H, W] each; either may be empty.

    Each connected part lies where its centre lies, seen from the middle of all that is lung. A
    single part is cut along the film's middle column if it reaches well into both halves.
    """
    labels, count = ndimage.label(lungs)
    columns = np.arange(lungs.shape[1])
    if count == 1:
        share_on_left = np.count_nonzero(lungs[:, : lungs.shape[1] // 2]) / np.count_nonzero(lungs)
        if 0.2 <= share_on_left <= 0.8:
            on_left = np.broadcast_to(columns < lungs.shape[1] // 2, lungs.shape)
            return lungs & on_left, lungs & ~on_left
        middle = lungs.shape[1] / 2
    else:
        middle = float(np.average(columns, weights=lungs.sum(axis=0))) if count else 0.0
    is_right = [False, *(centre < middle for centre in _centres(labels))]
    right: Mask = np.array(is_right)[labels]
    return right, lungs & ~right


def _centres(labels: NDArray[np.int32]) -> Iterator[float]:
    """Yield the middle column of each part, in the order of their numbers."""
    for number, (rows, columns) in enumerate(ndimage.find_objects(labels), start=1):
        in_column = np.count_nonzero(labels[rows, columns] == number, axis=0)
        yield columns.start + float(np.average(np.arange(in_column.size), weights=in_column))


def thirds(lung: Mask) -> list[Mask]:
    """Return the upper, middle and lower zone of one lung: thirds of its height in rows."""
    rows = np.flatnonzero(lung.any(axis=1))
    if rows.size == 0:
        return [np.zeros_like(lung) for _ in ZONES]
    edges = np.linspace(rows[0], rows[-1] + 1, len(ZONES) + 1).round().astype(int)
    zones = [np.zeros_like(lung) for _ in ZONES]
    for zone, top, bottom in zip(zones, edges[:-1], edges[1:], strict=True):
        zone[top:bottom] = lung[top:bottom]
    return zones
