"""An infection map as a file: JSON, or one of four PNGs. The same map gives the same bytes.

Every PNG carries, as text under the keyword ``maskballot``, the numbers without the masks: film,
networks, thresholds, version, and that it is for research only.
"""

import io
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin

from app.films.pixels import FilmPixels
from app.films.voi import display
from app.maps.colour import FLOOR, Colours, opacity, table
from app.maps.infection_map import InfectionMap, Mask
from app.maps.legend import with_legend
from app.maps.numbers import MapNumbers, numbers_of, with_masks

Form = Literal["json", "layer", "overlay", "probability", "mask"]
FORMS: tuple[Form, ...] = get_args(Form)
KEYWORD = "maskballot"
COMPRESSION = 4


def media_type(form: Form) -> str:
    """Return the form's media type."""
    return "application/json" if form == "json" else "image/png"


def as_json(found: InfectionMap, about: MapNumbers) -> bytes:
    """Return the numbers, with mask and lungs as runs."""
    return with_masks(about, found).model_dump_json().encode()


def levels(found: InfectionMap) -> NDArray[np.uint8]:
    """Return uint8 [H, W]: the probability in 255ths where it is painted, else 0.

    Painted is what reaches `FLOOR`, within the lungs where they are known.
    """
    level = np.rint(found.probability * 255).astype(np.uint8)
    unpainted = level < round(255 * FLOOR)
    if found.lungs is not None:
        unpainted |= ~found.lungs
    level[unpainted] = 0
    return level


def layer_png(found: InfectionMap, colours: Colours, about: MapNumbers) -> bytes:
    """Return an indexed PNG to lay over the film: index = probability in 255ths, with opacity."""
    picture = Image.fromarray(levels(found))
    picture.putpalette(table(colours).tobytes())
    return _png(picture, about, transparency=opacity().tobytes())


def overlay_png(
    found: InfectionMap, film: FilmPixels, colours: Colours, about: MapNumbers
) -> bytes:
    """Return the film in grey with the map painted over it, and the legend below."""
    level = levels(found)
    painted = Image.fromarray(level)
    painted.putpalette(table(colours).tobytes())
    strength = Image.fromarray(np.where(level > 0, opacity()[level], 0).astype(np.uint8))
    grey = Image.fromarray(display(film)).convert("RGB")
    grey.paste(painted.convert("RGB"), (0, 0), strength)
    return _png(with_legend(grey, about, colours), about)


def probability_png(found: InfectionMap, about: MapNumbers) -> bytes:
    """Return a 16-bit grey PNG: the probability in 65535ths, over the whole film."""
    values = np.rint(found.probability * np.float64(65535)).astype(np.uint16)
    return _png(Image.fromarray(values), about)


def mask_png(mask: Mask, about: MapNumbers) -> bytes:
    """Return the map's mask, or its lungs, as a 1-bit PNG, white inside."""
    height, width = mask.shape
    rows = np.packbits(mask, axis=1).tobytes()
    return _png(Image.frombytes("1", (width, height), rows), about)


def render(
    found: InfectionMap,
    film: FilmPixels,
    *,
    form: Form,
    colours: Colours,
    learnt_from: tuple[str, ...] = (),
) -> bytes:
    """Return the map in one form."""
    about = numbers_of(found, learnt_from=learnt_from)
    match form:
        case "json":
            return as_json(found, about)
        case "layer":
            return layer_png(found, colours, about)
        case "overlay":
            return overlay_png(found, film, colours, about)
        case "probability":
            return probability_png(found, about)
        case "mask":
            return mask_png(found.mask, about)


def _png(picture: Image.Image, about: MapNumbers, transparency: bytes | None = None) -> bytes:
    text = PngImagePlugin.PngInfo()
    text.add_text(KEYWORD, about.model_dump_json())
    extra = {} if transparency is None else {"transparency": transparency}
    file = io.BytesIO()
    picture.save(file, "PNG", pnginfo=text, compress_level=COMPRESSION, **extra)
    return file.getvalue()
