"""An infection map for a screen: film, levels and mask at one size that a browser can hold."""

import base64
import io

import numpy as np
from PIL import Image
from pydantic import BaseModel, Field

from app.films.pixels import FilmPixels
from app.films.voi import display
from app.maps.colour import COLOURS, opacity, table
from app.maps.forms import COMPRESSION, levels
from app.maps.infection_map import InfectionMap
from app.maps.numbers import MapNumbers, numbers_of

LONGEST_SIDE = 2048


class ScreenMap(BaseModel):
    """What the page of infection maps shows. Pictures are PNGs in base64, of one size."""

    numbers: MapNumbers
    rows: int
    columns: int
    aspect: float = Field(description="by how much a pixel is shown higher than wide")
    film: str = Field(description="8-bit grey, as a radiologist sees it")
    levels: str = Field(description="8-bit grey: painted probability in 255ths, 0 is unpainted")
    mask: str = Field(description="8-bit grey: 255 inside the mask and the lungs")
    colours: dict[str, str] = Field(description="256 times red, green, blue in hexadecimal")
    opacity: list[int]


def on_screen(
    found: InfectionMap, film: FilmPixels, *, learnt_from: tuple[str, ...] = ()
) -> ScreenMap:
    """Return the map for a screen; a film longer than `LONGEST_SIDE` is shown smaller."""
    rows, columns = film.shape
    scale = min(1.0, LONGEST_SIDE / max(rows, columns))
    size = (max(1, round(columns * scale)), max(1, round(rows * scale)))
    inside = found.claimed.astype(np.uint8) * 255
    return ScreenMap(
        numbers=numbers_of(found, learnt_from=learnt_from),
        rows=size[1],
        columns=size[0],
        aspect=film.aspect,
        film=_png(Image.fromarray(display(film)), size, Image.Resampling.LANCZOS),
        # A level is an index, and a mask has no halves: neither may be blended.
        levels=_png(Image.fromarray(levels(found)), size, Image.Resampling.NEAREST),
        mask=_png(Image.fromarray(inside), size, Image.Resampling.NEAREST),
        colours={name: table(name).tobytes().hex() for name in COLOURS},
        opacity=opacity().tolist(),
    )


def _png(picture: Image.Image, size: tuple[int, int], way: Image.Resampling) -> str:
    if picture.size != size:
        picture = picture.resize(size, way)
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=COMPRESSION)
    return base64.b64encode(file.getvalue()).decode("ascii")
