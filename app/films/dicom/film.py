"""From a DICOM file to a film: header, frame, bits, modality, padding."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.pixels.decoders.base import get_decoder
from pydicom.pixels.processing import apply_color_lut
from pydicom.uid import UID

from app.films.dicom import numbers, tables
from app.films.dicom.codestream import CURE, check_frame
from app.films.dicom.header import Raster, check_kind, read_header, read_raster_layout
from app.films.limits import Limits
from app.films.pixels import FilmPixels, Photometric
from app.films.raster import to_grey
from app.films.refusals import Truncated, UnknownCompression

# The bits are put right in `_unsigned`, which knows of the high bit too.
DECODING: dict[str, Any] = {"correct_unused_bits": False}
MONOCHROME: dict[str, Photometric] = {"MONOCHROME1": "MONOCHROME1", "MONOCHROME2": "MONOCHROME2"}


def read_dicom(data: bytes, limits: Limits) -> FilmPixels:
    """Return the one frame of ``data`` as a film; raises a `FilmRefused`."""
    header = read_header(data, limits)
    check_kind(header)
    raster = read_raster_layout(header, limits)
    _complete(header, raster)
    stored = _decoded(header, raster)
    if raster.photometric in MONOCHROME:
        return _monochrome(header, raster, _unsigned(stored, raster))
    if raster.photometric == "PALETTE COLOR":
        stored = apply_color_lut(stored, header)
    grey = to_grey(stored)
    return FilmPixels(
        values=grey,
        bits=8 * grey.itemsize,
        spacing_mm=tables.spacing(header),
        pixel_aspect=tables.pixel_aspect(header),
    )


def _complete(header: Dataset, raster: Raster) -> None:
    """Write what was guessed or put right into the header, for the decoders read it again."""
    header.SamplesPerPixel = raster.samples
    header.PhotometricInterpretation = raster.photometric
    header.BitsStored = raster.stored
    header.PixelRepresentation = int(raster.signed)
    if raster.samples > 1 and "PlanarConfiguration" not in header:
        header.PlanarConfiguration = 0


def _decoded(header: Dataset, raster: Raster) -> NDArray[Any]:
    syntax = UID(header.file_meta.TransferSyntaxUID)
    try:
        decoder = get_decoder(syntax)
    except NotImplementedError:
        raise _unknown(syntax) from None
    if not decoder.is_available:
        raise _unknown(syntax)
    if syntax.is_encapsulated:
        check_frame(header.PixelData, raster, syntax=syntax)
    elif len(header.PixelData) < raster.native_bytes:
        raise Truncated(
            "The pixel data hold {have} of {wanted} bytes.",
            have=len(header.PixelData),
            wanted=raster.native_bytes,
        )
    pixels, _ = decoder.as_array(header, index=0, **DECODING)
    return pixels


def _unknown(syntax: UID) -> UnknownCompression:
    return UnknownCompression(
        "The pixels are compressed as {syntax}, which is not read here.",
        cure=CURE,
        syntax=syntax.name,
    )


def _unsigned(pixels: NDArray[Any], raster: Raster) -> NDArray[np.uint16]:
    """Return the stored bits only (no overlay in the others), signed values shifted up."""
    native = pixels.astype(pixels.dtype.newbyteorder("="), copy=False)
    container = native.view(f"u{native.itemsize}")
    shift = raster.high_bit + 1 - raster.stored
    if not 0 <= shift <= raster.allocated - raster.stored:
        shift = 0
    # Two's complement with its top bit flipped counts up from the lowest value.
    flip = 2 ** (raster.stored - 1) if raster.signed else 0
    bits: NDArray[np.uint16] = (container >> shift).astype(np.uint16) & (2**raster.stored - 1)
    return bits ^ np.uint16(flip)


def _monochrome(header: Dataset, raster: Raster, stored: NDArray[np.uint16]) -> FilmPixels:
    photometric = MONOCHROME[raster.photometric]
    lowest = -(2 ** (raster.stored - 1)) if raster.signed else 0
    padded = _padding(header, stored, lowest=lowest, signed=raster.signed)
    table = tables.modality_table(header, signed=raster.signed)
    if table is not None:
        places = np.clip(stored.astype(np.int32) + lowest - table.first, 0, len(table.values) - 1)
        values, bits, slope, intercept = table.values[places], table.bits, 1.0, 0.0
    else:
        slope, intercept = tables.rescale(header)
        values, bits, intercept = stored, raster.stored, intercept + slope * lowest
    ways = tables.voi(header, signed=raster.signed or lowest < 0 or intercept < 0)
    _darken(values, padded, bright_is_high=(slope > 0) == (photometric == "MONOCHROME2"))
    return FilmPixels(
        values=values.astype(np.uint8) if bits <= 8 else values,
        bits=bits,
        photometric=photometric,
        slope=slope,
        intercept=intercept,
        voi=ways[0] if ways else None,
        further_voi=tuple(ways[1:]),
        spacing_mm=tables.spacing(header),
        pixel_aspect=tables.pixel_aspect(header),
    )


def _padding(
    header: Dataset, stored: NDArray[np.uint16], *, lowest: int, signed: bool
) -> NDArray[np.bool_]:
    """Return which pixels pad the film to a rectangle (PS3.3, C.7.5.1.1.2)."""
    ends = [
        numbers.first(header, "PixelPaddingValue"),
        numbers.first(header, "PixelPaddingRangeLimit"),
    ]
    present = [int(end) for end in ends if end is not None]
    if ends[0] is None:
        return np.zeros(stored.shape, np.bool_)
    if signed:
        present = [end - 2**16 if end >= 2**15 else end for end in present]
    values = stored.astype(np.int32) + lowest
    return (values >= min(present)) & (values <= max(present))


def _darken(values: NDArray[np.uint16], padded: NDArray[np.bool_], *, bright_is_high: bool) -> None:
    """Give padding the darkest value of the film, so that it neither glares nor skews a window."""
    if padded.any() and not padded.all():
        film = values[~padded]
        values[padded] = film.min() if bright_is_high else film.max()
