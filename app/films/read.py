"""What kind of file is this, and who reads it? Runs inside the airlock; all others ask `decode`."""

from app.films.dicom import has_mark, may_be_bare, read_dicom
from app.films.limits import Limits
from app.films.pixels import FilmPixels
from app.films.raster import read_raster
from app.films.refusals import EmptyFile, NotAnImage
from app.words import N_

# Files that people put beside films by mistake, by their first bytes.
OTHERS = {
    b"%PDF": N_("The file is a PDF document, not a film."),
    b"PK\x03\x04": N_("The file is a zip archive, not a film."),
    b"\x1f\x8b": N_("The file is a gzip archive, not a film."),
    b"{\\rtf": N_("The file is a text document, not a film."),
    b"<?xml": N_("The file is an XML document, not a film."),
    b"<!DOC": N_("The file is a web page, not a film."),
    b"<html": N_("The file is a web page, not a film."),
    b"<svg": N_("The file is a drawing (SVG), not a film."),
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
    for mark, sentence in OTHERS.items():
        if start.startswith(mark):
            raise NotAnImage(sentence)
    try:
        return read_raster(data, limits)
    except NotAnImage:
        if may_be_bare(data):
            return read_dicom(data, limits)
        raise
