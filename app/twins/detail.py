"""What is left of a picture when its coarse light and its local contrast are taken out."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Grid = NDArray[np.float32]

FLAT = 0.02  # local contrast (share of the grey range) below which there is nothing to see


def detail(pictures: Grid, *, reach: float) -> Grid:
    """Return pictures [..., h, w] (0 … 1) less their local mean, over their local deviation.

    ``reach`` is the Gaussian's sigma in cells. Locally linear changes of grey (window, gamma)
    cancel; an inversion changes the sign only. Jarrett et al. 2009, section 2.
    """
    high = pictures - _blurred(pictures, reach)
    contrast = np.sqrt(np.maximum(_blurred(high * high, reach), 0))
    return np.asarray(high / (contrast + FLAT), np.float32)


def _blurred(pictures: Grid, reach: float) -> Grid:
    down, across = (_blurring(cells, reach) for cells in pictures.shape[-2:])
    return np.asarray(down @ pictures @ across.T, np.float32)


@lru_cache(maxsize=32)
def _blurring(cells: int, reach: float) -> NDArray[np.float32]:
    """Return the matrix [cells, cells] of Gaussian means along a side, none from beyond it."""
    place = np.arange(cells)
    weights = np.exp(-((place[:, None] - place) ** 2) / (2 * reach**2))
    return np.asarray(weights / weights.sum(1, keepdims=True), np.float32)
