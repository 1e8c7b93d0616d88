"""Which films belong together, and which part of a training set each one is in.

All pure. A *group* is what must never be torn apart: the films of one patient, and films that are
nearly the same picture (`alike`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from app.networks.folds import FOLDS


def groups(patients: Sequence[str], pairs: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return a group number per film: same patient, or joined by a chain of pairs.

    An empty patient is unknown and joins nothing.
    """
    count = len(patients)
    first_film: dict[str, int] = {}
    links = [tuple(pair) for pair in pairs.tolist()]
    for film, patient in enumerate(patients):
        if patient:
            links.append((first_film.setdefault(patient, film), film))
    rows = [a for a, _ in links]
    columns = [b for _, b in links]
    graph = coo_array((np.ones(len(links)), (rows, columns)), shape=(count, count))
    numbers: NDArray[np.intp] = connected_components(graph, directed=False)[1].astype(np.intp)
    return numbers


def group_names(numbers: NDArray[np.intp], names: Sequence[str]) -> list[str]:
    """Return a lasting name per film's group: its smallest film name, whatever the order."""
    smallest: dict[int, str] = {}
    for number, name in zip(numbers.tolist(), names, strict=True):
        smallest[number] = min(smallest.get(number, name), name)
    return [smallest[number] for number in numbers.tolist()]


def lot(group: str, *, seed: int, purpose: str) -> float:
    """Return a number in [0, 1) that a group draws once and for all for a purpose."""
    digest = hashlib.sha256(f"{seed}:{purpose}:{group}".encode()).digest()
    return int.from_bytes(digest[:7], "big") / 2**56


def fold_of(group: str, *, seed: int) -> int:
    """Return the fold of a group, the same whatever other films stand beside it."""
    return int(lot(group, seed=seed, purpose="fold") * FOLDS)
