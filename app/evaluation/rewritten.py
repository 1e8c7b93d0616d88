"""Films as another collection might have written them: softer, or with the traces of JPEG. Pure.

Where infected films and films without finding come from collections that were written differently,
a network can learn the writing instead of the disease. It shows when the writing changes and what
the film shows does not.
"""

import io
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from app.networks.scaling import to_input

Grey = NDArray[np.float32]
Writing = Literal["softened", "compressed"]
WRITINGS: tuple[Writing, ...] = ("softened", "compressed")

BLUR = 1.0
"""Standard deviation of the softening bell, in cells of the network's grid."""
QUALITY = 75
"""Of the JPEG, at the size of the network's grid."""


def rewritten(grey: Grey, grid: tuple[int, int], writing: Writing) -> Grey:
    """Return the luminance [H, W] on grid (rows, columns) in [0, 1], written otherwise.

    Networks see films on a grid of their own, so what changes the film must change it there.
    """
    seen: Grey = to_input(grey, grid=grid, low=0, high=100)[0]
    if writing == "softened":
        soft: Grey = ndimage.gaussian_filter(seen, BLUR, mode="nearest")
        return soft
    return _through_jpeg(seen)


def _through_jpeg(seen: Grey) -> Grey:
    data = io.BytesIO()
    Image.fromarray(np.round(seen * 255).astype(np.uint8)).save(data, "JPEG", quality=QUALITY)
    with Image.open(data) as written:
        return np.asarray(written, np.float32) / np.float32(255)
