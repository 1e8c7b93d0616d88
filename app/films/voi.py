"""From stored values to what is seen, and to what networks read. Pure.

The order is DICOM's (PS3.4, N.2): modality, then values of interest (VOI), then one inversion for
MONOCHROME1. Networks get the modality values without any window, so that a viewer's setting can
never change a proposal.
"""

import numpy as np
from numpy.typing import NDArray

from app.films.pixels import FilmPixels, VoiTable, Window

# Without a window the display spans these percentiles, so that a lead marker does not grey it.
LOW, HIGH = 0.5, 99.5
WHITE = 255.0
Modality = NDArray[np.float64]


def display(film: FilmPixels) -> NDArray[np.uint8]:
    """Return the film uint8 [H, W] as a radiologist sees it: dense is bright."""
    # A film has at most 65,536 values: each is windowed once, and pixels are looked up.
    grey = _windowed(film, _modality(film))
    if film.photometric == "MONOCHROME1":
        grey = WHITE - grey
    table = np.rint(grey).astype(np.uint8)
    return table[film.values]


def luminance(film: FilmPixels) -> NDArray[np.float32]:
    """Return modality values float32 [H, W], negated for MONOCHROME1: dense is high."""
    sign = -1.0 if film.photometric == "MONOCHROME1" else 1.0
    table = (sign * _modality(film)).astype(np.float32)
    return table[film.values]


def apply_window(values: Modality, window: Window) -> Modality:
    """Return ``values`` in modality units as 0…255 (PS3.3, C.11.2.1.2.1 and C.11.2.1.3)."""
    if window.function == "SIGMOID":
        steepness = np.clip(-4 * (values - window.center) / window.width, -700, 700)
        sigmoid: Modality = WHITE / (1 + np.exp(steepness))
        return sigmoid
    center, width = window.center, window.width
    if window.function == "LINEAR":
        center, width = center - 0.5, width - 1
    if width <= 0:
        return np.where(values > center, WHITE, 0.0)
    ramp: Modality = np.clip((values - center) / width + 0.5, 0, 1) * WHITE
    return ramp


def apply_table(values: Modality, table: VoiTable) -> Modality:
    """Return ``values`` in modality units through a VOI table, as 0…255 (PS3.3, C.11.2.1.1)."""
    places = np.clip(np.trunc(values) - table.first, 0, len(table.values) - 1).astype(np.intp)
    entries: Modality = np.array(table.values, np.float64)[places]
    grey: Modality = np.clip(entries / (2**table.bits - 1), 0, 1) * WHITE
    return grey


def _modality(film: FilmPixels) -> Modality:
    """Return the modality value of each value that the film's type can hold."""
    stored = np.arange(np.iinfo(film.values.dtype).max + 1, dtype=np.float64)
    return film.slope * stored + film.intercept


def _windowed(film: FilmPixels, modality: Modality) -> Modality:
    if film.voi is not None:
        seen = _apply(film.voi, modality)
        # A window beside all the film's values shows one flat grey; such a window is not obeyed.
        present = _present(film)
        if np.ptp(seen[present]) > 0 or len(present) == 1:
            return seen
    return apply_window(modality, _default_window(film, modality))


def _apply(voi: Window | VoiTable, modality: Modality) -> Modality:
    if isinstance(voi, VoiTable):
        return apply_table(modality, voi)
    return apply_window(modality, voi)


def _default_window(film: FilmPixels, modality: Modality) -> Window:
    if film.values.dtype == np.uint8:
        ends = modality[[0, 2**film.bits - 1]]
    else:
        counts = np.bincount(film.values.ravel(), minlength=len(modality))
        order = np.argsort(modality, kind="stable")
        reached = np.cumsum(counts[order]) / film.values.size
        places = np.searchsorted(reached, [LOW / 100, HIGH / 100])
        ends = modality[order[places]]
    low, high = float(ends.min()), float(ends.max())
    return Window(center=(low + high) / 2, width=max(high - low, 1e-9), function="LINEAR_EXACT")


def _present(film: FilmPixels) -> NDArray[np.intp]:
    return np.flatnonzero(np.bincount(film.values.ravel()))
