"""How alike two drawings of one film are. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from app.evaluation.bootstrap import interval
from app.masks.measures import Mask, boundary_distances, dice
from app.networks.scoring import Estimate
from app.statistics.resampling import divided, draws
from app.statistics.votes import Bools, Floats, Ints


@dataclass(frozen=True)
class Alike:
    """Dice and surface Dice (Nikolov et al. 2018) of two drawings of film ``film``."""

    film: int
    patient: int
    dice: float
    surface: float


@dataclass(frozen=True)
class Drawings:
    """The means over pairs, with intervals over films' patients; ``of`` pairs there are in all."""

    pairs: int
    of: int
    films: int
    dice: Estimate
    surface: Estimate


def alike(a: Mask, b: Mask, *, film: int, patient: int, tolerance: float) -> Alike:
    """Compare two drawings bool[H, W]; ``tolerance`` of the surface Dice in native pixels."""
    surface = boundary_distances(a, b).share_within(tolerance)
    return Alike(film, patient, dice(a, b), surface)


def drawings(pairs: Iterable[Alike], *, of: int, seed: int) -> Drawings | None:
    """Return the means of ``pairs``; None where no film was drawn twice."""
    known = list(pairs)
    if not known:
        return None
    patients = np.unique([pair.patient for pair in known], return_inverse=True)[1]
    values = np.array([(pair.dice, pair.surface, 1.0) for pair in known])
    sums = np.zeros((int(patients.max()) + 1, 3))
    np.add.at(sums, patients, values)
    drawn = draws(len(sums), seed=seed).counts.astype(np.float64) @ sums
    means = [
        interval(values[:, column].mean(), divided(drawn[:, column], drawn[:, 2]))
        for column in (0, 1)
    ]
    films: set[int] = {pair.film for pair in known}
    return Drawings(len(known), of, len(films), means[0], means[1])


@dataclass(frozen=True)
class DrawnFirst:
    """Drawings made before any proposal was seen.

    ``dice`` is their mean Dice with each source's mask, in the order of sources. Of the films on
    which their reader chose one mask ``later``, it was the one most like the drawing on
    ``nearest``.
    """

    drawings: int
    of: int
    dice: list[Estimate]
    later: int
    nearest: int


def drawn_first(
    likeness: Floats, patient: Ints, taken: Bools, *, of: int, seed: int
) -> DrawnFirst | None:
    """Return what ``likeness`` float[n, S], the Dice of each drawing with each source, tells.

    ``taken`` bool[n, S] says which sources stood in the one slot that the same reader chose later
    on the film; no source where none was. Intervals over ``patient`` int[n]. None without drawings.
    """
    if not len(likeness):
        return None
    clusters = np.unique(patient, return_inverse=True)[1]
    sums = np.zeros((int(clusters.max()) + 1, likeness.shape[1] + 1))
    np.add.at(sums, clusters, np.column_stack([likeness, np.ones(len(likeness))]))
    drawn = draws(len(sums), seed=seed).counts.astype(np.float64) @ sums
    later = taken.any(axis=1)
    nearest = taken[np.arange(len(taken)), likeness.argmax(axis=1)]
    return DrawnFirst(
        drawings=len(likeness),
        of=of,
        dice=[
            interval(likeness[:, place].mean(), divided(drawn[:, place], drawn[:, -1]))
            for place in range(likeness.shape[1])
        ],
        later=int(later.sum()),
        nearest=int(nearest.sum()),
    )


def sample(film: Ints, *, most: int, seed: int) -> tuple[list[tuple[int, int]], int]:
    """Return up to ``most`` pairs (i, j) of drawings of one film, drawn at random, and how many
    pairs there are. ``film`` int[n] is the film of each drawing.
    """
    order = np.argsort(film, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(film[order])) + 1)
    every = [
        (int(group[i]), int(group[j]))
        for group in groups
        for i in range(len(group))
        for j in range(i + 1, len(group))
    ]
    if len(every) <= most:
        return every, len(every)
    chosen = np.random.default_rng(seed).choice(len(every), most, replace=False)
    return [every[number] for number in sorted(chosen.tolist())], len(every)
