"""Fingerprints of the films of folders; what was read once is kept by each file's stamp."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np

from app.films.decode import decode
from app.films.layout import FilmEntry
from app.films.limits import Limits
from app.films.opening import ahead, read_bytes
from app.films.pixels import FilmPixels
from app.films.refusals import FilmRefused
from app.films.voi import luminance
from app.twins.fingerprint import SIDE, Fingerprint, fingerprint
from app.twins.near import near_code

FORMAT = 1  # goes up when `fingerprint` gives other numbers


@dataclass(frozen=True)
class Print:
    """A film's identity (`FilmPixels.sha256`) and its fingerprint uint8 [64, 64]."""

    pixels_sha256: str
    fingerprint: Fingerprint


@dataclass
class KeptPrints:
    """Fingerprints by the stamp of a file: its path, size and time of change."""

    path: Path | None
    known: dict[str, Print] = field(default_factory=dict)
    fresh: int = 0

    @classmethod
    def load(cls, path: Path | None) -> KeptPrints:
        """Return what is kept at path; none if it is not there, damaged, or of another version."""
        kept = cls(path)
        if path is None or not path.is_file():
            return kept
        try:
            with np.load(path, allow_pickle=False) as arrays:
                if int(arrays["format"]) == FORMAT:
                    rows = zip(arrays["stamp"], arrays["sha"], arrays["prints"], strict=True)
                    kept.known = {str(stamp): Print(str(sha), image) for stamp, sha, image in rows}
        except (OSError, ValueError, KeyError, zipfile.BadZipFile):
            kept.known = {}  # it can be made again
        return kept

    def save(self) -> None:
        """Write the file in one step, if there is anything new."""
        if self.path is None or not self.fresh:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self.path.with_name(f"{self.path.name}.{os.getpid()}.part")
        images = [kept.fingerprint for kept in self.known.values()]
        with unfinished.open("wb") as file:
            np.savez(
                file,
                format=np.array(FORMAT),
                stamp=np.array(list(self.known)),
                sha=np.array([kept.pixels_sha256 for kept in self.known.values()]),
                prints=np.array(images, np.uint8).reshape(-1, SIDE, SIDE),
            )
        unfinished.replace(self.path)
        self.fresh = 0


def print_of(film: FilmPixels) -> Print:
    """Return a film's identity and fingerprint."""
    return Print(film.sha256(), fingerprint(luminance(film)))


def near_code_of(film: FilmPixels) -> str:
    """Return a film's near code, by which the same view is known in another file."""
    return near_code(fingerprint(luminance(film)))


def prints_of(
    entries: Iterable[FilmEntry], *, limits: Limits, kept: KeptPrints
) -> Iterator[Print | FilmRefused]:
    """Yield a print or the refusal of each entry, in order; new ones go into ``kept``.

    Stopped halfway, what was read is saved.
    """
    try:
        for stamp, found in ahead(partial(_read, limits=limits, kept=kept), entries):
            if isinstance(found, Print) and stamp not in kept.known:
                kept.known[stamp] = found
                kept.fresh += 1
            yield found
    finally:
        kept.save()


def _read(entry: FilmEntry, *, limits: Limits, kept: KeptPrints) -> tuple[str, Print | FilmRefused]:
    if entry.refusal is not None:
        return "", entry.refusal
    try:
        stamp = _stamp(entry.path)
        if stamp in kept.known:
            return stamp, kept.known[stamp]
        data = read_bytes(entry.path, name=entry.name, limits=limits)
        return stamp, print_of(decode(data, name=entry.name, limits=limits))
    except FilmRefused as refused:
        return "", refused


def _stamp(path: Path) -> str:
    try:
        said = path.stat()
    except OSError:
        return ""  # reading it says what is wrong
    text = f"{path.resolve()}\0{said.st_size}\0{said.st_mtime_ns}"
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
