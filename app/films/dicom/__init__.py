"""Single-frame DICOM as a film: header, pixels, look-up tables, each in its own file."""

from app.films.dicom.film import read_dicom
from app.films.dicom.header import has_mark, may_be_bare

__all__ = ["has_mark", "may_be_bare", "read_dicom"]
