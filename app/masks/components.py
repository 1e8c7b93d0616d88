"""Connected parts of a mask."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Mask = NDArray[np.bool_]

EIGHT_NEIGHBOURS = np.ones((3, 3), np.bool_)


def without_specks(mask: Mask, *, fraction: float) -> Mask:
    """Return ``mask`` without components smaller than ``fraction`` of the raster.

    Pixels that touch at a corner belong together. Unlike `app.masks.grid.normalise`, nothing may
    be left: a network that finds only specks finds nothing.
    """
    # Labels are needed only where something is inside; films are large and findings are not.
    boxes = ndimage.find_objects(mask.astype(np.int8))
    if fraction <= 0 or not boxes:
        return mask
    (box,) = boxes
    labels, _ = ndimage.label(mask[box], EIGHT_NEIGHBOURS)
    large = np.bincount(labels.ravel()) >= fraction * mask.size
    large[0] = False
    kept = np.zeros_like(mask)
    kept[box] = large[labels]
    return kept
