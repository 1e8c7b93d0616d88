"""Films as exported PNG: bright is dense, whatever the film's photometric interpretation."""

import io

import numpy as np
import pytest
from PIL import Image

from app.exports.pictures import film_png
from app.films.pixels import FilmPixels, Photometric
from app.films.voi import luminance


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize("slope", [1.0, -2.0])
@pytest.mark.parametrize("bits", [8, 16])
def test_an_exported_film_keeps_the_order_of_luminance(
    photometric: Photometric, slope: float, bits: int
) -> None:
    rng = np.random.default_rng(5)
    wide = rng.integers(0, 2**bits, (20, 30), dtype=np.uint16)
    values = wide if bits == 16 else wide.astype(np.uint8)
    film = FilmPixels(values=values, bits=bits, photometric=photometric, slope=slope)
    picture = np.asarray(Image.open(io.BytesIO(film_png(film)))).astype(np.int64)
    order = np.argsort(luminance(film), axis=None, kind="stable")
    assert (np.diff(picture.ravel()[order]) >= 0).all()
    assert picture.max() - picture.min() == int(values.max()) - int(values.min())
