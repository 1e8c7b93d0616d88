"""A film as stored: grey values and what is needed to understand them. Pure."""

import base64
import hashlib
import io
import json
import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Photometric = Literal["MONOCHROME1", "MONOCHROME2"]
WindowFunction = Literal["LINEAR", "LINEAR_EXACT", "SIGMOID"]
Values = NDArray[np.uint8] | NDArray[np.uint16]

# Measured on chest films: a fifth of the time of zlib's default, and 7 % smaller, for noise has no
# long repeats to be searched for.
COMPRESSION = {"compress_level": 1, "compress_type": zlib.Z_RLE}

# Spacings are written with few digits; and a pixel ten times as long as wide is a slip of the pen.
ROUNDING, LEAST_SQUARE = 0.002, 10.0


@dataclass(frozen=True)
class Window:
    """A VOI window, in modality units (DICOM PS3.3, C.11.2.1.2 and C.11.2.1.3)."""

    center: float
    width: float
    function: WindowFunction = "LINEAR"


@dataclass(frozen=True)
class VoiTable:
    """A VOI look-up table: modality value ``first`` maps to ``values[0]``, of ``bits`` bits."""

    first: int
    bits: int
    values: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class FilmPixels:
    """One film. ``values[row, column]`` are uint8 or uint16 and mean ``slope·value + intercept``.

    Signed stored values are shifted up to be unsigned, and ``intercept`` down by as much.
    ``spacing_mm`` is (between rows, between columns); ``pixel_aspect`` the height of a pixel to its
    width where the film says that alone. ``further_voi`` are more ways to be shown that the film
    brings, in its order; only a reader who asks sees them.
    """

    values: Values
    bits: int
    photometric: Photometric = "MONOCHROME2"
    slope: float = 1.0
    intercept: float = 0.0
    voi: Window | VoiTable | None = None
    further_voi: tuple[Window | VoiTable, ...] = ()
    spacing_mm: tuple[float, float] | None = None
    pixel_aspect: float | None = None

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or self.values.dtype not in (np.uint8, np.uint16):
            raise ValueError("a film is a two-dimensional array of uint8 or uint16")
        if not 1 <= self.bits <= 16:
            raise ValueError("a film has 1 to 16 bits a pixel")
        if not (math.isfinite(self.slope) and math.isfinite(self.intercept) and self.slope):
            raise ValueError("slope and intercept are finite, and the slope is not zero")

    @property
    def shape(self) -> tuple[int, int]:
        """Return (rows, columns)."""
        rows, columns = self.values.shape
        return rows, columns

    @property
    def aspect(self) -> float:
        """Return how much higher than wide a pixel is shown.

        1 where nothing is known, where it is square but for the rounding of two spacings, and
        where what is said cannot be meant.
        """
        return _aspect(self.spacing_mm, self.pixel_aspect)

    def sha256(self) -> str:
        """Return the film's identity: what it shows, whatever its file, window or spacing."""
        head = [self.values.dtype.name, *self.shape, self.photometric, self.slope, self.intercept]
        digest = hashlib.sha256(json.dumps(head).encode())
        little = self.values.astype(self.values.dtype.newbyteorder("<"), copy=False)
        digest.update(np.ascontiguousarray(little).data)
        return digest.hexdigest()

    def to_bytes(self) -> bytes:
        """Return ``values`` as a lossless 8 or 16 bit grey PNG."""
        return grey_png(self.values)

    def meta(self) -> dict[str, Any]:
        """Return all but the values, ready for JSON."""
        said: dict[str, Any] = {
            "bits": self.bits,
            "photometric": self.photometric,
            "slope": self.slope,
            "intercept": self.intercept,
            "voi": _voi_to_json(self.voi),
            "spacing_mm": list(self.spacing_mm) if self.spacing_mm else None,
        }
        if self.further_voi:
            said["further_voi"] = [_voi_to_json(voi) for voi in self.further_voi]
        if self.pixel_aspect:
            said["pixel_aspect"] = self.pixel_aspect
        return said

    @classmethod
    def restore(cls, png: bytes, meta: dict[str, Any]) -> Self:
        """Return the film of `to_bytes` and `meta`."""
        with Image.open(io.BytesIO(png), formats=["PNG"]) as opened:
            values = np.asarray(opened)
        return cls.with_meta(values, meta)

    @classmethod
    def with_meta(cls, values: NDArray[Any], meta: dict[str, Any]) -> Self:
        """Return the film of ``values`` [H, W] and `meta`."""
        spacing = meta["spacing_mm"]
        return cls(
            values=values if values.dtype == np.uint8 else values.astype(np.uint16, copy=False),
            bits=meta["bits"],
            photometric=meta["photometric"],
            slope=meta["slope"],
            intercept=meta["intercept"],
            voi=_voi_from_json(meta["voi"]),
            further_voi=tuple(map(_voi_read, meta.get("further_voi", ()))),
            spacing_mm=(spacing[0], spacing[1]) if spacing else None,
            pixel_aspect=meta.get("pixel_aspect"),
        )


def aspect_of(meta: dict[str, Any]) -> float:
    """Return `FilmPixels.aspect` from `FilmPixels.meta`."""
    return _aspect(meta["spacing_mm"], meta.get("pixel_aspect"))


def _aspect(spacing: Sequence[float] | None, alone: float | None) -> float:
    said = spacing[0] / spacing[1] if spacing else alone or 1.0
    square = abs(said - 1) < ROUNDING or not 1 / LEAST_SQUARE <= said <= LEAST_SQUARE
    return 1.0 if square else said


def grey_png(values: Values) -> bytes:
    """Return a grey PNG of uint8 or uint16 [H, W], without dates or text: equal in, equal out."""
    file = io.BytesIO()
    Image.fromarray(values).save(file, "PNG", **COMPRESSION)
    return file.getvalue()


def _voi_to_json(voi: Window | VoiTable | None) -> dict[str, Any] | None:
    if isinstance(voi, Window):
        return {"center": voi.center, "width": voi.width, "function": voi.function}
    if isinstance(voi, VoiTable):
        # Tables have up to 65,536 entries: packed, they fit a column of a database row.
        packed = zlib.compress(np.array(voi.values, "<u2").tobytes())
        return {
            "first": voi.first,
            "bits": voi.bits,
            "table": base64.b64encode(packed).decode("ascii"),
        }
    return None


def _voi_from_json(said: dict[str, Any] | None) -> Window | VoiTable | None:
    return None if said is None else _voi_read(said)


def _voi_read(said: dict[str, Any]) -> Window | VoiTable:
    if "table" in said:
        unpacked = zlib.decompress(base64.b64decode(said["table"]))
        values = np.frombuffer(unpacked, "<u2").tolist()
        return VoiTable(first=said["first"], bits=said["bits"], values=tuple(values))
    return Window(center=said["center"], width=said["width"], function=said["function"])
