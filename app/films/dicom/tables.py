"""Look-up tables, windows and spacings of a DICOM header. What is broken is left out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from app.films.dicom import numbers
from app.films.pixels import VoiTable, Window, WindowFunction

SPACINGS = ("PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing")
# Of a broken or odd file a hundred ways would come with every film.
MOST_WAYS = 8
FUNCTIONS: dict[str, WindowFunction] = {
    "LINEAR": "LINEAR",
    "LINEAR_EXACT": "LINEAR_EXACT",
    "SIGMOID": "SIGMOID",
}


@dataclass(frozen=True)
class Table:
    """A look-up table: ``first`` maps to ``values[0]``, of ``bits`` bits each (PS3.3, C.11.1)."""

    first: int
    bits: int
    values: NDArray[np.uint16]


def modality_table(header: Dataset, *, signed: bool) -> Table | None:
    """Return the Modality LUT, if there is one."""
    return _first_table(header, "ModalityLUTSequence", signed=signed)


def rescale(header: Dataset) -> tuple[float, float]:
    """Return (slope, intercept); (1, 0) if none are given or they make no sense."""
    slope = numbers.first(header, "RescaleSlope")
    intercept = numbers.first(header, "RescaleIntercept")
    return slope or 1.0, intercept or 0.0


def voi(header: Dataset, *, signed: bool) -> list[Window | VoiTable]:
    """Return the film's ways to be shown, at most `MOST_WAYS`: VOI LUTs, then windows."""
    found: list[Window | VoiTable] = [
        VoiTable(table.first, table.bits, tuple(table.values.tolist()))
        for item in header.get("VOILUTSequence") or ()
        if (table := _table(item, signed=signed)) is not None
    ]
    found.extend(_windows(header))
    return found[:MOST_WAYS]


def spacing(header: Dataset) -> tuple[float, float] | None:
    """Return (between rows, between columns) in millimetres, the patient's if known."""
    for keyword in SPACINGS:
        found = numbers.several(header, keyword)
        if len(found) == 2 and min(found) > 0:
            return found[0], found[1]
    return None


def pixel_aspect(header: Dataset) -> float | None:
    """Return a pixel's height to its width where no spacing says it (PS3.3, C.7.6.3.1.7)."""
    found = numbers.several(header, "PixelAspectRatio")
    if len(found) == 2 and min(found) > 0 and found[0] != found[1]:
        return found[0] / found[1]
    return None


def _windows(header: Dataset) -> list[Window]:
    centers = numbers.several(header, "WindowCenter")
    widths = numbers.several(header, "WindowWidth")
    said = str(header.get("VOILUTFunction") or "LINEAR").strip().upper()
    function = FUNCTIONS.get(said, "LINEAR")
    least = 1 if function == "LINEAR" else 0
    return [
        Window(center=center, width=width, function=function)
        for center, width in zip(centers, widths, strict=False)  # one without its pair says nothing
        if width >= least and width > 0
    ]


def _first_table(header: Dataset, keyword: str, *, signed: bool) -> Table | None:
    sequence = header.get(keyword)
    return _table(sequence[0], signed=signed) if sequence else None


def _table(item: Dataset, *, signed: bool) -> Table | None:
    descriptor = [int(number) for number in numbers.several(item, "LUTDescriptor")]
    if len(descriptor) != 3 or not 8 <= descriptor[2] <= 16:
        return None
    # A table of 65,536 entries writes 0, the largest that fits.
    entries, first, bits = descriptor[0] % 2**16 or 2**16, descriptor[1], descriptor[2]
    values = _entries(item, entries)
    if len(values) != entries:
        return None
    if signed and first >= 2**15:
        first -= 2**16
    return Table(first=first, bits=bits, values=values)


def _entries(item: Dataset, entries: int) -> NDArray[np.uint16]:
    said = item.get("LUTData")
    if isinstance(said, bytes):
        order = "<" if item.is_little_endian is not False else ">"
        if len(said) < 2 * entries:  # one byte an entry, and perhaps one of padding
            return np.frombuffer(said, np.uint8)[:entries].astype(np.uint16)
        return np.frombuffer(said[: 2 * entries], f"{order}u2").astype(np.uint16)
    found = numbers.several(item, "LUTData")[:entries]
    return (np.array(found, np.int64) & 0xFFFF).astype(np.uint16)
