"""Connected parts of a mask."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Mask = NDArray[np.bool_]

EIGHT_NEIGHBOURS = np.ones((3, 3), np.bool_)


def bounding_box(inside: NDArray[Any], *, margin: int = 0) -> tuple[slice, slice] | None:
    """Return the (rows, columns) that hold all of ``inside`` [H, W] that is not zero, or None.

    ``margin`` pixels around it are added, as far as the raster goes.
    """
    rows = np.flatnonzero(inside.any(axis=1))
    if rows.size == 0:
        return None
    columns = np.flatnonzero(inside.any(axis=0))
    return (
        slice(max(0, rows[0] - margin), rows[-1] + 1 + margin),
        slice(max(0, columns[0] - margin), columns[-1] + 1 + margin),
    )


def without_specks(mask: Mask, *, fraction: float) -> Mask:
    """Return ``mask`` without components smaller than ``fraction`` of the raster.

    Pixels that touch at a corner belong together. Unlike `app.masks.grid.normalise`, nothing may
    be left: a network that finds only specks finds nothing.
    """
    # Labels are needed only where something is inside; films are large and findings are not.
    box = bounding_box(mask)
    if fraction <= 0 or box is None:
        return mask
    labels, _ = ndimage.label(mask[box], EIGHT_NEIGHBOURS)
    large = np.bincount(labels.ravel()) >= fraction * mask.size
    large[0] = False
    kept = np.zeros_like(mask)
    kept[box] = large[labels]
    return kept
