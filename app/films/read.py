"""What kind of file is this, and who reads it? Runs inside the airlock; all others ask `decode`."""

from app.films.dicom import has_mark, may_be_bare, read_dicom
from app.films.limits import Limits
from app.films.pixels import FilmPixels
from app.films.raster import read_raster
from app.films.refusals import EmptyFile, NotAnImage

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


def read(data: bytes, limits: Limits) -> FilmPixels:
    """Return the film in ``data``, told by its bytes, never by its name.

    Raises a `FilmRefused`, or whatever the decoders of a damaged file raise.
    """
    if not data:
        raise EmptyFile("The file is empty.")
    limits.check_bytes(len(data))
    if has_mark(data):
        return read_dicom(data, limits)
    start = data[:256].lstrip()
    for mark, kind in OTHERS.items():
        if start.startswith(mark):
            raise NotAnImage(f"The file is {kind}, not a film.")
    try:
        return read_raster(data, limits)
    except NotAnImage:
        if may_be_bare(data):
            return read_dicom(data, limits)
        raise
