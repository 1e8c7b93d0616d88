"""Five folds of a training set, by patient and near-identity. Pure."""

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

FOLDS = 5


def patient_folds(films_of: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Return each film's fold; all films of a patient share one.

    Patients with most films are placed first, each into the fold that has fewest films so far, so
    folds differ by no more than the largest patient. Equal patients go in the order of a hash, not
    of their names, which often follow dates.
    """
    sizes = [0] * FOLDS
    fold_of: dict[str, int] = {}
    for patient in sorted(films_of, key=lambda name: (-len(films_of[name]), _hash(name))):
        fold = sizes.index(min(sizes))
        sizes[fold] += len(films_of[patient])
        fold_of.update({film: fold for film in films_of[patient]})
    return fold_of


def joined(owners: Sequence[str], pairs: Sequence[tuple[int, int]]) -> list[str]:
    """Return a name of each film's group: its owner, or the smallest owner that pairs join it to.

    ``owners`` names each film's patient; ``pairs`` are places of films that are one picture.
    """
    named = sorted(set(owners))
    number = {owner: place for place, owner in enumerate(named)}
    ends = np.array([(number[owners[a]], number[owners[b]]) for a, b in pairs], np.intp)
    first, second = ends.reshape(-1, 2).T
    links = coo_array((np.ones(len(first)), (first, second)), shape=(len(named), len(named)))
    group = connected_components(links, directed=False)[1]
    # In sorted order, so the smallest owner of a group is met first.
    head: dict[int, str] = {}
    for place, owner in enumerate(named):
        head.setdefault(int(group[place]), owner)
    return [head[int(group[number[owner]])] for owner in owners]


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()
