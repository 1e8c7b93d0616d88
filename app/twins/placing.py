"""Where in a film a candidate part lies: all shifts and some lengths are tried, by Fourier."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from app.twins.detail import Grid, detail
from app.twins.fingerprint import SIDE
from app.twins.windows import WINDOWS

CELLS = 32
REACH = 1.5  # cells of the detail compared
STRETCHES = (-0.05, 0.0, 0.05)  # lengths tried beside those of the window
SLACK = 1  # cells by which a part may stand out

Maps = NDArray[np.float64]
"""Affine maps [n, 2, 3] from (row, column, 1) of one film to (row, column) of another, 0 … 1."""


@dataclass(frozen=True)
class Placed:
    """Maps from part to whole, [n, 2, 3], and the correlation there, about −1 … 1."""

    maps: Maps
    score: Grid


def place(parts: Grid, wholes: Grid, window: NDArray[np.intp]) -> Placed:
    """Find parts [n, 64, 64] in wholes [n, 64, 64] (0 … 1), near the lengths of `WINDOWS`."""
    found = Placed(np.zeros((len(parts), 2, 3)), np.full(len(parts), -1, np.float32))
    lengths = np.array([(rows[1], columns[1]) for rows, columns in WINDOWS])[window]
    for length in np.unique(lengths, axis=0):
        alike = np.flatnonzero((lengths == length).all(1))
        _place(parts[alike], wholes[alike], length, alike, found)
    return found


def _place(
    parts: Grid,
    wholes: Grid,
    length: NDArray[np.float64],
    where: NDArray[np.intp],
    found: Placed,
) -> None:
    each = SIDE // CELLS
    coarse = wholes.reshape(-1, CELLS, each, CELLS, each).mean((2, 4), dtype=np.float32)
    ground = detail(coarse, reach=REACH)
    spectrum = fft.rfft2(ground)
    energy = np.linalg.norm(ground, axis=(1, 2))
    fine = detail(parts, reach=REACH * each / float(length.mean()))
    for height in _tried(float(length[0])):
        for width in _tried(float(length[1])):
            part = _shrunk(height) @ fine @ _shrunk(width).T
            # The part's share of the film's energy is near enough its share of the area.
            size = np.linalg.norm(part, axis=(1, 2)) * energy * np.sqrt(height * width)
            match = fft.irfft2(spectrum * np.conj(fft.rfft2(part)), s=(CELLS, CELLS))
            _keep_best(match, size, (height, width), where, found)


def _keep_best(
    match: Grid,
    size: Grid,
    lengths: tuple[float, float],
    where: NDArray[np.intp],
    found: Placed,
) -> None:
    rows, columns = (_shifts(length) for length in lengths)
    allowed = match[:, rows][:, :, columns].reshape(len(match), -1)
    best = allowed.argmax(1)
    score = allowed[np.arange(len(match)), best] / np.maximum(size, 1e-6)
    better = score > found.score[where]
    chosen = where[better]
    down, across = np.divmod(best[better], len(columns))
    found.score[chosen] = score[better]
    found.maps[chosen] = 0
    found.maps[chosen, 0, 0], found.maps[chosen, 1, 1] = lengths
    found.maps[chosen, 0, 2] = rows[down] / CELLS
    found.maps[chosen, 1, 2] = columns[across] / CELLS


def _tried(length: float) -> list[float]:
    return [length + stretch for stretch in STRETCHES if length + stretch < 1.01]


def _shifts(length: float) -> NDArray[np.intp]:
    """Return the shifts in cells that leave a part of this length inside the film."""
    return np.arange(-SLACK, int((1 - length) * CELLS) + SLACK + 1)


@lru_cache
def _shrunk(length: float) -> NDArray[np.float32]:
    """Return the matrix [32, 64] that lays a side of 64 cells on the first ``length`` of 32."""
    edges = np.arange(CELLS + 1) / (length * CELLS) * SIDE
    cell = np.arange(SIDE)
    overlap = np.minimum(edges[1:, None], cell + 1) - np.maximum(edges[:-1, None], cell)
    weights = np.clip(overlap, 0, None) / (SIDE / (length * CELLS))
    return np.asarray(weights, np.float32)
