"""Is a probability of 0.7 right seven times in ten? Pure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.evaluation.bootstrap import Bootstrap, interval
from app.networks.scoring import Estimate

BINS = 15
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Bin:
    """One bin of the reliability curve; mean probability and share inside of its pixels."""

    low: float
    high: float
    pixels: int
    probability: float
    inside: float


@dataclass(frozen=True)
class Calibration:
    """The expected calibration error with its interval, and the curve behind it."""

    ece: Estimate
    bins: list[Bin]


def binned(
    probability: NDArray[np.float32], truth: NDArray[np.bool_], where: NDArray[np.bool_]
) -> Values:
    """Return [3, BINS]: pixels of ``where``, the sum of their probabilities, those inside.

    Bins are of equal width; all rasters are [H, W]. What is returned adds up over films.
    """
    values = probability[where].astype(np.float64)
    place = np.minimum((values * BINS).astype(np.intp), BINS - 1)
    weights = (None, values, truth[where].astype(np.float64))
    return np.stack([np.bincount(place, each, BINS).astype(np.float64) for each in weights])


def calibration(films: Values, bootstrap: Bootstrap) -> Calibration | None:
    """Return the calibration over films [films, 3, BINS]; None without a pixel."""
    sums = films.sum(axis=0)
    if not sums[0].any():
        return None
    pixels, probability, inside = sums
    edges = np.linspace(0, 1, BINS + 1)
    bins = [
        Bin(
            low=float(edges[k]),
            high=float(edges[k + 1]),
            pixels=int(pixels[k]),
            probability=float(probability[k] / pixels[k]),
            inside=float(inside[k] / pixels[k]),
        )
        for k in np.flatnonzero(pixels)
    ]
    drawn = expected_error(bootstrap.resampled(films))
    return Calibration(interval(float(expected_error(sums)), drawn), bins)


def expected_error(sums: Values) -> Values:
    """Return the expected calibration error of sums […, 3, BINS] (Naeini et al. 2015; Guo 2017).

    The mean over pixels of |mean probability - share inside| of the bin that holds the pixel.
    """
    gaps: Values = np.abs(sums[..., 1, :] - sums[..., 2, :]).sum(axis=-1)
    total = sums[..., 0, :].sum(axis=-1)
    found: Values = np.divide(gaps, total, out=np.full(gaps.shape, np.nan), where=total > 0)
    return found
