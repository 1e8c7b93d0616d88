"""How alike the candidates of one film are: their disagreement, and which share a slot.

Everything here is a function of pixels; nothing asks whose a mask is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import spatial

from app.masks.components import bounding_box
from app.masks.measures import boundary

Mask = NDArray[np.bool_]
Packed = NDArray[np.uint8]


@dataclass(frozen=True)
class Alike:
    """``disagreement``: the mean of 1 - Dice over all pairs, 0 where there is but one mask.

    ``groups`` lists the positions of masks that are near-twins, directly or through others, each
    group in order, and the groups by their first.
    """

    disagreement: float
    groups: tuple[tuple[int, ...], ...]


def compare(packed: Sequence[bytes], shape: tuple[int, int], *, near: "Near | None") -> Alike:
    """Compare masks given as packed bits of one ``shape``; without ``near``, none share a slot."""
    bits = [np.frombuffer(data, np.uint8) for data in packed]
    pairs = list(combinations(range(len(bits)), 2))
    dices = {pair: _dice(bits[pair[0]], bits[pair[1]]) for pair in pairs}
    disagreement = 1 - sum(dices.values()) / len(pairs) if pairs else 0.0
    if near is None:
        return Alike(disagreement, tuple((one,) for one in range(len(bits))))
    edges = [_Edge(one, shape) for one in bits]
    twins = [
        (a, b)
        for (a, b), dice in dices.items()
        if dice >= near.dice or edges[a].hd95(edges[b]) <= near.hd95
    ]
    return Alike(disagreement, _joined(len(bits), twins))


@dataclass(frozen=True)
class Near:
    """When two masks are near-twins: a Dice of at least this, or an HD95 of at most this (px)."""

    dice: float
    hd95: float


def _dice(a: Packed, b: Packed) -> float:
    both, each = _count(a & b), _count(a) + _count(b)
    return 2 * both / each if each else 1.0


def _count(bits: Packed) -> int:
    return int(np.bitwise_count(bits).sum(dtype=np.int64))


class _Edge:
    """A mask's boundary pixels; looked up only once a pair asks for them."""

    def __init__(self, bits: Packed, shape: tuple[int, int]) -> None:
        self._bits, self._shape = bits, shape
        self._points: NDArray[np.intp] | None = None
        self._tree: spatial.cKDTree | None = None

    def hd95(self, other: "_Edge") -> float:
        """Return HD95 as `app.masks.measures.hd95` defines it."""
        mine, theirs = self._edge(), other._edge()
        if not len(mine) and not len(theirs):
            return 0.0
        if not len(mine) or not len(theirs):
            return float("inf")
        return max(self._to(other), other._to(self))

    def _to(self, other: "_Edge") -> float:
        if other._tree is None:
            other._tree = spatial.cKDTree(other._edge())
        return float(np.percentile(other._tree.query(self._edge())[0], 95))

    def _edge(self) -> NDArray[np.intp]:
        if self._points is None:
            cells = self._shape[0] * self._shape[1]
            flat = np.unpackbits(self._bits)[:cells]
            mask = flat.reshape(self._shape).astype(np.bool_)
            box = bounding_box(mask)
            if box is None:
                self._points = np.empty((0, 2), np.intp)
            else:
                corner = (box[0].start, box[1].start)
                self._points = np.argwhere(boundary(mask[box])) + corner
        return self._points


def _joined(count: int, pairs: Sequence[tuple[int, int]]) -> tuple[tuple[int, ...], ...]:
    leader = list(range(count))
    for a, b in pairs:
        one, other = leader[a], leader[b]
        low, high = min(one, other), max(one, other)
        leader = [low if each == high else each for each in leader]
    return tuple(
        tuple(member for member in range(count) if leader[member] == first)
        for first in sorted(set(leader))
    )
