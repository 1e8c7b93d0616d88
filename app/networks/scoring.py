"""Scores of a network over many films: two averages, each with its name, and intervals. Pure.

*Per film* is the mean of each film's Dice; *pooled* counts the pixels of all films together. Both
are over films with a drawn mask; what a network claims on the others is told apart, as false
alarms, because no Dice can show it.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.masks.measures import Confusion

RESAMPLES = 1000


@dataclass(frozen=True)
class ScoredFilm:
    """One film: whose it is (its name where the patient is unknown), and its pixel counts."""

    name: str
    patient: str
    counts: Confusion

    @property
    def has_truth(self) -> bool:
        """Say whether anything was drawn on the film."""
        return self.counts.true_positive + self.counts.false_negative > 0

    @property
    def area(self) -> float:
        """The mask's area as a fraction of the film: the score of detection."""
        counts = self.counts
        claimed = counts.true_positive + counts.false_positive
        return claimed / (claimed + counts.false_negative + counts.true_negative)


@dataclass(frozen=True)
class Estimate:
    """A value, and its 95 % bootstrap interval over patients."""

    value: float
    low: float
    high: float


def in_words(estimate: Estimate | None, *, digits: int = 3, none: str = "no films") -> str:
    """Return a value with its interval."""
    if estimate is None:
        return none
    value, low, high = (f"{it:.{digits}f}" for it in (estimate.value, estimate.low, estimate.high))
    return f"{value} ({low} to {high})"


@dataclass(frozen=True)
class Scores:
    """Of films with a drawn mask; None where there are none."""

    films: int
    patients: int
    dice_per_film: Estimate | None
    dice_pooled: Estimate | None
    iou_per_film: Estimate | None
    iou_pooled: Estimate | None
    found: Estimate | None


@dataclass(frozen=True)
class FalseAlarms:
    """Of films without a drawn mask; None where there are none.

    ``any_pixel`` is the share with anything claimed, ``called_infected`` the share at or above the
    manifest's detection threshold, ``area`` the mean share of the film that is claimed.
    """

    films: int
    patients: int
    any_pixel: Estimate | None
    called_infected: Estimate | None
    area: Estimate | None


@dataclass(frozen=True)
class Evaluation:
    """Everything about one network on one folder."""

    scores: Scores
    false_alarms: FalseAlarms

    def as_dict(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return asdict(self)


def evaluate(films: Sequence[ScoredFilm], *, detection_threshold: float, seed: int) -> Evaluation:
    """Return scores and false alarms; ``seed`` makes the bootstrap the same again."""
    drawn = [film for film in films if film.has_truth]
    clear = [film for film in films if not film.has_truth]

    def called(film: ScoredFilm) -> float:
        return float(film.area > 0 and film.area >= detection_threshold)

    def mean(group: list[ScoredFilm], of: Callable[[ScoredFilm], float]) -> Estimate | None:
        return ratio(group, lambda film: (of(film), 1.0), seed=seed)

    return Evaluation(
        Scores(
            films=len(drawn),
            patients=len({film.patient for film in drawn}),
            dice_per_film=mean(drawn, lambda film: film.counts.dice),
            dice_pooled=ratio(drawn, _dice_parts, seed=seed),
            iou_per_film=mean(drawn, lambda film: film.counts.iou),
            iou_pooled=ratio(drawn, _iou_parts, seed=seed),
            found=mean(drawn, called),
        ),
        FalseAlarms(
            films=len(clear),
            patients=len({film.patient for film in clear}),
            any_pixel=mean(clear, lambda film: float(film.area > 0)),
            called_infected=mean(clear, called),
            area=mean(clear, lambda film: film.area),
        ),
    )


def ratio(
    films: Sequence[ScoredFilm],
    parts: Callable[[ScoredFilm], tuple[float, float]],
    *,
    seed: int,
) -> Estimate | None:
    """Return the sum of the first parts over that of the second, with its bootstrap interval.

    Patients are drawn with replacement, with all their films: films of one patient are alike, and
    drawing films would make the interval too narrow. Percentile method (Efron 1979).
    """
    if not films:
        return None
    sums = _sums_by_patient(films, parts)
    patients = len(sums)
    times_drawn = np.random.default_rng(seed).multinomial(
        patients, np.full(patients, 1 / patients), size=RESAMPLES
    )
    drawn = times_drawn @ sums
    low, high = np.percentile(_divided(drawn), [2.5, 97.5])
    return Estimate(float(_divided(sums.sum(axis=0))), float(low), float(high))


def _sums_by_patient(
    films: Sequence[ScoredFilm], parts: Callable[[ScoredFilm], tuple[float, float]]
) -> NDArray[np.float64]:
    """Return [patients, 2]: the sums of both parts over each patient's films."""
    sums: dict[str, NDArray[np.float64]] = {}
    for film in films:
        sums[film.patient] = sums.get(film.patient, np.zeros(2)) + parts(film)
    return np.stack(list(sums.values()))


def _divided(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    quotient: NDArray[np.float64] = sums[..., 0] / np.maximum(sums[..., 1], 1e-12)
    return quotient


def _dice_parts(film: ScoredFilm) -> tuple[float, float]:
    counts = film.counts
    overlap = 2.0 * counts.true_positive
    return overlap, overlap + counts.false_positive + counts.false_negative


def _iou_parts(film: ScoredFilm) -> tuple[float, float]:
    counts = film.counts
    overlap = float(counts.true_positive)
    return overlap, overlap + counts.false_positive + counts.false_negative
