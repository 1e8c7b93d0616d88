"""Many films as one array: read once, at the size a network is trained at, kept in one folder.

The big arrays are mapped into memory, not read: only what a batch needs is fetched, and two
trainings on the same films share it in the system's page cache.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.training.sources import Source, read_source

Progress = Callable[[int, int], None]

MAPPED = ("films", "masks")
COLUMNS = "columns.npz"


@dataclass(frozen=True)
class Pack:
    """Films and masks at one size, with what is known about each film, in one order.

    ``films`` and ``masks`` are uint8 [n, h, w] (row, column): grey 0…255 between the percentiles
    of the configuration, and the share of each cell that is inside the mask, 0…255. ``marked`` says
    whether the film came with a mask of the task; a film without one has an empty mask.
    """

    films: NDArray[np.uint8]
    masks: NDArray[np.uint8]
    marked: NDArray[np.bool_]
    folder: NDArray[np.str_]
    name: NDArray[np.str_]
    pixels_sha256: NDArray[np.str_]
    patient: NDArray[np.str_]  # empty where unknown
    view: NDArray[np.str_]
    split: NDArray[np.str_]
    note: NDArray[np.str_]
    fold: NDArray[np.str_]  # empty where the folder gives none

    def __len__(self) -> int:
        return len(self.films)

    def has_mask(self, chosen: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Say of each chosen film whether its mask on the grid is more than empty."""
        # Film by film: a copy of all masks would be hundreds of megabytes.
        return np.array([self.masks[film].any() for film in chosen], np.bool_)


def pack(
    sources: Sequence[Source],
    *,
    grid: tuple[int, int],
    percentiles: tuple[float, float],
    progress: Progress = lambda done, total: None,
) -> Pack:
    """Read all sources at grid (rows, columns) into memory."""
    films, masks = (np.empty((len(sources), *grid), np.uint8) for _ in MAPPED)
    columns = _fill(films, masks, sources, percentiles=percentiles, progress=progress)
    return Pack(films=films, masks=masks, **columns)


def pack_into(
    folder: Path,
    sources: Sequence[Source],
    *,
    grid: tuple[int, int],
    percentiles: tuple[float, float],
    progress: Progress = lambda done, total: None,
) -> None:
    """Read all sources at grid (rows, columns) straight into a folder's files."""
    shape = (len(sources), *grid)
    with _in_one_step(folder) as unfinished:
        films, masks = (
            np.lib.format.open_memmap(  # type: ignore[no-untyped-call]
                unfinished / f"{name}.npy", mode="w+", dtype=np.uint8, shape=shape
            )
            for name in MAPPED
        )
        columns = _fill(films, masks, sources, percentiles=percentiles, progress=progress)
        np.savez(unfinished / COLUMNS, **columns)  # type: ignore[arg-type]
        films.flush()
        masks.flush()


def _fill(
    films: NDArray[np.uint8],
    masks: NDArray[np.uint8],
    sources: Sequence[Source],
    *,
    percentiles: tuple[float, float],
    progress: Progress,
) -> dict[str, NDArray[Any]]:
    """Read all sources into films and masks, and return the other columns of a pack."""
    grid = (films.shape[1], films.shape[2])
    small = [field.name for field in fields(Pack) if field.name not in MAPPED]
    columns: dict[str, list[object]] = {name: [] for name in small}
    for number, source in enumerate(sources):
        film = read_source(source, grid=grid, percentiles=percentiles)
        films[number], masks[number] = film.film, film.mask
        columns["pixels_sha256"].append(film.pixels_sha256)
        for key in ("marked", "folder", "name", "patient", "view", "split", "note", "fold"):
            columns[key].append(getattr(source, key))
        progress(number + 1, len(sources))
    return {name: np.array(values) for name, values in columns.items()}


def save(packed: Pack, folder: Path) -> None:
    """Write a pack in one step: a reader sees no folder or the whole of it."""
    columns = {field.name: getattr(packed, field.name) for field in fields(Pack)}
    with _in_one_step(folder) as unfinished:
        for name in MAPPED:
            np.save(unfinished / f"{name}.npy", columns.pop(name))
        np.savez(unfinished / COLUMNS, **columns)


@contextmanager
def _in_one_step(folder: Path) -> Iterator[Path]:
    """Hand out a folder beside its place; put it there at the end, or take it away."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = folder.with_name(f"{folder.name}.{os.getpid()}.part")
    unfinished.mkdir(exist_ok=True)
    try:
        yield unfinished
        unfinished.rename(folder)
    except OSError as fault:
        if fault.errno not in (errno.ENOTEMPTY, errno.EEXIST):  # another process was quicker
            raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def load(folder: Path) -> Pack:
    """Open a pack; films and masks stay on disk and are read-only."""
    big = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in MAPPED}
    with np.load(folder / COLUMNS, allow_pickle=False) as arrays:
        small = {name: arrays[name] for name in arrays.files}
    return Pack(films=big["films"], masks=big["masks"], **small)
