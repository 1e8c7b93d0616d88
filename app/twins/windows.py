"""Descriptors of a film and of the parts that a cropped copy of it may show.

A descriptor is the detail of a window on 16 × 16 cells, projected on directions that keep films
apart but hardly change when the window is a little off (linear discriminants, `basis.npz`; made by
``scripts/twin_basis.py``). The directions are even or odd under mirroring, so a mirrored film has
the same numbers with the odd ones negated.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.twins.detail import Grid, detail
from app.twins.fingerprint import SIDE, Fingerprints

CELLS = 16
REACH = 2.5
NOTHING = 1e-3
BASIS = Path(__file__).with_name("basis.npz")

# Parts of one side of a film, as (start, length): what a crop to 90, 80 or 70 % may leave, in
# steps of a tenth; a window half a step off is still recognised.
PARTS = (
    (0.0, 1.0),
    *((start / 10, 0.9) for start in range(2)),
    *((start / 10, 0.8) for start in range(3)),
    *((start / 10, 0.7) for start in range(4)),
)
WINDOWS = tuple(product(PARTS, PARTS))  # (rows, columns); the first is the whole film


def whole(prints: Fingerprints) -> Grid:
    """Return unit descriptors float32 [n, k] of fingerprints [n, 64, 64]."""
    return described(_seen(prints, WINDOWS[:1]))[:, 0]


def windows(prints: Fingerprints) -> Grid:
    """Return unit descriptors float32 [n, 100, k] of all `WINDOWS` of fingerprints [n, 64, 64]."""
    return described(_seen(prints, WINDOWS))


def even_count() -> int:
    """Return how many of a descriptor's numbers, the first ones, are blind to mirroring."""
    return _basis()[1]


def number_count() -> int:
    """Return how many numbers a descriptor has."""
    return int(_basis()[0].shape[1])


def described(cells: Grid) -> Grid:
    """Return unit descriptors [..., k] of windows [..., 16, 16]; zero where nothing is seen."""
    return unit(normal(cells) @ _basis()[0])


def normal(cells: Grid) -> Grid:
    """Return the detail of windows [..., 16, 16] as unit vectors [..., 256]."""
    fine = detail(cells, reach=REACH)
    flat = fine.reshape(*fine.shape[:-2], CELLS * CELLS)
    return unit(flat - flat.mean(-1, keepdims=True))


def unit(vectors: Grid) -> Grid:
    """Return vectors [..., k] of length one; zero where there is nothing but rounding."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(
        np.where(length > NOTHING, vectors / np.maximum(length, NOTHING), 0), np.float32
    )


def _seen(
    prints: Fingerprints, chosen: tuple[tuple[tuple[float, float], tuple[float, float]], ...]
) -> Grid:
    pictures = prints.astype(np.float32) / 255
    seen = [_averaging(*rows) @ pictures @ _averaging(*columns).T for rows, columns in chosen]
    return np.stack(seen, axis=1)


@lru_cache
def _averaging(start: float, length: float) -> NDArray[np.float32]:
    """Return the matrix [16, 64] that averages a part of a side into cells."""
    edges = np.linspace(start * SIDE, (start + length) * SIDE, CELLS + 1)
    cell = np.arange(SIDE)
    overlap = np.minimum(edges[1:, None], cell + 1) - np.maximum(edges[:-1, None], cell)
    weights = np.clip(overlap, 0, None)
    return np.asarray(weights / weights.sum(1, keepdims=True), np.float32)


@lru_cache(maxsize=1)
def _basis() -> tuple[NDArray[np.float32], int]:
    with np.load(BASIS, allow_pickle=False) as kept:
        even, odd = kept["even"], kept["odd"]
    return np.concatenate([even, odd], axis=1).astype(np.float32), even.shape[1]
