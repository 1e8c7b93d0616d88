"""Dice at every threshold: how much hangs on the one that the manifest names. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.evaluation.records import FilmResult

STEPS = 20
THRESHOLDS = np.arange(1, STEPS) / STEPS


@dataclass(frozen=True)
class DiceByThreshold:
    """Both averages at each threshold, over films with a drawn mask; specks are not dropped."""

    thresholds: list[float]
    per_film: list[float]
    pooled: list[float]


def hits_and_claims(
    probability: NDArray[np.float32], truth: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return [2, thresholds]: pixels at or above each threshold that are inside, and all such."""
    level = np.searchsorted(THRESHOLDS.astype(np.float32), probability.ravel(), side="right")
    counts = [
        np.bincount(level[truth.ravel()], minlength=STEPS),
        np.bincount(level, minlength=STEPS),
    ]
    above = np.cumsum(np.stack(counts)[:, ::-1], axis=1)[:, -2::-1]
    return above.astype(np.float64)


def dice_by_threshold(films: Sequence[FilmResult]) -> DiceByThreshold | None:
    """Return both averages at each threshold; None without a film with a drawn mask."""
    drawn = [film for film in films if film.has_truth]
    if not drawn:
        return None
    hits, claims = np.stack([film.by_threshold for film in drawn], axis=1)
    present = np.array([film.counts.true_positive + film.counts.false_negative for film in drawn])
    each = 2 * hits / (claims + present[:, np.newaxis])
    pooled = 2 * hits.sum(axis=0) / (claims.sum(axis=0) + present.sum())
    return DiceByThreshold(THRESHOLDS.tolist(), each.mean(axis=0).tolist(), pooled.tolist())
