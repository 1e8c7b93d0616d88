"""Is the blind blind? Bang's and James' indices of the guess “which was drawn by hand?”. Pure."""

from dataclasses import dataclass

import numpy as np
from scipy import signal, stats

from app.networks.scoring import Estimate
from app.statistics.proportions import LEVEL, exact_interval
from app.statistics.votes import Floats, Ints

RESAMPLES = 2000


@dataclass(frozen=True)
class Guesses:
    """What was guessed: ``right``, ``wrong``, ``unknown`` (“don't know”).

    ``found`` is the share right of the guesses made, with the exact interval; ``chance`` is the
    mean of 1/K over those ballots; ``p_value`` is of the one-sided binomial test against chance.
    """

    right: int
    wrong: int
    unknown: int
    chance: float
    found: Estimate | None
    p_value: float | None
    bang: Estimate | None
    james: Estimate | None

    @property
    def made(self) -> int:
        """The guesses made: right or wrong."""
        return self.right + self.wrong


def bang(right: int, wrong: int, unknown: int, masks: float) -> Estimate | None:
    """Return Bang's index for K = ``masks``, with a normal interval.

    (c/n − 1/K)/(1 − 1/K), where a “don't know” counts as 1/K right: the mean over all answers of
    1 for right, −1/(K − 1) for wrong, 0 for “don't know”. With K = 2 it is (right − wrong)/n, the
    index and the interval of Bang, Ni & Davis 2004. 0 is chance, 1 all right.
    """
    number = right + wrong + unknown
    if not number:
        return None
    lost = 1 / (masks - 1)
    value = (right - lost * wrong) / number
    spread = (right + lost**2 * wrong) / number - value**2
    half = stats.norm.ppf((1 + LEVEL) / 2) * np.sqrt(max(spread, 0.0) / number)
    return Estimate(value, max(-lost, value - float(half)), min(1.0, value + float(half)))


def james_of(table: Floats) -> Floats:
    """Return James' index of ``table`` float[..., K, K + 1]: true by guess, “don't know” last.

    (1 + P_u + (1 − P_u)·K_D)/2 with K_D = (P_do − P_de)/P_de, P_do and P_de the observed and
    expected shares of wrong guesses among those made (James et al. 1996, eqs. 1 to 4; every wrong
    guess weighs 1). 1 is complete blinding, ½ guessing at random, 0 all right.
    """
    total = table.sum(axis=(-2, -1))
    made = table[..., :-1]
    number = made.sum(axis=(-2, -1))
    unknown = 1 - number / np.maximum(total, 1)
    right = np.trace(made, axis1=-2, axis2=-1)
    rows, columns = made.sum(axis=-1), made.sum(axis=-2)
    safe = np.maximum(number, 1)
    observed = 1 - right / safe
    expected = 1 - (rows * columns).sum(axis=-1) / safe**2
    beyond = np.where(
        expected > 0, (observed - expected) / np.where(expected > 0, expected, 1), 0.0
    )
    value: Floats = np.where(number > 0, (1 + unknown + (1 - unknown) * beyond) / 2, 1.0)
    return value


def james(table: Floats, *, seed: int) -> Estimate | None:
    """Return James' index of counts float[K, K + 1] with a bootstrap interval over guesses."""
    total = int(table.sum())
    if not total:
        return None
    drawn = np.random.default_rng(seed).multinomial(total, table.ravel() / total, size=RESAMPLES)
    low, high = np.percentile(
        james_of(drawn.reshape(-1, *table.shape).astype(np.float64)), [2.5, 97.5]
    )
    return Estimate(float(james_of(table)), float(low), float(high))


def guesses_of(truth: Ints, guess: Ints, masks: Ints, *, seed: int) -> Guesses:
    """Return what ``guess`` int[n] (a slot, −1 “don't know”) found of ``truth`` int[n] (a slot).

    ``masks`` int[n] is how many masks each ballot showed.
    """
    made = guess >= 0
    right = int((guess[made] == truth[made]).sum())
    number = int(made.sum())
    unknown = len(guess) - number
    chance = float((1 / masks).mean()) if len(masks) else 0.0
    if not len(guess):
        return Guesses(0, 0, 0, chance, None, None, None, None)
    width = int(masks.max())
    table = np.zeros((width, width + 1))
    np.add.at(table, (truth, np.where(made, guess, width)), 1.0)
    return Guesses(
        right=right,
        wrong=number - right,
        unknown=unknown,
        chance=chance,
        found=exact_interval(right, number) if number else None,
        p_value=_p_value(right, 1 / masks[made]),
        bang=bang(right, number - right, unknown, 1 / chance),
        james=james(table, seed=seed),
    )


def _p_value(right: int, chances: Floats) -> float | None:
    """Return the chance of ``right`` or more, where guess i is right with ``chances``[i]."""
    if not len(chances):
        return None
    # One binomial for each size of ballot; their sum by convolution.
    known = np.array([1.0])
    for chance, number in zip(*np.unique(chances, return_counts=True), strict=True):
        one = stats.binom.pmf(np.arange(number + 1), number, chance)
        known = signal.fftconvolve(known, one) if len(known) > 1 else one
    return float(np.clip(known[right:].sum(), 0, 1))
