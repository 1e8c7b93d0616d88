"""How well a score a film parts films with infection from films without. Pure.

Films of one patient are alike, so intervals come from drawing patients, as in `networks.scoring`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from app.networks.scoring import RESAMPLES, Estimate
from app.training.operating import WANTED_SPECIFICITY

Scores = NDArray[np.float64]


@dataclass(frozen=True)
class ScoredFilms:
    """A score a film [n] (higher: more likely infected), the truth [n], and whose the film is."""

    scores: Scores
    infected: NDArray[np.bool_]
    patients: tuple[str, ...]


@dataclass(frozen=True)
class Detection:
    """Figures at a threshold of the score, and the area under the curve, which needs none."""

    infected: int
    clear: int
    threshold: float
    sensitivity: Estimate | None
    specificity: Estimate | None
    auc: Estimate | None


def auc(scores: Scores, infected: NDArray[np.bool_]) -> float:
    """Return the share of pairs in which the infected film has the higher score; ties count half.

    Mann–Whitney's U over the number of pairs (Hanley and McNeil 1982). nan if a side is empty.
    """
    ill, well = int(infected.sum()), int((~infected).sum())
    if not ill or not well:
        return float("nan")
    ranks = rankdata(scores)[infected].sum()
    return float((ranks - ill * (ill + 1) / 2) / (ill * well))


def threshold_for(films: ScoredFilms) -> float:
    """Return the score below which the wanted share of the films without infection stays.

    The rule of `operating.detection_threshold`. Without such films: the score under which one in
    twenty infected films lies.
    """
    clear = films.scores[~films.infected]
    if not len(clear):
        return float(np.quantile(films.scores, 1 - WANTED_SPECIFICITY))
    highest = np.quantile(clear, WANTED_SPECIFICITY, method="higher")
    return math.nextafter(float(highest), math.inf)


def detection(films: ScoredFilms, *, threshold: float, seed: int) -> Detection:
    """Return the figures of films called infected where the score is at least the threshold."""
    called = films.scores >= threshold
    ill = films.infected

    def share(chosen: NDArray[np.intp], group: NDArray[np.bool_], hit: NDArray[np.bool_]) -> float:
        inside = chosen[group[chosen]]
        return float(hit[inside].mean()) if len(inside) else float("nan")

    return Detection(
        infected=int(ill.sum()),
        clear=int((~ill).sum()),
        threshold=threshold,
        sensitivity=_estimate(films.patients, lambda c: share(c, ill, called), seed),
        specificity=_estimate(films.patients, lambda c: share(c, ~ill, ~called), seed),
        auc=_estimate(films.patients, lambda c: auc(films.scores[c], ill[c]), seed),
    )


def _estimate(
    patients: Sequence[str], value: Callable[[NDArray[np.intp]], float], seed: int
) -> Estimate | None:
    """Return a figure of all films, with its 95 % percentile interval; None if there is none."""
    whole = value(np.arange(len(patients)))
    if np.isnan(whole):
        return None
    _, owner = np.unique(np.array(patients), return_inverse=True)
    films_of = [np.flatnonzero(owner == number) for number in range(owner.max() + 1)]
    chance = np.random.default_rng(seed)
    drawn = [
        value(
            np.concatenate(
                [films_of[one] for one in chance.integers(len(films_of), size=len(films_of))]
            )
        )
        for _ in range(RESAMPLES)
    ]
    low, high = np.nanpercentile(drawn, [2.5, 97.5])
    return Estimate(whole, float(low), float(high))
