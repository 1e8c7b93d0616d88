"""The operating point of a network: temperature, mask threshold, specks, detection threshold.

Pure. Chosen on tuning films only, which are neither trained on nor reported on.
"""

from __future__ import annotations

import math
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


def choose(logits: NDArray[np.float32], truth: NDArray[np.bool_]) -> OperatingPoint:
    """Return the operating point with the best mean Dice over films with infection.

    logits and truth are [n, h, w]; films whose truth is empty decide the detection threshold only
    (and weigh in the temperature).
    """
    temperature = fitted_temperature(logits, truth)
    probabilities = probability(logits, temperature)
    marked = truth.any((1, 2))
    trials = [
        (_mean_dice(masks_at(probabilities[marked], t, s), truth[marked]), float(t), s)
        for t in THRESHOLDS
        for s in SPECKS
    ]
    _, threshold, specks = max(trials, key=lambda trial: trial[0])
    areas = masks_at(probabilities, threshold, specks).mean((1, 2))
    return OperatingPoint(
        temperature=round(temperature, 3),
        threshold=threshold,
        specks=specks,
        detection_threshold=round(detection_threshold(areas[marked], areas[~marked]), 5),
    )


def _mean_dice(masks: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float:
    return float(np.mean([dice(mask, drawn) for mask, drawn in zip(masks, truth, strict=True)]))
