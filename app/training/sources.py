"""The films a run learns from: found in folder layouts, read one at a time."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.networks.scaling import resize, to_input
from app.training.config import Task


@dataclass(frozen=True)
class Source:
    """One film of a folder and the mask of the task, if it has one."""

    path: Path
    mask: Path | None
    folder: str
    name: str
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
class ReadFilm:
    """A film as uint8 [h, w], its mask's coverage as uint8 [h, w], and a small copy."""

    film: NDArray[np.uint8]
    mask: NDArray[np.uint8]
    thumbnail: NDArray[np.uint8]
    pixels_sha256: str


def find_sources(data: Path, folders: Iterable[str], task: Task) -> list[Source]:
    """Return the films of data's folders, or of data itself when no folder is named."""
    found = []
    for folder in folders or ("",):
        base = data / folder
        with (base / "films.csv").open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                mask = row.get(task) or ""
                found.append(
                    Source(
                        path=base / row["file"],
                        mask=base / mask if mask else None,
                        folder=folder,
                        name=row["file"],
                        patient=row.get("patient_id") or "",
                        view=row.get("view") or "",
                        split=row.get("split") or "",
                        note=row.get("note") or "",
                        fold=row.get("fold") or "",
                    )
                )
    return found


def luminance_of(path: Path) -> NDArray[np.float32]:
    """Return a film's luminance [H, W], bright = dense."""
    with Image.open(path) as image:
        return np.asarray(image.convert("L"), np.float32)


def mask_of(source: Source, shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Return the film's mask [H, W]; empty if it came with none."""
    if source.mask is None:
        return np.zeros(shape, bool)
    with Image.open(source.mask) as image:
        return np.asarray(image.convert("L")) > 127


def read_source(
    source: Source, *, grid: tuple[int, int], percentiles: tuple[float, float], thumbnail: int
) -> ReadFilm:
    """Decode a film and its mask at grid (rows, columns), and a square thumbnail of that side."""
    luminance = luminance_of(source.path)
    low, high = percentiles
    mask = mask_of(source, (luminance.shape[0], luminance.shape[1]))
    small = to_input(luminance, grid=(thumbnail, thumbnail), low=low, high=high)
    return ReadFilm(
        film=_bytes(to_input(luminance, grid=grid, low=low, high=high)[0]),
        mask=_bytes(resize(mask.astype(np.float32), grid)),
        thumbnail=_bytes(small[0]),
        pixels_sha256=hashlib.sha256(luminance.tobytes()).hexdigest(),
    )


def _bytes(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.round(np.clip(values, 0, 1) * 255).astype(np.uint8)
