"""Many films as one array: read once, at the size a network is trained at, kept in one file."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.training.sources import Source, read_source

THUMBNAIL = 32


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
    thumbnails: NDArray[np.uint8]  # [n, 32, 32]
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


def pack(
    sources: Sequence[Source],
    *,
    grid: tuple[int, int],
    percentiles: tuple[float, float],
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Pack:
    """Read all sources at grid (rows, columns)."""
    columns: dict[str, list[object]] = {field.name: [] for field in fields(Pack)}
    for number, source in enumerate(sources):
        film = read_source(source, grid=grid, percentiles=percentiles, thumbnail=THUMBNAIL)
        columns["films"].append(film.film)
        columns["masks"].append(film.mask)
        columns["thumbnails"].append(film.thumbnail)
        columns["pixels_sha256"].append(film.pixels_sha256)
        for key in ("marked", "folder", "name", "patient", "view", "split", "note", "fold"):
            columns[key].append(getattr(source, key))
        progress(number + 1, len(sources))
    return Pack(**{name: np.array(values) for name, values in columns.items()})


def save(packed: Pack, path: Path) -> None:
    """Write a pack in one step: a reader sees the old file or the whole new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}.part")
    with unfinished.open("wb") as file:
        np.savez(file, **{field.name: getattr(packed, field.name) for field in fields(Pack)})
    unfinished.replace(path)


def load(path: Path) -> Pack:
    """Read a pack into memory."""
    with np.load(path, allow_pickle=False) as arrays:
        return Pack(**{field.name: arrays[field.name] for field in fields(Pack)})
