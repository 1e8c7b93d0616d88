"""Five folds of a training set, by patient and near-identity. Pure."""

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np

from app.networks.folds import FOLDS
from app.training.folds import group_names, groups


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
    return group_names(groups(owners, np.array(pairs, np.intp).reshape(-1, 2)), owners)


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()
