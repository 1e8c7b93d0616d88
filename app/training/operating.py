"""The operating point of a network: temperature, mask threshold, specks, detection threshold.

Pure. Chosen on tuning films only, which are neither trained on nor reported on.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from app.masks.components import without_specks
from app.masks.measures import dice

THRESHOLDS = np.round(np.arange(0.20, 0.81, 0.05), 2)
SPECKS = (0.0, 0.0005, 0.002, 0.005)  # fractions of the film
WANTED_SPECIFICITY = 0.95
SMALLEST_AREA = 1e-4  # a fraction of the film


@dataclass(frozen=True)
class OperatingPoint:
    """How logits become a mask, and the area (a fraction of the film) that counts as detected."""

    temperature: float = 1.0
    threshold: float = 0.5
    specks: float = 0.0005
    detection_threshold: float = 0.01

    def mask(self, probability: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Return the mask [h, w] of a probability [h, w]."""
        return without_specks(probability >= self.threshold, fraction=self.specks)


def probability(logits: NDArray[np.float32], temperature: float) -> NDArray[np.float32]:
    """Return the calibrated probability 1 / (1 + exp(−logit / T)) (Guo et al. 2017)."""
    clipped = np.clip(logits / temperature, -60, 60)
    return (1 / (1 + np.exp(-clipped))).astype(np.float32)


def fitted_temperature(logits: NDArray[np.float32], truth: NDArray[np.bool_]) -> float:
    """Return the temperature in [0.1, 10] with the least mean cross entropy over all pixels."""
    some = slice(None, None, max(1, logits.size // 2_000_000))
    values, labels = logits.ravel()[some].astype(np.float64), truth.ravel()[some]

    def cross_entropy(log_temperature: float) -> float:
        scaled = values / np.exp(log_temperature)
        return float((np.logaddexp(0, scaled) - labels * scaled).mean())

    found = minimize_scalar(cross_entropy, bounds=(np.log(0.1), np.log(10)), method="bounded")
    return float(np.exp(found.x))


def masks_at(
    probabilities: NDArray[np.float32], threshold: float, specks: float
) -> NDArray[np.bool_]:
    """Return the masks [n, h, w] of probabilities at a threshold, without specks."""
    above = probabilities >= threshold
    return np.stack([without_specks(mask, fraction=specks) for mask in above])


def detection_threshold(with_infection: NDArray[np.float64], without: NDArray[np.float64]) -> float:
    """Return the area at which the wanted share of films without infection stays undetected.

    Both hold mask areas as fractions of the film.
    """
    area = wanted_threshold(with_infection, without) if len(with_infection) or len(without) else 0
    return min(max(area, SMALLEST_AREA), 1.0)


def wanted_threshold(with_infection: NDArray[np.float64], without: NDArray[np.float64]) -> float:
    """Return the score from which a film is called infected, given scores of both kinds.

    The wanted share of films without infection stays below it. Without such films, it is the score
    under which one in twenty infected films lies.
    """
    if len(without):
        score = float(np.quantile(without, WANTED_SPECIFICITY, method="higher"))
    else:
        score = float(np.quantile(with_infection, 1 - WANTED_SPECIFICITY))
    return math.nextafter(score, math.inf)


@dataclass(frozen=True)
class Trials:
    """One film at every pair of `THRESHOLDS` and `SPECKS`, [thresholds, specks].

    ``dice`` with the drawn mask, ``areas`` as fractions of the film; ``marked`` says whether
    anything was drawn.
    """

    dice: NDArray[np.float64]
    areas: NDArray[np.float64]
    marked: bool


def trials_of(probability: NDArray[np.float32], truth: NDArray[np.bool_]) -> Trials:
    """Try every pair on one film's probability [h, w]; truth is [h, w]."""
    masks = [
        [without_specks(probability >= threshold, fraction=specks) for specks in SPECKS]
        for threshold in THRESHOLDS
    ]
    marked = bool(truth.any())
    overlaps = [[dice(mask, truth) if marked else 0.0 for mask in row] for row in masks]
    areas = [[np.count_nonzero(mask) / mask.size for mask in row] for row in masks]
    return Trials(np.array(overlaps), np.array(areas), marked)


def best(tried: Sequence[Trials], *, temperature: float = 1.0) -> OperatingPoint:
    """Return the operating point with the best mean Dice over films with infection.

    Films without infection decide the detection threshold only.
    """
    overlaps = np.mean([trials.dice for trials in tried if trials.marked], axis=0)
    place = np.unravel_index(int(overlaps.argmax()), overlaps.shape)
    with_infection, without = (
        np.array([trials.areas[place] for trials in tried if trials.marked is marked])
        for marked in (True, False)
    )
    return OperatingPoint(
        temperature=round(temperature, 3),
        threshold=float(THRESHOLDS[place[0]]),
        specks=SPECKS[place[1]],
        detection_threshold=round(detection_threshold(with_infection, without), 5),
    )


def choose(logits: NDArray[np.float32], truth: NDArray[np.bool_]) -> OperatingPoint:
    """Return the temperature that fits, and the operating point that is `best` with it.

    logits and truth are [n, h, w]. Films whose truth is empty weigh in the temperature too.
    """
    temperature = fitted_temperature(logits, truth)
    probabilities = probability(logits, temperature)
    tried = [trials_of(film, drawn) for film, drawn in zip(probabilities, truth, strict=True)]
    return best(tried, temperature=temperature)
