"""Films as files that any tool reads the same way. Pure."""

import io

import numpy as np
from PIL import Image

from app.films.pixels import FilmPixels


def film_png(film: FilmPixels) -> bytes:
    """Return the film as 8- or 16-bit grey PNG in which bright is dense.

    A PNG cannot say MONOCHROME1 or a negative slope, so such a film's values are turned over
    here, once: ``highest - value``. What networks read (`luminance`) keeps its order.
    """
    turned = (film.photometric == "MONOCHROME1") != (film.slope < 0)
    # All bits turned over are ``highest - value`` for an unsigned integer.
    values = np.invert(film.values) if turned else film.values
    out = io.BytesIO()
    Image.fromarray(values).save(out, "PNG", compress_level=6)
    return out.getvalue()
