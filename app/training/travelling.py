"""Folders of films become one file that travels, at the best quality that a limit allows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.films.layout import MASKS
from app.networks.scaling import resize
from app.training.mbpack import (
    MANIFEST,
    PackRefused,
    columns_member,
    decode,
    encode,
    manifest_member,
    masks_member,
    write,
)
from app.training.sources import WORDS, Source, find_sources, read_source

Progress = Callable[[int, int], None]

# Below this, a network's masks are no longer those of the films themselves (docs/training.md).
LEAST_QUALITY = 84
QUALITIES = (None, *range(100, LEAST_QUALITY - 1, -1))  # None: without loss
FILMS_TRIED = 200
MIB = 2**20
NO_TASK = ""
ZIP_BYTES = 1024  # more than the zip itself adds
SIDES = range(512, 31, -32)


@dataclass(frozen=True)
class Collected:
    """Films uint8 [n, h, w] at one size, masks by task as bits uint8 [n, ⌈h·w/8⌉], and words."""

    films: NDArray[np.uint8]
    masks: dict[str, NDArray[np.uint8]]
    columns: dict[str, NDArray[Any]]
    low: float
    high: float

    @cached_property
    def beside_films(self) -> dict[str, bytes]:
        """Return the members that no quality changes."""
        return {f"masks-{task}.bin": masks_member(bits) for task, bits in self.masks.items()}

    def at(self, quality: int | None, films: Sequence[bytes]) -> dict[str, bytes]:
        """Return the members of the file with these films in it."""
        lengths = np.array([len(film) for film in films])
        contents = {
            "films.bin": b"".join(films),
            **self.beside_films,
            "columns.npz": columns_member(self.columns | {"length": lengths}),
        }
        facts = {"grid": self.films.shape[1:], "low": self.low, "high": self.high}
        facts |= {"quality": quality, "tasks": list(self.masks)}
        return contents | {MANIFEST: manifest_member(facts, contents)}


@dataclass(frozen=True)
class Packed:
    """What became of a data set: films, bytes, the quality, and what it changed.

    ``difference`` is the mean absolute difference of grey values, of 255.
    """

    films: int
    bytes: int
    quality: int | None
    difference: float


def collect(
    folders: Sequence[Path],
    *,
    side: int,
    low: float,
    high: float,
    progress: Progress = lambda done, total: None,
) -> Collected:
    """Read all films of some folders, with the masks of every task that any of them has."""
    pairs = [pair for folder in _by_name(folders).values() for pair in _sources(folder)]
    tasks = [task for task in MASKS if any(task in drawn for _, drawn in pairs)]
    films = np.empty((len(pairs), side, side), np.uint8)
    masks = {task: np.zeros((len(pairs), -(-side * side // 8)), np.uint8) for task in tasks}
    digests = []
    for number, (source, drawn) in enumerate(pairs):
        for task in drawn or (NO_TASK,):
            one = replace(source, mask=drawn.get(task))
            film = read_source(one, grid=(side, side), percentiles=(low, high))
            if task in drawn:
                masks[task][number] = np.packbits(film.mask > 127)
        films[number] = film.film
        digests.append(film.pixels_sha256)
        progress(number + 1, len(pairs))
    sources = [source for source, _ in pairs]
    columns = {
        key: np.array([getattr(source, key) for source in sources]) for key in ("folder", *WORDS)
    }
    columns["pixels_sha256"] = np.array(digests)
    for task in tasks:
        columns[f"marked_{task}"] = np.array([task in drawn for _, drawn in pairs])
    return Collected(films, masks, columns, low, high)


def _by_name(folders: Sequence[Path]) -> dict[str, Path]:
    named = {folder.resolve().name: folder for folder in folders}
    if len(named) < len(folders):
        raise PackRefused("Two of the folders have the same name.", cure="Rename one of them.")
    return named


def _sources(folder: Path) -> list[tuple[Source, dict[str, Path]]]:
    """Return each film of a folder with its masks by task."""
    place, name = folder.resolve().parent, folder.resolve().name
    lungs = {source.name: source.mask for source in find_sources(place, (name,), "lungs")}
    pairs = []
    for source in find_sources(place, (name,), "infection"):
        both = {"infection": source.mask, "lungs": lungs.get(source.name)}
        pairs.append((source, {task: mask for task, mask in both.items() if mask}))
    return pairs


def pack_into(
    path: Path,
    collected: Collected,
    *,
    limit: int,
    progress: Progress = lambda done, total: None,
) -> Packed:
    """Write the file at the best quality with which it has at most limit bytes.

    Raises PackRefused, with the largest size that would fit, if none is good enough.
    """
    some = np.unique(np.linspace(0, len(collected.films) - 1, FILMS_TRIED).astype(int))
    tried = collected.films[some]
    rest = _rest(collected)
    at = _first_that_fits(tried, count=len(collected.films), room=limit - rest)
    while at < len(QUALITIES):
        quality = QUALITIES[at]
        films = []
        for number, film in enumerate(collected.films):
            films.append(encode(film, quality))
            progress(number + 1, len(collected.films))
        contents = collected.at(quality, films)
        if sum(map(len, contents.values())) + ZIP_BYTES <= limit:
            size = write(contents, path)
            return Packed(len(films), size, quality, _difference(tried, quality))
        at += 1  # the films that were tried are only nearly like all
    raise _too_large(collected, tried, rest=rest, limit=limit)


def _rest(collected: Collected) -> int:
    """Return the bytes of everything but the films."""
    contents = collected.at(None, [b""] * len(collected.films))
    lengths = 4 * len(collected.films)  # of which only zeros were compressed
    return sum(map(len, contents.values())) + lengths + ZIP_BYTES


def _first_that_fits(tried: NDArray[np.uint8], *, count: int, room: int) -> int:
    """Return the place in QUALITIES of the first with which count such films fit; its end if none.

    The better the quality, the larger the film: so the place is found by halving.
    """
    low, high = 0, len(QUALITIES)
    while low < high:
        middle = (low + high) // 2
        if _mean_bytes(tried, QUALITIES[middle]) * count <= room:
            high = middle
        else:
            low = middle + 1
    return low


def _mean_bytes(films: NDArray[np.uint8], quality: int | None) -> float:
    return float(np.mean([len(encode(film, quality)) for film in films]))


def _difference(films: NDArray[np.uint8], quality: int | None) -> float:
    changes = [np.abs(decode(encode(film, quality)).astype(int) - film).mean() for film in films]
    return float(np.mean(changes))


def _too_large(
    collected: Collected, tried: NDArray[np.uint8], *, rest: int, limit: int
) -> PackRefused:
    count, side = len(collected.films), collected.films.shape[1]
    fitting = next(
        (
            smaller
            for smaller in SIDES
            if smaller < side
            and _mean_bytes(_shrunk(tried, smaller), LEAST_QUALITY) * count + rest <= limit
        ),
        None,
    )
    needed = _mean_bytes(tried, LEAST_QUALITY) * count + rest
    return PackRefused(
        f"{count} films of {side} × {side} need about {needed / MIB:.3g} MiB "
        f"at the least quality that is any use; {limit / MIB:.3g} are allowed.",
        cure=f"Take --size {fitting}, or a higher --limit-mib."
        if fitting
        else "Take fewer folders, or a higher --limit-mib.",
    )


def _shrunk(films: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    smaller = [resize(film.astype(np.float32), (side, side)) for film in films]
    return np.round(np.stack(smaller)).astype(np.uint8)
