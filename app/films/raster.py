"""PNG, JPEG and the other picture formats that Pillow reads, as grey values."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from app.films.limits import Limits
from app.films.pixels import FilmPixels, Values
from app.films.refusals import (
    FloatPixels,
    ManyFrames,
    NotAnImage,
    TooDeep,
    TooManyPixels,
    Truncated,
    UnknownColour,
)

# What Pillow may open. Everything else it knows stays shut: fewer parsers see strangers' bytes.
FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP", "GIF", "JPEG2000", "PPM")
DEEP_MODES = {"I;16", "I;16L", "I;16B", "I;16N", "I"}
PLAIN_MODES = {"1", "L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr"}
# ITU-R 601-2, as broadcasting and Pillow have it.
RED, GREEN, BLUE = 0.299, 0.587, 0.114


def read_raster(data: bytes, limits: Limits) -> FilmPixels:
    """Return the picture in ``data`` as a film; raises a `FilmRefused`."""
    with _open(data) as image:
        columns, rows = image.size
        limits.check_pixels(rows, columns)
        frames = getattr(image, "n_frames", 1)
        if frames > 1 and image.format != "MPO":
            raise ManyFrames(f"The file holds {frames} pictures; a film is one.")
        _load(image)
        return _as_film(ImageOps.exif_transpose(image))


def to_grey(colour: Values) -> Values:
    """Return grey [H, W] of red, green, blue [H, W, 3], of the same type."""
    red, green, blue = colour[..., 0], colour[..., 1], colour[..., 2]
    if np.array_equal(red, green) and np.array_equal(red, blue):
        same: Values = red.copy()
        return same
    grey = np.rint(RED * red.astype(np.float32) + GREEN * green + BLUE * blue)
    mixed: Values = grey.astype(colour.dtype)
    return mixed


def _open(data: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data), formats=FORMATS)
    except UnidentifiedImageError:
        raise NotAnImage("The file is not a picture that is known here, nor DICOM.") from None
    except Image.DecompressionBombError:
        raise TooManyPixels("The header promises more pixels than any film has.") from None


def _load(image: Image.Image) -> None:
    try:
        image.load()
    except OSError as error:
        if "truncated" in str(error) or "unrecognized data stream" in str(error):
            raise Truncated("The file ends before the picture does.") from error
        raise


def _as_film(image: Image.Image) -> FilmPixels:
    if image.mode == "F":
        raise FloatPixels("The pixels are fractions; a film holds whole grey values.")
    if image.mode in DEEP_MODES:
        return _deep(np.asarray(image))
    if image.mode not in PLAIN_MODES:
        raise UnknownColour(f"The colour space {image.mode} cannot be turned into grey.")
    if image.mode in ("1", "L") and not image.has_transparency_data:
        return FilmPixels(values=np.asarray(image.convert("L")), bits=8)
    return FilmPixels(values=to_grey(np.asarray(_flat(image))), bits=8)


def _deep(values: NDArray[np.uint16] | NDArray[np.int32]) -> FilmPixels:
    low, high = int(values.min()), int(values.max())
    if low >= 0 and high < 2**16:
        return FilmPixels(values=values.astype(np.uint16), bits=16)
    if low >= -(2**15) and high < 2**15:
        shifted = (values.astype(np.int32) + 2**15).astype(np.uint16)
        return FilmPixels(values=shifted, bits=16, intercept=-(2.0**15))
    raise TooDeep(f"The grey values reach from {low} to {high}; sixteen bits are the limit.")


def _flat(image: Image.Image) -> Image.Image:
    """Return ``image`` as RGB; what is transparent becomes black, unless all is transparent."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    coloured = image.convert("RGBA")
    low, high = coloured.getchannel("A").getextrema()
    if low == high:
        return coloured.convert("RGB")
    black = Image.new("RGBA", image.size, "black")
    return Image.alpha_composite(black, coloured).convert("RGB")
