"""A mask's outline as an SVG path, crisp at any size. Pure."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Corner = tuple[int, int]


def outline(mask: Mask) -> str:
    """Return the path data of all outlines of ``mask`` [H, W], holes included; empty for none.

    One unit is a pixel, (0, 0) the raster's upper left corner. The path runs through the middles
    of the sides between inside and outside, so it is never half a pixel off and has no steps.
    """
    return "".join(_path(loop) for loop in _loops(mask))


def _loops(mask: Mask) -> Iterator[list[Corner]]:
    """Yield closed loops of pixel corners (row, column), inside to the right of the way."""
    ways = _ways(mask)
    while ways:
        start = next(iter(ways))
        loop, here = [start], _step(ways, start)
        while here != start:
            loop.append(here)
            here = _step(ways, here)
        yield loop


def _step(ways: dict[Corner, list[Corner]], here: Corner) -> Corner:
    """Return where the way goes on and strike it off."""
    onward = ways[here].pop()
    if not ways[here]:
        del ways[here]
    return onward


def _ways(mask: Mask) -> dict[Corner, list[Corner]]:
    """Return the sides of pixels that part inside from outside, from corner to corner."""
    framed = np.pad(mask, 1)
    inside = framed[1:-1, 1:-1]
    # Neighbour outside: above, right, below, left; from and to corner, as steps from the pixel's.
    sides = (
        (framed[:-2, 1:-1], (0, 0), (0, 1)),
        (framed[1:-1, 2:], (0, 1), (1, 1)),
        (framed[2:, 1:-1], (1, 1), (1, 0)),
        (framed[1:-1, :-2], (1, 0), (0, 0)),
    )
    ways: dict[Corner, list[Corner]] = {}
    for neighbour, start, end in sides:
        for row, column in np.argwhere(inside & ~neighbour).tolist():
            start_corner = (row + start[0], column + start[1])
            ways.setdefault(start_corner, []).append((row + end[0], column + end[1]))
    return ways


def _path(loop: list[Corner]) -> str:
    following = [*loop[1:], loop[0]]
    middles = [((a[1] + b[1]) / 2, (a[0] + b[0]) / 2) for a, b in zip(loop, following, strict=True)]
    kept = [
        here
        for before, here, after in zip(
            [middles[-1], *middles[:-1]], middles, [*middles[1:], middles[0]], strict=True
        )
        if (here[0] - before[0], here[1] - before[1]) != (after[0] - here[0], after[1] - here[1])
    ]
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in kept) + "Z"
