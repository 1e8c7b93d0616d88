"""Which films of a pack are the same picture, found once and kept beside the pack."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.training.packing import Pack
from app.twins.fingerprint import SIDE, Fingerprints, fingerprint
from app.twins.search import SAME, twins, twins_between

FORMAT = f"1 {SAME}"  # changes when the search finds other pairs

Progress = Callable[[int, int], None]


def twin_pairs(
    packed: Pack,
    others: Pack | None = None,
    *,
    cache: Path | None = None,
    progress: Progress = lambda done, total: None,
) -> NDArray[np.intp]:
    """Return index pairs [m, 2] of films that are one picture.

    Without others, pairs (i, j) with i < j are within the first pack; with them, j is in others.
    What was found before is read from the folder ``cache``.
    """
    path = cache / f"twins-{_key(packed, others)}.npy" if cache else None
    if path and path.exists():
        return np.asarray(np.load(path, allow_pickle=False), np.intp)
    prints = prints_of(packed)
    if others is None:
        found = twins(prints, progress=progress)
    else:
        found = twins_between(prints, prints_of(others), progress=progress)
    pairs = np.array([(twin.first, twin.second) for twin in found], np.intp).reshape(-1, 2)
    if path:
        _keep(pairs, path)
    return pairs


def prints_of(packed: Pack, chosen: NDArray[np.intp] | None = None) -> Fingerprints:
    """Return the fingerprints uint8 [n, 64, 64] of a pack's films, of all unless some are chosen.

    A pack holds its films smaller and between two percentiles, which a fingerprint survives.
    """
    films = np.arange(len(packed)) if chosen is None else chosen
    prints = np.empty((len(films), SIDE, SIDE), np.uint8)
    for number, film in enumerate(films):
        prints[number] = fingerprint(packed.films[film].astype(np.float32))
    return prints


def _key(packed: Pack, others: Pack | None) -> str:
    """Return a name that changes with the films compared."""
    digest = hashlib.sha256(FORMAT.encode())
    for one in (packed, others):
        if one is not None:
            digest.update(f"{one.films.shape}".encode())
            digest.update("\n".join(one.pixels_sha256.tolist()).encode())
    return digest.hexdigest()[:20]


def _keep(pairs: NDArray[np.intp], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}.part")
    with unfinished.open("wb") as file:
        np.save(file, pairs.astype(np.int64))
    unfinished.replace(path)
