"""Between a film's own raster and the grid a network reads. Pure.

Both ways use one resampling: bilinear with pixel centres at half-integers, widened to the size of
the cell when a raster becomes smaller (antialiasing), as Pillow does it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def to_input(
    luminance: NDArray[np.float32], *, grid: tuple[int, int], low: float, high: float
) -> NDArray[np.float32]:
    """Return float32 [1, h, w] in [0, 1] on grid (h, w) of a film's luminance [H, W].

    The percentiles low and high (0…100) of the luminance become 0 and 1; what lies beyond is
    clipped. A film of one single value becomes 0 everywhere.
    """
    darkest, brightest = np.percentile(luminance, (low, high))
    span = float(brightest - darkest)
    if not np.isfinite(span) or span <= 0:
        return np.zeros((1, *grid), np.float32)
    scaled = np.clip((luminance - darkest) / span, 0, 1).astype(np.float32)
    return np.clip(resize(scaled, grid), 0, 1)[np.newaxis]


def to_native(probability: NDArray[np.float32], shape: tuple[int, int]) -> NDArray[np.float32]:
    """Return float32 [H, W] of native shape (rows, columns) from a probability [h, w]."""
    return np.clip(resize(probability, shape), 0, 1)


def resize(values: NDArray[np.float32], shape: tuple[int, int]) -> NDArray[np.float32]:
    """Return values [H, W] on shape (rows, columns), bilinear, antialiased when it shrinks."""
    rows, columns = shape
    picture = Image.fromarray(np.ascontiguousarray(values, np.float32))
    return np.array(picture.resize((columns, rows), Image.Resampling.BILINEAR), np.float32)
