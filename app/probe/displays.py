"""The ways of showing masks that are compared, and how faithful each is."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from app.masks.grid import display_grid, normalise, to_grid
from app.masks.measures import dice
from app.studies.protocol import Display

Mask = NDArray[np.bool_]

RAW = "raw"
DISPLAYS: Mapping[str, Display | None] = {
    RAW: None,
    "sigma 0": Display(sigma=0),
    "sigma 1.5": Display(sigma=1.5),
    "sigma 3": Display(sigma=3),
}
"""What the probe tries unless told otherwise: as it is, and three normalisations."""


def shown(mask: Mask, display: Display | None) -> Mask:
    """Return ``mask`` [H, W] as a ballot shows it [h, w]; without a display, only on the grid."""
    if display is None:
        grid = display_grid(mask.shape, Display().long_side)
        return to_grid(mask, grid) >= 0.5
    return normalise(
        mask,
        display_grid(mask.shape, display.long_side),
        sigma=display.sigma,
        specks=display.specks,
        holes=display.holes,
    )


def fidelity(mask: Mask, shown_mask: Mask) -> float:
    """Return the Dice of what is shown, at native size, with the mask itself."""
    rows, columns = (
        np.minimum(np.arange(fine) * coarse // fine, coarse - 1)
        for fine, coarse in zip(mask.shape, shown_mask.shape, strict=True)
    )
    return dice(mask, shown_mask[np.ix_(rows, columns)])
