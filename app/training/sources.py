"""The films a run learns from: found in folder layouts, read one at a time."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.films.decode import decode, decode_mask
from app.films.layout import FilmEntry, read_layout
from app.films.limits import Limits
from app.films.pixels import FilmPixels
from app.films.table import TABLE
from app.films.voi import luminance
from app.networks.scaling import resize, to_input
from app.training.config import Task
from app.training.mbpack import PackFile, PackRefused, opened

WORDS = ("name", "patient", "view", "split", "note", "fold")


@dataclass(frozen=True)
class Source:
    """One film of a folder and the mask of the task, if it has one; unknown words are empty."""

    path: Path
    mask: Path | None
    folder: str
    name: str  # the path inside the folder
    patient: str
    view: str
    split: str
    note: str
    fold: str

    @property
    def marked(self) -> bool:
        """Say whether the film came with a mask."""
        return self.mask is not None


@dataclass(frozen=True)
class PackedSource(Source):
    """A film in a file of packed films, at its position there."""

    pack: PackFile = field(repr=False, compare=False)
    position: int
    task: Task


@dataclass(frozen=True)
class ReadFilm:
    """A film as uint8 [h, w], and its mask's coverage as uint8 [h, w]."""

    film: NDArray[np.uint8]
    mask: NDArray[np.uint8]
    pixels_sha256: str


def find_sources(data: Path, folders: Iterable[str], task: Task) -> list[Source]:
    """Return the films of data's folders, or of data itself when no folder is named.

    Data may also be one file that `train pack` wrote.

    A film that came without infection counts as one without infection; one that came without lungs
    is passed over.
    Raises the refusal of a film that cannot be read: a run on a part of the films that were meant
    would look like a run on all.
    """
    if _is_packed(data):
        return _packed_sources(opened(data), tuple(folders), task)
    found = []
    for folder in folders or ("",):
        folds = _folds(data / folder / TABLE)
        for entry in read_layout(data / folder):
            if entry.refusal:
                raise entry.refusal
            if task == "lungs" and task not in entry.masks:
                continue  # it has lungs all the same, only nobody drew them
            name = entry.path.relative_to(data / folder).as_posix()
            fold = folds.get(name, "")
            found.append(_source(entry, folder=folder, name=name, task=task, fold=fold))
    return found


def _source(entry: FilmEntry, *, folder: str, name: str, task: Task, fold: str) -> Source:
    return Source(
        path=entry.path,
        mask=entry.masks.get(task),
        folder=folder,
        name=name,
        patient=entry.patient_id or "",
        view=entry.view or "",
        split=entry.split or "",
        note=entry.note or "",
        fold=fold,
    )


def _folds(table: Path) -> dict[str, str]:
    """Return the fold that an exported training set gives each film, by its path."""
    if not table.is_file():
        return {}
    with table.open(newline="", encoding="utf-8-sig") as file:
        return {row["file"]: row["fold"] for row in csv.DictReader(file) if row.get("fold")}


def _is_packed(data: Path) -> bool:
    return data.is_file() and data.suffix.lower() != ".csv"


def assert_folder(data: Path) -> None:
    """Raise PackRefused if data is a file of packed films: their own sizes are not in it."""
    if _is_packed(data):
        raise PackRefused(
            f"{data} holds films of one size; networks are measured on films of their own size.",
            cure="Give the folders that were packed: a run on the pack counts as one on them.",
        )


def _packed_sources(pack: PackFile, folders: tuple[str, ...], task: Task) -> list[Source]:
    """Return a pack's films as their folders would give them: same names, same order."""
    words = pack.columns
    found: list[Source] = []
    for folder in folders or (pack.only_folder(),):
        for position in pack.positions_of(folder):
            marked = bool(pack.marked(task)[position])
            if task == "lungs" and not marked:
                continue
            found.append(
                PackedSource(
                    path=pack.path,
                    mask=pack.path if marked else None,
                    folder=folder if folders else "",
                    **{key: str(words[key][position]) for key in WORDS},
                    pack=pack,
                    position=position,
                    task=task,
                )
            )
    return found


def read_pixels(source: Source) -> FilmPixels:
    """Decode a film.

    Raises PackRefused for a packed one, whose own pixels stayed where it was packed.
    """
    if isinstance(source, PackedSource):
        assert_folder(source.path)
    return decode(source.path.read_bytes(), name=source.name, limits=Limits.default())


def read_mask(source: Source, shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Return the film's mask [H, W]; empty if it came with none."""
    if source.mask is None:
        return np.zeros(shape, np.bool_)
    data = source.mask.read_bytes()
    return decode_mask(data, name=source.name, shape=shape, limits=Limits.default())


def read_source(
    source: Source, *, grid: tuple[int, int], percentiles: tuple[float, float]
) -> ReadFilm:
    """Decode a film and its mask at grid (rows, columns)."""
    if isinstance(source, PackedSource):
        source.pack.assert_serves(grid=grid, percentiles=percentiles)
        return _read_packed(source, grid)
    pixels = read_pixels(source)
    grey = luminance(pixels)
    low, high = percentiles
    mask = read_mask(source, pixels.shape).astype(np.float32)
    return ReadFilm(
        film=_bytes(to_input(grey, grid=grid, low=low, high=high)[0]),
        mask=_bytes(resize(mask, grid)),
        pixels_sha256=pixels.sha256(),
    )


def _read_packed(source: PackedSource, grid: tuple[int, int]) -> ReadFilm:
    pack, position = source.pack, source.position
    film = pack.film(position)
    if film.shape != grid:
        film = _bytes(resize(film.astype(np.float32) / np.float32(255), grid))
    mask = pack.mask(source.task, position).astype(np.float32)
    return ReadFilm(
        film=film,
        mask=_bytes(resize(mask, grid)),
        pixels_sha256=str(pack.columns["pixels_sha256"][position]),
    )


def _bytes(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.round(np.clip(values, 0, 1) * 255).astype(np.uint8)
