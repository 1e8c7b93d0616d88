"""Any file's bytes to a film. Here, and only here, a decoder's failure becomes a refusal."""

import numpy as np
from numpy.typing import NDArray

from app.films.dicom import has_mark, may_be_bare, read_dicom
from app.films.limits import Limits
from app.films.pixels import FilmPixels
from app.films.quiet import quiet
from app.films.raster import read_raster
from app.films.refusals import EmptyFile, FilmRefused, MaskSize, NotAnImage, Unreadable
from app.films.voi import luminance

__all__ = ["Limits", "decode", "decode_mask"]

# Files that people put beside films by mistake, by their first bytes.
OTHERS = {
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a zip archive",
    b"\x1f\x8b": "a gzip archive",
    b"{\\rtf": "a text document",
    b"<?xml": "an XML document",
    b"<!DOC": "a web page",
    b"<html": "a web page",
    b"<svg": "a drawing (SVG)",
}


def decode(data: bytes, *, name: str, limits: Limits) -> FilmPixels:
    """Return the film in ``data``; raises a `FilmRefused` that knows ``name``.

    The file's kind is told by its bytes, never by its name.
    """
    try:
        with quiet():
            return _read(data, limits)
    except FilmRefused as refused:
        refused.film = name
        raise
    except MemoryError as error:
        raise _unreadable(name, "it needs more memory than there is") from error
    except RecursionError as error:
        raise _unreadable(name, "its parts are nested too deeply") from error
    except Exception as error:
        # Decoders of strangers' bytes raise whatever they like; none of it may stop an import.
        raise _unreadable(name, _plain(error)) from error


def decode_mask(
    data: bytes, *, name: str, shape: tuple[int, int], limits: Limits
) -> NDArray[np.bool_]:
    """Return the mask in ``data`` as bool [H, W] of ``shape``: the brighter half is inside.

    Masks of 0 and 1 count as much as those of 0 and 255. Raises `MaskSize`, or what `decode` does.
    """
    film = decode(data, name=name, limits=limits)
    if film.shape != shape:
        refused = MaskSize(
            f"The mask has {film.shape[0]} by {film.shape[1]} pixels, its film "
            f"{shape[0]} by {shape[1]}."
        )
        refused.film = name
        raise refused
    bright = luminance(film)
    inside: NDArray[np.bool_] = bright > bright.max(initial=0) / 2
    return inside


def _read(data: bytes, limits: Limits) -> FilmPixels:
    if not data:
        raise EmptyFile("The file is empty.")
    limits.check_bytes(len(data))
    if has_mark(data):
        return read_dicom(data, limits)
    for mark, kind in OTHERS.items():
        if data.lstrip()[: len(mark)] == mark:
            raise NotAnImage(f"The file is {kind}, not a film.")
    try:
        return read_raster(data, limits)
    except NotAnImage:
        if may_be_bare(data):
            return read_dicom(data, limits)
        raise


def _unreadable(name: str, why: str) -> Unreadable:
    refused = Unreadable(f"The file cannot be decoded: {why}.")
    refused.film = name
    return refused


def _plain(error: Exception) -> str:
    """Return the first line of what a decoder said, short and printable."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    printable = "".join(c for c in lines[0] if c.isprintable())
    return printable[:160].rstrip(" .:") or type(error).__name__
