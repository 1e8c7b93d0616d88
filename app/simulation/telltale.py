"""Does the blinding alarm ring when it should, and only then? Simulated studies. Pure."""

from dataclasses import dataclass

import numpy as np

from app.simulation.readers import guesses
from app.statistics.alarm import LEVEL, evidence

STUDIES = 2000
GUESSES = 100


@dataclass(frozen=True)
class Rings:
    """The share of studies in which the alarm rings within ``guesses``, and when, in the median.

    A reader sees the tell with chance ``tell``; ``right`` is what share of guesses is then right.
    """

    tell: float
    right: float
    guesses: int
    rings: float
    median_at: float | None


def rings(
    tell: float, *, masks: int, seed: int, number: int = GUESSES, studies: int = STUDIES
) -> Rings:
    """Simulate ``studies`` of ``number`` guesses each among ``masks``."""
    rng = np.random.default_rng([seed, round(1000 * tell)])
    right = guesses(masks=masks, tell=tell, studies=studies, number=number, rng=rng)
    over = evidence(right, np.full(number, 1 / masks)) >= 1 / LEVEL
    rang = over.any(axis=1)
    at = over.argmax(axis=1)[rang] + 1
    return Rings(
        tell=tell,
        right=tell + (1 - tell) / masks,
        guesses=number,
        rings=float(rang.mean()),
        median_at=float(np.median(at)) if at.size else None,
    )


def smallest_tell(*, masks: int, seed: int, power: float = 0.95, number: int = GUESSES) -> float:
    """Return the weakest tell, in hundredths, that rings in at least ``power`` of studies."""
    low, high = 0, 100
    while high - low > 1:
        middle = (low + high) // 2
        found = rings(middle / 100, masks=masks, seed=seed, number=number).rings
        low, high = (low, middle) if found >= power else (middle, high)
    return high / 100
