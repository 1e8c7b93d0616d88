"""PNG, JPEG and the other picture formats that Pillow reads, as grey values."""

import io
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageChops, ImageOps, UnidentifiedImageError
from PIL.PngImagePlugin import PngImageFile

from app.films.limits import Limits
from app.films.pixels import FilmPixels, Photometric, Values
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
WHITE_IS_ZERO = 0
SWAPPED = {"RGB;16B": "RGB;16L", "RGBA;16B": "RGBA;16L"}  # Pillow's words for orders of bytes
# ITU-R 601-2, as broadcasting and Pillow have it.
RED, GREEN, BLUE = 0.299, 0.587, 0.114
ROWS = 256


def read_raster(data: bytes, limits: Limits) -> FilmPixels:
    """Return the picture in ``data`` as a film; raises a `FilmRefused`."""
    with _open(data) as image:
        limits.check_pixels(rows=image.height, columns=image.width)
        frames = getattr(image, "n_frames", 1)
        # What some cameras add to a JPEG are smaller copies of its one picture.
        if frames > 1 and image.format != "MPO":
            raise ManyFrames("The file holds {frames} pictures; a film is one.", frames=frames)
        lower = _lower_bytes(data, image)
        _load(image)
        turned = ImageOps.exif_transpose(image)
        if lower is not None:
            return _wide(turned, ImageOps.exif_transpose(lower))
        return _as_film(turned, photometric=_photometric(image))


def to_grey(colour: Values) -> Values:
    """Return grey [H, W] of red, green, blue [H, W, 3], of the same type."""
    grey: Values = np.empty(colour.shape[:2], colour.dtype)
    # Some rows at a time: fractions of a whole film would take four times its memory.
    for top in range(0, len(grey), ROWS):
        red, green, blue = np.moveaxis(colour[top : top + ROWS], 2, 0)
        if np.array_equal(red, green) and np.array_equal(red, blue):
            grey[top : top + ROWS] = red
        else:
            mixed = RED * red.astype(np.float32) + GREEN * green + BLUE * blue
            grey[top : top + ROWS] = np.rint(mixed)
    return grey


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


def _photometric(image: Image.Image) -> Photometric:
    """Say whether the lowest values are the brightest."""
    # Of TIFFs whose zero is white Pillow inverts those of eight bits, but none of sixteen.
    if image.format == "TIFF" and image.mode in DEEP_MODES:
        said = image.getexif().get(ExifTags.Base.PhotometricInterpretation)
        return "MONOCHROME1" if said == WHITE_IS_ZERO else "MONOCHROME2"
    return "MONOCHROME2"


def _lower_bytes(data: bytes, image: Image.Image) -> Image.Image | None:
    """Return the lower bytes of a colour PNG of sixteen bits; None for any other picture.

    Of sixteen bits a colour Pillow keeps the upper eight. Told that the bytes stand in the other
    order, it keeps the lower ones.
    """
    if not isinstance(image, PngImageFile) or image.tile[0].args not in SWAPPED:
        return None
    again = PngImageFile(io.BytesIO(data))
    again.tile = [tile._replace(args=SWAPPED[str(tile.args)]) for tile in again.tile]
    _load(again)
    return again


def _wide(upper: Image.Image, lower: Image.Image) -> FilmPixels:
    """Return a film of the two bytes of each colour; what is transparent becomes black."""
    colours = np.asarray(upper).astype(np.uint16) * 256 + np.asarray(lower)
    if colours.shape[2] == 4 and np.ptp(colours[..., 3]):
        opaque = colours[..., 3:].astype(np.float32) / 65535
        colours = np.rint(colours * opaque).astype(np.uint16)
    return FilmPixels(values=to_grey(colours[..., :3]), bits=16)


def _as_film(image: Image.Image, *, photometric: Photometric) -> FilmPixels:
    if image.mode == "F":
        raise FloatPixels("The pixels are fractions; a film holds whole grey values.")
    if image.mode in DEEP_MODES:
        return replace(_deep(np.asarray(image)), photometric=photometric)
    if image.mode not in PLAIN_MODES:
        raise UnknownColour(
            "The colour space {space} cannot be turned into grey.", space=image.mode
        )
    return FilmPixels(values=_eight_bits(image), bits=8)


def _deep(values: NDArray[np.uint16] | NDArray[np.int32]) -> FilmPixels:
    low, high = int(values.min()), int(values.max())
    if low >= 0 and high < 2**16:
        return FilmPixels(values=values.astype(np.uint16), bits=16)
    if low >= -(2**15) and high < 2**15:
        shifted = (values.astype(np.int32) + 2**15).astype(np.uint16)
        return FilmPixels(values=shifted, bits=16, intercept=-(2.0**15))
    raise TooDeep(
        "The grey values reach from {low} to {high}; sixteen bits are the limit.",
        low=low,
        high=high,
    )


def _eight_bits(image: Image.Image) -> Values:
    """Return grey [H, W]; what is transparent becomes black, unless all is transparent."""
    if not image.has_transparency_data:
        is_grey = image.mode in ("1", "L")
        return (
            np.asarray(image.convert("L")) if is_grey else to_grey(np.asarray(image.convert("RGB")))
        )
    coloured = image.convert("RGBA")
    grey, alpha = to_grey(np.asarray(coloured)[..., :3]), coloured.getchannel("A")
    low, high = alpha.getextrema()
    if low == high:
        return grey
    return np.asarray(ImageChops.multiply(Image.fromarray(grey), alpha))
