"""Out-of-fold predictions that are shipped in the place of the folds' files.

Five more files a network are heavy. The films that taught it are known, so what the file that never
saw a film said of it can be kept instead: one zip with ``index.csv`` (pixels_sha256, fold, sha256
of the fold's ONNX file) and one grey PNG a film, the calibrated probability in steps of 1/255.
"""

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.networks.manifest import NetworkEntry, inside
from app.networks.refusals import NetworkRefused

INDEX = "index.csv"
COLUMNS = ("pixels_sha256", "fold", "sha256")
WRITTEN_AT = (1980, 1, 1, 0, 0, 0)  # the same predictions make the same bytes
MAX_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class Prediction:
    """What the file (``sha256``) that never saw ``fold`` said of one film, float32 [h, w] 0 … 1."""

    pixels_sha256: str
    fold: int
    sha256: str
    probability: NDArray[np.float32]


def write(predictions: Iterable[Prediction]) -> bytes:
    """Return the zip of these predictions, the same for the same ones in any order.

    A film that lies in two files stands here once. Raises ValueError where two folds speak for it:
    then one of them had learnt from it.
    """
    by_film: dict[str, Prediction] = {}
    for one in predictions:
        if by_film.setdefault(one.pixels_sha256, one).fold != one.fold:
            raise ValueError(f"the film {one.pixels_sha256} stands in two folds")
    ordered = [by_film[sha] for sha in sorted(by_film)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((one.pixels_sha256, one.fold, one.sha256) for one in ordered)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo(INDEX, WRITTEN_AT), text.getvalue())
        for one in ordered:
            name = zipfile.ZipInfo(f"{one.pixels_sha256}.png", WRITTEN_AT)
            archive.writestr(name, _png(one.probability))
    return packed.getvalue()


def read(models: Path, entry: NetworkEntry, pixels_sha256: str) -> Prediction | None:
    """Return the kept prediction of a film, None where there is none.

    Raises `NetworkRefused` where the zip is not the one of the manifest or cannot be read.
    """
    if entry.out_of_fold is None:
        return None
    path = inside(models, entry.out_of_fold.path)
    try:
        archive = _opened(path, entry.out_of_fold.sha256, path.stat().st_mtime_ns)
        return archive.get(pixels_sha256, entry.input.grid)
    except (OSError, KeyError, ValueError, SyntaxError, zipfile.BadZipFile) as error:
        raise NetworkRefused(
            "{path}: expected out-of-fold predictions, they cannot be read ({error}).",
            cure="Fetch the file again, or take out_of_fold out of the manifest.",
            path=path,
            error=error,
        ) from error


def verify(models: Path, entry: NetworkEntry) -> None:
    """Raise `NetworkRefused` unless every prediction that the manifest names can be read."""
    if entry.out_of_fold is not None:
        path = inside(models, entry.out_of_fold.path)
        if not path.is_file():
            raise NetworkRefused(
                "{path}: expected out-of-fold predictions, there are none.", path=path
            )
        for sha in _opened(path, entry.out_of_fold.sha256, path.stat().st_mtime_ns).films:
            read(models, entry, sha)


@dataclass(frozen=True)
class _Kept:
    """The zip in memory, and its index."""

    data: bytes
    films: dict[str, tuple[int, str]]

    def get(self, sha: str, grid: tuple[int, int]) -> Prediction | None:
        if sha not in self.films:
            return None
        fold, network = self.films[sha]
        with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
            values = _grey(archive.read(f"{sha}.png"), grid)
        return Prediction(sha, fold, network, values)


@lru_cache(maxsize=16)
def _opened(path: Path, sha256: str, changed: int) -> _Kept:
    if path.stat().st_size > MAX_BYTES:
        raise NetworkRefused("{path}: expected at most {most} bytes.", path=path, most=MAX_BYTES)
    data = path.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise NetworkRefused(
            "{path}: expected the sha256 {sha256}, found {found}.",
            path=path,
            sha256=sha256,
            found=found,
        )
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        rows = csv.DictReader(io.StringIO(archive.read(INDEX).decode("utf-8")))
        films = {row["pixels_sha256"]: (int(row["fold"]), row["sha256"]) for row in rows}
    return _Kept(data, films)


def _png(probability: NDArray[np.float32]) -> bytes:
    file = io.BytesIO()
    grey = np.round(np.clip(probability, 0, 1) * 255).astype(np.uint8)
    Image.fromarray(grey).save(file, "PNG", optimize=True)
    return file.getvalue()


def _grey(data: bytes, grid: tuple[int, int]) -> NDArray[np.float32]:
    with Image.open(io.BytesIO(data), formats=["PNG"]) as picture:
        if picture.mode != "L" or (picture.height, picture.width) != grid:
            raise ValueError(f"a picture of {picture.height} x {picture.width}, {picture.mode}")
        return np.asarray(picture, np.float32) / np.float32(255)
