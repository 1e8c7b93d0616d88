"""A data set in one file that travels: compressed films, masks of 1 bit, words, and digests.

A ``.mbpack`` is a zip without further compression:

- ``manifest.json``: format, size, percentiles, quality, tasks, sha256 of every other member;
- ``films.bin``: films as WebP, one after the other, grey 0…255 between the percentiles;
- ``masks-TASK.bin``: all masks of a task, each packed to bits, LZMA;
- ``columns.npz``: folder, name, patient, split and the other words, and the films' lengths.

The zip's comment holds the sha256 of the manifest, so that a change anywhere is noticed.
"""

from __future__ import annotations

import io
import json
import lzma
import os
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.problems import Problem

FORMAT = 1
MANIFEST = "manifest.json"
DAMAGED = (zipfile.BadZipFile, LookupError, ValueError, TypeError, RuntimeError, EOFError, OSError)


class PackRefused(Problem):
    """A file of packed films is damaged, foreign, or does not hold what is asked of it."""

    code = "pack"


def encode(film: NDArray[np.uint8], quality: int | None) -> bytes:
    """Return uint8 [h, w] as WebP of a quality in 0…100, or without loss if it is None."""
    content = io.BytesIO()
    lossy = {"lossless": True} if quality is None else {"quality": quality}
    Image.fromarray(film).save(content, "WEBP", method=6, **lossy)
    return content.getvalue()


def decode(data: bytes) -> NDArray[np.uint8]:
    """Return the film uint8 [h, w] of a WebP."""
    with Image.open(io.BytesIO(data), formats=["WEBP"]) as image:
        return np.asarray(image.convert("L"))


def masks_member(bits: NDArray[np.uint8]) -> bytes:
    """Return the member of a task's masks, given as rows of bits uint8 [n, ⌈h·w/8⌉]."""
    return lzma.compress(bits.tobytes())


def columns_member(columns: dict[str, NDArray[Any]]) -> bytes:
    """Return the member of the arrays [n]: the words, ``length`` and ``marked_TASK``."""
    content = io.BytesIO()
    np.savez_compressed(content, **columns)  # type: ignore[arg-type]
    return content.getvalue()


def manifest_member(facts: Mapping[str, Any], contents: Mapping[str, bytes]) -> bytes:
    """Return the manifest: grid, low, high, quality and tasks as facts, and all digests."""
    digests = {name: sha256(data).hexdigest() for name, data in contents.items()}
    return json.dumps({"format": FORMAT, **facts, "sha256": digests}, indent=1).encode()


def write(contents: Mapping[str, bytes], path: Path) -> int:
    """Put the members into one file at path in one step; return its bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with unfinished.open("wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as packed:
                for name, data in contents.items():
                    packed.writestr(zipfile.ZipInfo(name), data)
                packed.comment = sha256(contents[MANIFEST]).hexdigest().encode()
            file.flush()
            os.fsync(file.fileno())
        size = unfinished.stat().st_size
        unfinished.replace(path)
    except OSError as fault:
        unfinished.unlink(missing_ok=True)
        raise PackRefused(f"{path} could not be written: {fault.strerror}.") from fault
    return size


@dataclass(frozen=True)
class PackFile:
    """A file of packed films, read and verified; films are decoded when asked for."""

    path: Path
    manifest: dict[str, Any]
    contents: dict[str, bytes]
    columns: dict[str, NDArray[Any]]

    @classmethod
    def read(cls, path: Path) -> PackFile:
        """Read a file and compare every digest; raises PackRefused, which names it."""
        try:
            with zipfile.ZipFile(path) as packed:
                comment = packed.comment.decode("ascii", "replace")
                contents = {name: packed.read(name) for name in packed.namelist()}
            text = contents.pop(MANIFEST)
            manifest = json.loads(text)
            digests = {name: sha256(data).hexdigest() for name, data in contents.items()}
            if manifest["format"] != FORMAT:
                raise PackRefused(f"{path} is of another version of maskballot.")
            if (digests, sha256(text).hexdigest()) != (manifest["sha256"], comment):
                raise PackRefused(f"{path} was changed since it was packed.", cure="Copy it again.")
            with np.load(io.BytesIO(contents["columns.npz"]), allow_pickle=False) as arrays:
                columns = {name: arrays[name] for name in arrays.files}
        except DAMAGED as fault:
            raise PackRefused(
                f"{path} is no file of packed films, or not the whole of one.",
                cure="Copy it again, or make it with `train pack`.",
            ) from fault
        return cls(path, manifest, contents, columns)

    def __len__(self) -> int:
        return len(self.columns["name"])

    @property
    def grid(self) -> tuple[int, int]:
        """Return the films' rows and columns."""
        rows, columns = self.manifest["grid"]
        return rows, columns

    @property
    def folders(self) -> list[str]:
        """Return the names of the folders that were packed, in order."""
        return list(dict.fromkeys(self.columns["folder"].tolist()))

    def only_folder(self) -> str:
        """Return the folder's name if there is one only, else refuse."""
        if len(self.folders) > 1:
            raise PackRefused(
                f"{self.path} holds {', '.join(self.folders)}, and the configuration names none.",
                cure="Name some of them as folders under [data].",
            )
        return self.folders[0]

    def positions_of(self, folder: str) -> list[int]:
        """Return the positions of a folder's films."""
        if folder not in self.folders:
            raise PackRefused(
                f"{self.path} holds {', '.join(self.folders)}, but no {folder}.",
                cure="Pack that folder too: the configuration asks for it.",
            )
        return np.flatnonzero(self.columns["folder"] == folder).tolist()

    def assert_serves(self, *, grid: tuple[int, int], percentiles: tuple[float, float]) -> None:
        """Raise PackRefused if films are asked for larger, or greyed otherwise, than packed."""
        (rows, columns), low, high = self.grid, self.manifest["low"], self.manifest["high"]
        if grid[0] > rows or grid[1] > columns:
            raise PackRefused(
                f"{self.path} holds films of {rows} × {columns}, "
                f"and the configuration asks for {grid[0]} × {grid[1]}.",
                cure="Pack the films again with a larger --size.",
            )
        if (low, high) != percentiles:
            raise PackRefused(
                f"{self.path} was packed with the percentiles {low:g} and {high:g}, "
                f"and the configuration asks for {percentiles[0]:g} and {percentiles[1]:g}.",
                cure="Pack the films again with --low and --high.",
            )

    def film(self, position: int) -> NDArray[np.uint8]:
        """Return a film uint8 [h, w]."""
        start, end = self._ends[position], self._ends[position + 1]
        return decode(self.contents["films.bin"][start:end])

    def marked(self, task: str) -> NDArray[np.bool_]:
        """Say of each film whether it came with a mask of the task."""
        none = np.zeros(len(self), np.bool_)
        return self.columns.get(f"marked_{task}", none)

    def mask(self, task: str, position: int) -> NDArray[np.bool_]:
        """Return a film's mask bool [h, w]; empty if it came with none."""
        if task not in self.manifest["tasks"]:
            return np.zeros(self.grid, np.bool_)
        rows, columns = self.grid
        values = np.unpackbits(self._bits[task][position], count=rows * columns)
        return values.reshape(rows, columns).astype(np.bool_)

    @cached_property
    def _ends(self) -> NDArray[np.int64]:
        return np.concatenate([[0], np.cumsum(self.columns["length"], dtype=np.int64)])

    @cached_property
    def _bits(self) -> dict[str, NDArray[np.uint8]]:
        return {
            task: np.frombuffer(
                lzma.decompress(self.contents[f"masks-{task}.bin"]), np.uint8
            ).reshape(len(self), -1)
            for task in self.manifest["tasks"]
        }


def opened(path: Path) -> PackFile:
    """Return a file that was read and verified once, however often it is asked for."""
    stamp = path.stat()
    return _opened(path, stamp.st_size, stamp.st_mtime_ns)


@lru_cache(maxsize=1)
def _opened(path: Path, size: int, changed: int) -> PackFile:
    return PackFile.read(path)
