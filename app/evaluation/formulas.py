"""The measures of overlap as parts that add up, so that one formula serves both averages. Pure."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from app.masks.measures import Confusion

Parts = Callable[[Confusion], tuple[int, int]]

OVERLAPS: Mapping[str, Parts] = {
    "dice": lambda c: (2 * c.true_positive, _claimed(c) + _present(c)),
    "iou": lambda c: (c.true_positive, _claimed(c) + c.false_negative),
    "sensitivity": lambda c: (c.true_positive, _present(c)),
    "specificity": lambda c: (c.true_negative, c.true_negative + c.false_positive),
    "precision": lambda c: (c.true_positive, _claimed(c)),
    "f1": lambda c: (2 * c.true_positive, _claimed(c) + _present(c)),
    "f2": lambda c: (5 * c.true_positive, _claimed(c) + 4 * _present(c)),
    "accuracy": lambda c: (c.true_positive + c.true_negative, _all(c)),
}
"""Numerator and denominator: F1 = 2PS/(P+S) and F2 = 5PS/(4P+S) written in pixels, where they are
defined for a film on which nothing was claimed and P is not. F1 of pixels is Dice."""

TITLES = {
    "dice": "Dice",
    "iou": "IoU",
    "sensitivity": "Sensitivity S",
    "specificity": "Specificity",
    "precision": "Precision P",
    "f1": "F1 = 2PS/(P+S)",
    "f2": "F2 = 5PS/(4P+S)",
    "accuracy": "Accuracy",
}


def pooled_parts(counts: Confusion) -> NDArray[np.float64]:
    """Return [measures, 2]: what adds up over films."""
    return np.array([parts(counts) for parts in OVERLAPS.values()], np.float64)


def per_film_parts(counts: Confusion) -> NDArray[np.float64]:
    """Return [measures, 2]: the film's value and 1, or 0 and 0 where 0 would be divided by 0."""
    pooled = pooled_parts(counts)
    known = pooled[:, 1] > 0
    values = np.divide(pooled[:, 0], pooled[:, 1], out=np.zeros(len(pooled)), where=known)
    return np.stack([values, known], axis=-1)


def _claimed(counts: Confusion) -> int:
    return counts.true_positive + counts.false_positive


def _present(counts: Confusion) -> int:
    return counts.true_positive + counts.false_negative


def _all(counts: Confusion) -> int:
    return _claimed(counts) + counts.false_negative + counts.true_negative
