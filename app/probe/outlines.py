"""The outlines of a mask as closed walks along the cracks between cells. Pure."""

import numpy as np
from numpy.typing import NDArray

from app.masks.components import bounding_box

Mask = NDArray[np.bool_]
Walk = NDArray[np.int32]

# Right, down, left, up, as (row, column): a walk keeps the inside on its right hand.
STEPS = np.array([(0, 1), (1, 0), (0, -1), (-1, 0)], np.int32)


def outlines(mask: Mask) -> list[Walk]:
    """Return every closed outline of ``bool[H, W]``, outer ones and holes, longest first.

    A walk is ``int32[n, 2]``: corners (row, column) of cells, each one step from the last. Cells
    that touch at a corner only are walked around one by one.
    """
    box = bounding_box(mask)
    if box is None:
        return []
    inside = np.pad(mask[box], 1)
    follower, width = _followers(inside)
    walks = [np.array(walk, np.int32) for walk in _cycles(follower)]
    corner = np.array([box[0].start - 1, box[1].start - 1], np.int32)
    found = [np.stack(np.divmod(walk // 4, width), axis=1) + corner for walk in walks]
    return sorted(found, key=len, reverse=True)


def _followers(inside: Mask) -> tuple[dict[int, int], int]:
    """Return for each directed crack (4 · corner + direction) the one that follows it."""
    height, width = inside.shape
    leaves = np.zeros((height + 1, width + 1, 4), np.bool_)
    above, left = inside[:-1], inside[:, :-1]
    leaves[1:-1, :-1, 0] = inside[1:] & ~above  # along the upper side of a cell
    leaves[1:-1, 1:, 2] = above & ~inside[1:]  # along the lower side, backwards
    leaves[1:, 1:-1, 3] = inside[:, 1:] & ~left  # up its left side
    leaves[:-1, 1:-1, 1] = left & ~inside[:, 1:]  # down its right side
    rows, columns, directions = np.nonzero(leaves)
    ends = np.stack([rows, columns], axis=1) + STEPS[directions]
    taken = directions
    # A right turn first: it stays with the cell. The last one tried is a left turn.
    for turn in (3, 0, 1):
        tried = (directions + turn) % 4
        taken = np.where(leaves[ends[:, 0], ends[:, 1], tried], tried, taken)
    wide = width + 1
    own = (rows * wide + columns) * 4 + directions
    after = (ends[:, 0] * wide + ends[:, 1]) * 4 + taken
    return dict(zip(own.tolist(), after.tolist(), strict=True)), wide


def _cycles(follower: dict[int, int]) -> list[list[int]]:
    cycles = []
    while follower:
        crack, after = follower.popitem()
        walk = [crack]
        while after != crack:
            walk.append(after)
            after = follower.pop(after)
        cycles.append(walk)
    return cycles
