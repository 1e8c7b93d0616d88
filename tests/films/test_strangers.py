"""Files that none of us made: pydicom's own test files, each taken or refused with a sentence."""

import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from pydicom.pixels.processing import apply_modality_lut, apply_voi_lut

from app.films.decode import Limits, decode
from app.films.pixels import FilmPixels, Window
from app.films.refusals import FilmRefused
from app.films.voi import display

FOLDER = Path(pydicom.__file__).parent / "data"
FILES = sorted(path for path in FOLDER.rglob("*") if path.is_file() and path.suffix != ".pyc")
# What each kind of stranger is expected to be called.
EXPECTED = {
    "rtplan.dcm": "no-pixels",
    "test-SR.dcm": "no-pixels",
    "liver_1frame.dcm": "not-a-film",
    "rtdose_1frame.dcm": "too-deep",
    "examples_ybr_color.dcm": "many-frames",
    "JPEG-lossy.dcm": "unknown-compression",
    "MR_truncated.dcm": "truncated",
    "JPEG2000-embedded-sequence-delimiter.dcm": "bad-header",
    "zipMR.gz": "not-an-image",
    "README.txt": "not-an-image",
    "DICOMDIR": "no-pixels",
}


def read(path: Path) -> FilmPixels | FilmRefused:
    """A film, or how it was refused."""
    try:
        return decode(path.read_bytes(), name=path.name, limits=Limits.default())
    except FilmRefused as refused:
        return refused


def test_each_is_taken_or_refused_with_a_sentence(capfd: pytest.CaptureFixture[str]) -> None:
    found = {path: read(path) for path in FILES}
    taken = [path for path, film in found.items() if isinstance(film, FilmPixels)]
    assert len(taken) >= 80
    for path, film in found.items():
        if isinstance(film, FilmRefused):
            assert re.fullmatch(r"[A-Z].*\.", film.sentence, re.DOTALL), (path, film.sentence)
            assert film.code != "film-refused"
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(("name", "code"), EXPECTED.items())
def test_a_stranger_is_called_by_its_name(name: str, code: str) -> None:
    film = read(next(path for path in FILES if path.name == name))
    assert isinstance(film, FilmRefused)
    assert film.code == code


def test_what_is_seen_is_what_pydicom_sees() -> None:
    compared = 0
    for path in FILES:
        film = read(path)
        if isinstance(film, FilmPixels) and path.suffix == ".dcm":
            with warnings.catch_warnings(action="ignore"):
                theirs = pydicoms(path)
            if theirs is not None:
                stored = film.slope * film.values.astype(float) + film.intercept
                assert np.allclose(stored, theirs[0]), path.name
                if theirs[1] is not None and isinstance(film.voi, Window):
                    assert np.abs(display(film) - theirs[1]).max() <= 0.5 + 1e-6, path.name
                compared += 1
    assert compared >= 25


def pydicoms(path: Path) -> tuple[NDArray[Any], NDArray[Any] | None] | None:
    """Modality values and grey 0…255 as pydicom has them; None for colours."""
    film = pydicom.dcmread(path, force=True)
    if film.get("PhotometricInterpretation") not in ("MONOCHROME1", "MONOCHROME2"):
        return None
    stored = film.pixel_array
    # Padding is the one thing shown otherwise, as the darkest of the film; pydicom leaves it.
    inside = stored != film.get("PixelPaddingValue")
    stored = np.where(inside, stored, stored[inside].min())
    modality = apply_modality_lut(stored, film)
    if "WindowCenter" not in film:
        return modality, None
    low = -(2 ** (film.BitsStored - 1)) if film.PixelRepresentation else 0
    slope, intercept = film.get("RescaleSlope", 1), film.get("RescaleIntercept", 0)
    ends = [end * slope + intercept for end in (low, low + 2**film.BitsStored - 1)]
    shown = (apply_voi_lut(modality, film) - ends[0]) / (ends[1] - ends[0]) * 255
    return modality, 255 - shown if film.PhotometricInterpretation == "MONOCHROME1" else shown
