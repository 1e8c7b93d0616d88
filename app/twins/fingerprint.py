"""A film's fingerprint: 4 KB that survive another window, size or encoding.

Grey values are replaced by their ranks, which undoes any monotone window or gamma, and averaged
over 64 × 64 cells. An inverted film's fingerprint is the complement, a mirrored film's the mirror
image; a cropped film's is nearly a part.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIDE = 64
LEVELS = 65536
ENOUGH = 512  # cells a side; a larger film is made smaller before its values are ranked

Fingerprint = NDArray[np.uint8]
Fingerprints = NDArray[np.uint8]


def fingerprint(luminance: NDArray[np.float32]) -> Fingerprint:
    """Return the fingerprint uint8 [64, 64] of a luminance [H, W], as `films.voi.luminance` gives.

    A film of one single value has 128 everywhere; such a film is like no other.
    """
    return np.rint(_averaged(_ranks(_reduced(luminance))) * 255).astype(np.uint8)


def _reduced(luminance: NDArray[np.float32]) -> NDArray[np.float32]:
    factor = min(luminance.shape) // ENOUGH
    if factor < 2:
        return luminance
    picture = Image.fromarray(np.ascontiguousarray(luminance, np.float32))
    return np.array(picture.reduce(factor), np.float32)


def _ranks(luminance: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the share of pixels that are darker, [H, W] in 0 … 1; equal ones count half."""
    low, high = float(luminance.min()), float(luminance.max())
    step = (LEVELS - 1) / max(high - low, 1e-9)
    level = ((luminance - low) * step).astype(np.uint16)
    counts = np.bincount(level.ravel(), minlength=LEVELS)
    table = (np.cumsum(counts) - counts / 2) / level.size
    return table.astype(np.float32)[level]


def _averaged(values: NDArray[np.float32]) -> NDArray[np.float32]:
    how = Image.Resampling.BOX if min(values.shape) > SIDE else Image.Resampling.BILINEAR
    picture = Image.fromarray(np.ascontiguousarray(values))
    return np.clip(np.array(picture.resize((SIDE, SIDE), how), np.float32), 0, 1)
