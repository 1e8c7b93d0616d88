"""How an outline is drawn, in numbers: jagged or smooth, straight or wavy, with or without corners.

Lengths are shares of the grid's longer side, so that films of different size can be compared.
Pure.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from app.masks.components import bounding_box
from app.masks.grid import to_grid
from app.probe.outlines import Walk, outlines

Mask = NDArray[np.bool_]
Values = NDArray[np.float64]

SCALES = (1 / 512, 1 / 256, 1 / 128, 1 / 64, 1 / 32)
"""Widths of the Gaussians along the outline at which its bends are measured."""
RUNS = (1, 2, 3, 4, 6, 9)
"""Lengths of straight runs of cracks that are told apart, in cells."""
GRIDS = (96, 128, 192, 224)
"""Grids whose stair steps are looked for: those that networks work on."""
RADII = (2, 4, 8)
"""Radii of opening and closing, on a grid of `COARSE` cells."""
COARSE = 224
STRAIGHT = 0.02
"""What turns less than this, in radians a Gaussian's width, is called straight."""
CORNER = 0.5
"""What turns more than this is called a corner."""


def style_names() -> list[str]:
    """Return what `style_of` measures, in its order."""
    bends = ("turning", "bending", "bend 95", "bend 99", "straight", "corners", "longest straight")
    names = [f"{bend} at 1/{round(1 / scale)}" for scale in SCALES for bend in bends]
    names += [f"waves 1/{round(1 / a)}" for a in SCALES[:-1]]
    names += [f"runs from {run}" for run in RUNS]
    names += [f"steps of {grid}" for grid in GRIDS]
    names += [f"{act} {radius}" for radius in RADII for act in ("opened", "closed")]
    return [*names, "outlines", "holes", "specks", "roundness"]


def style_of(mask: Mask) -> Values:
    """Return the numbers of `style_names` for ``bool[H, W]``; all zero for an empty mask."""
    walks = outlines(mask)
    if not walks:
        return np.zeros(len(style_names()))
    around = float(sum(len(walk) for walk in walks))
    return np.concatenate(
        [
            _bends_and_waves(walks, long_side=max(mask.shape)),
            _runs(walks),
            [_steps(mask, grid, around) for grid in GRIDS],
            _opened_and_closed(mask),
            _counts(mask, walks),
        ]
    )


def _bends_and_waves(walks: list[Walk], *, long_side: int) -> Values:
    widths = [max(0.7, scale * long_side) for scale in SCALES]
    # What is shorter than a circle around the widest Gaussian has no bends of its own.
    long = [walk for walk in walks if len(walk) > 8 * widths[1]] or walks[:1]
    lengths = np.array([len(walk) for walk in long], np.float64)
    found = np.average([_of_one(walk, widths) for walk in long], axis=0, weights=lengths)
    return np.asarray(found, np.float64)


def _of_one(walk: Walk, widths: list[float]) -> Values:
    smooth = [
        ndimage.gaussian_filter1d(walk.astype(np.float64), width, axis=0, mode="wrap")
        for width in widths
    ]
    bends = [_bends(points, width) for points, width in zip(smooth, widths, strict=True)]
    waves = [
        np.sqrt(np.mean(np.sum((fine - coarse) ** 2, axis=1))) / width
        for fine, coarse, width in zip(smooth[:-1], smooth[1:], widths[:-1], strict=True)
    ]
    return np.concatenate([*bends, waves])


def _bends(points: Values, width: float) -> Values:
    """Return seven numbers of how a smoothed outline turns, in radians a Gaussian's width."""
    steps = np.roll(points, -1, axis=0) - points
    long = np.maximum(np.hypot(steps[:, 0], steps[:, 1]), 1e-9)
    angle = np.arctan2(steps[:, 0], steps[:, 1])
    turn = np.abs((np.roll(angle, -1) - angle + np.pi) % (2 * np.pi) - np.pi)
    bend = np.minimum(turn / long, np.pi) * width
    straight = bend < STRAIGHT
    return np.array(
        [
            np.log1p(turn.sum()),
            np.log(1e-6 + np.average(bend**2, weights=long)),
            np.percentile(bend, 95),
            np.percentile(bend, 99),
            straight.mean(),
            (bend > CORNER).mean(),
            _longest(straight) / len(points),
        ]
    )


def _longest(flags: NDArray[np.bool_]) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def _runs(walks: list[Walk]) -> Values:
    """Return the share of the outline in straight runs of at least RUNS[i], below RUNS[i + 1]."""
    lengths = []
    for walk in walks:
        steps = np.roll(walk, -1, axis=0) - walk
        turns = np.flatnonzero((steps != np.roll(steps, 1, axis=0)).any(axis=1))
        lengths.append(np.diff(np.append(turns, turns[0] + len(walk))))
    every = np.concatenate(lengths).astype(np.float64)
    counted = np.histogram(every, [*RUNS, np.inf], weights=every)[0] / every.sum()
    return np.asarray(counted, np.float64)


def _steps(mask: Mask, long_side: int, around: float) -> float:
    """Return how little of the mask is lost where it is squared on a grid of ``long_side``."""
    scale = long_side / max(mask.shape)
    grid = (max(1, round(mask.shape[0] * scale)), max(1, round(mask.shape[1] * scale)))
    if scale >= 1:
        return 0.0
    squared = to_grid(mask, grid) >= 0.5
    rows = np.minimum((np.arange(mask.shape[0]) + 0.5) * scale, grid[0] - 1).astype(np.intp)
    columns = np.minimum((np.arange(mask.shape[1]) + 0.5) * scale, grid[1] - 1).astype(np.intp)
    return float(np.count_nonzero(squared[np.ix_(rows, columns)] ^ mask)) / around


def _opened_and_closed(mask: Mask) -> Values:
    """Return the shares of the area that openings take and closings add."""
    scale = min(1.0, COARSE / max(mask.shape))
    grid = (max(1, round(mask.shape[0] * scale)), max(1, round(mask.shape[1] * scale)))
    coarse = to_grid(mask, grid) >= 0.5
    box = bounding_box(coarse)
    inside = np.pad(coarse if box is None else coarse[box], max(RADII) + 1)
    area = max(1, int(np.count_nonzero(inside)))
    found: list[float] = []
    for radius in RADII:
        found.append(1 - np.count_nonzero(_grown(~_grown(~inside, radius), radius)) / area)
        found.append(np.count_nonzero(~_grown(~_grown(inside, radius), radius)) / area - 1)
    return np.array(found)


def _grown(mask: Mask, radius: int) -> Mask:
    if not mask.any():
        return mask
    near: Mask = ndimage.distance_transform_edt(~mask) <= radius
    return near


def _counts(mask: Mask, walks: list[Walk]) -> Values:
    areas = np.array([_area(walk) for walk in walks])
    total = int(np.count_nonzero(mask))
    outer = areas[areas > 0]
    return np.array(
        [
            len(outer),
            np.count_nonzero(areas < 0),
            np.count_nonzero(outer < 0.01 * total),
            np.log(sum(len(walk) for walk in walks) ** 2 / total),
        ]
    )


def _area(walk: Walk) -> float:
    """Return the area within a walk (shoelace), negative for a hole."""
    rows, columns = walk[:, 0].astype(np.float64), walk[:, 1].astype(np.float64)
    return float(columns @ np.roll(rows, -1) - np.roll(columns, -1) @ rows) / 2
