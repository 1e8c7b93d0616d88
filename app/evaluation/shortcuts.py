"""Films without what a network should look at, or with nothing else. Pure.

If infection is still "found" with the lungs blanked, the network reads the hospital, not the
disease (DeGrave et al. 2021).
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from app.masks.components import bounding_box

Grey = NDArray[np.float32]
Mask = NDArray[np.bool_]
Condition = Literal["lungs_blanked", "borders_masked"]
CONDITIONS: tuple[Condition, ...] = ("lungs_blanked", "borders_masked")

WIDENED = 0.03
"""The lungs are widened by this share of the film's longer side: their edge tells of them too."""


def altered(grey: Grey, lungs: Mask, condition: Condition) -> Grey | None:
    """Return the luminance [H, W] under a condition; None where it cannot be made."""
    return lungs_blanked(grey, lungs) if condition == "lungs_blanked" else masked(grey, lungs)


def lungs_blanked(grey: Grey, lungs: Mask) -> Grey | None:
    """Return the film with the widened lungs at the median grey of what lies outside them.

    None where no lungs were found, or where nothing lies outside.
    """
    if not lungs.any():
        return None
    inside = widened(lungs)
    if inside.all():
        return None
    blank = grey.copy()
    blank[inside] = np.median(grey[~inside])
    return blank


def masked(grey: Grey, lungs: Mask) -> Grey | None:
    """Return the film with all outside the lungs' box at the median grey of what lies inside.

    The box (rows and columns) is widened as the lungs are. None where no lungs were found.
    """
    box = bounding_box(lungs, margin=_margin(lungs))
    if box is None:
        return None
    kept = np.full_like(grey, np.median(grey[box]))
    kept[box] = grey[box]
    return kept


def widened(lungs: Mask) -> Mask:
    """Return all pixels within the margin of the lungs."""
    wide: Mask = ndimage.distance_transform_edt(~lungs) <= _margin(lungs)
    return wide


def _margin(lungs: Mask) -> int:
    return round(WIDENED * float(max(lungs.shape)))
