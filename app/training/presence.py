"""How well a score a film parts films with infection from films without. Pure.

Unlike `evaluation.detection`, the score may be a classifier's logit, of either sign, and one kind
of films may be missing; the figures and their intervals over patients are the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.evaluation.bootstrap import Bootstrap
from app.evaluation.detection import area_under_curve, rates_at
from app.networks.scoring import Estimate
from app.training.operating import wanted_threshold

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


def threshold_for(films: ScoredFilms) -> float:
    """Return the score below which the wanted share of the films without infection stays."""
    return wanted_threshold(films.scores[films.infected], films.scores[~films.infected])


def detection(films: ScoredFilms, *, threshold: float, seed: int) -> Detection:
    """Return the figures of films called infected where the score is at least the threshold."""
    ill, bootstrap = films.infected, Bootstrap(films.patients, seed=seed)
    sensitivity, specificity = rates_at(films.scores >= threshold, ill, bootstrap)
    return Detection(
        infected=int(ill.sum()),
        clear=int((~ill).sum()),
        threshold=threshold,
        sensitivity=sensitivity,
        specificity=specificity,
        auc=area_under_curve(films.scores, ill, bootstrap),
    )
