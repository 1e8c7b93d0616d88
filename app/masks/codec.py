"""A mask as bytes: packed bits for the wire, 1-bit PNG for the store, runs for JSON."""

import io
import math
from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from app.problems import Problem

Mask = NDArray[np.bool_]


class MaskRefused(Problem):
    """The bytes are not a mask of the expected kind or size."""

    code: ClassVar[str] = "mask-refused"
    status: ClassVar[int] = 422


def packed_length(shape: tuple[int, int]) -> int:
    """Return the bytes that `pack_bits` makes of a mask of ``shape`` (rows, columns)."""
    return math.ceil(shape[0] * shape[1] / 8)


def pack_bits(mask: Mask) -> bytes:
    """Pack ``bool[H, W]`` row by row, eight pixels a byte, most significant bit first.

    Rows are not padded: the raster is one string of bits, padded with zeros at its end only.
    """
    return np.packbits(mask, axis=None).tobytes()


def unpack_bits(data: bytes, shape: tuple[int, int]) -> Mask:
    """Return the mask ``bool[H, W]`` that `pack_bits` packed.

    Raises `MaskRefused` where the length does not fit ``shape`` or the padding is not zero, so
    that equal masks always have equal bytes.
    """
    pixels = shape[0] * shape[1]
    if len(data) != packed_length(shape):
        raise MaskRefused(
            f"A mask of {shape[0]} x {shape[1]} has {packed_length(shape)} bytes, not {len(data)}."
        )
    bits = np.unpackbits(np.frombuffer(data, np.uint8))
    if bits[pixels:].any():
        raise MaskRefused("The bits behind the mask's last pixel are not zero.")
    return bits[:pixels].reshape(shape).astype(np.bool_)


def to_png(mask: Mask) -> bytes:
    """Return a 1-bit grey PNG, white inside; the same mask gives the same bytes."""
    height, width = mask.shape
    rows = np.packbits(mask, axis=1).tobytes()
    file = io.BytesIO()
    Image.frombytes("1", (width, height), rows).save(file, "PNG")
    return file.getvalue()


def from_png(data: bytes, *, max_pixels: int) -> Mask:
    """Return the mask ``bool[H, W]`` of a PNG that `to_png` wrote.

    The size is checked before a pixel is decoded. Raises `MaskRefused` for anything but a 1-bit
    PNG; masks that people bring go through `app.films.decode.decode_mask`.
    """
    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
            if image.width * image.height > max_pixels:
                raise MaskRefused(f"The mask has more than {max_pixels} pixels.")
            if image.mode != "1":
                raise MaskRefused(f"The mask is of mode {image.mode}, not of one bit a pixel.")
            return np.array(image, np.bool_)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise MaskRefused(f"The mask's PNG cannot be read: {error}") from error


def to_runs(mask: Mask) -> list[int]:
    """Return the lengths of the runs outside, inside, outside … of the raster, row by row.

    The first run is outside and may be 0. COCO's uncompressed form runs down the columns:
    ``to_runs(mask.T)``.
    """
    flat = mask.ravel()
    turns = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    edges = np.concatenate(([0], turns, [flat.size]))
    runs: list[int] = np.diff(edges).tolist()
    return [0, *runs] if flat.size and flat[0] else runs


def from_runs(runs: Sequence[int], shape: tuple[int, int]) -> Mask:
    """Return the mask of `to_runs`; raises `MaskRefused` where the runs do not fill ``shape``."""
    if any(run < 0 for run in runs) or sum(runs) != shape[0] * shape[1]:
        raise MaskRefused(f"The runs do not fill a mask of {shape[0]} x {shape[1]} pixels.")
    inside = np.arange(len(runs)) % 2 == 1
    return np.repeat(inside, runs).reshape(shape)
