"""Scores of many predicted masks: both averages, and detection. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.masks.measures import Confusion, confusion


@dataclass(frozen=True)
class FilmScore:
    """What a network made of one film."""

    counts: Confusion

    @property
    def marked(self) -> bool:
        """Say whether the truth is not empty."""
        return self.counts.true_positive + self.counts.false_negative > 0

    @property
    def area(self) -> float:
        """Return the predicted mask's share of the film: the score of detection."""
        counts = self.counts
        inside = counts.true_positive + counts.false_positive
        return inside / (inside + counts.false_negative + counts.true_negative)


@dataclass(frozen=True)
class Scores:
    """Dice and IoU over films with a mask; shares of films called infected, with and without."""

    films: int
    dice_per_film: float
    dice_pooled: float
    iou_per_film: float
    iou_pooled: float
    films_without: int
    sensitivity: float
    specificity: float


def score_films(
    masks: Iterable[NDArray[np.bool_]], truths: Iterable[NDArray[np.bool_]]
) -> list[FilmScore]:
    """Return one score per pair of masks [h, w]."""
    pairs = zip(masks, truths, strict=True)
    return [FilmScore(confusion(mask, truth)) for mask, truth in pairs]


def summary(scores: Sequence[FilmScore], *, detection_threshold: float) -> Scores:
    """Return both averages over films with a mask, and detection by area over all films.

    A share of no films at all is not a number (nan).
    """
    marked = [score for score in scores if score.marked]
    clear = [score for score in scores if not score.marked]
    pooled = sum((score.counts for score in marked), Confusion(0, 0, 0, 0))
    found = [score.area >= detection_threshold for score in marked]
    alarms = [score.area >= detection_threshold for score in clear]
    return Scores(
        films=len(marked),
        dice_per_film=_mean([score.counts.dice for score in marked]),
        dice_pooled=pooled.dice if marked else float("nan"),
        iou_per_film=_mean([score.counts.iou for score in marked]),
        iou_pooled=pooled.iou if marked else float("nan"),
        films_without=len(clear),
        sensitivity=_mean(found),
        specificity=1 - _mean(alarms),
    )


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else float("nan")
