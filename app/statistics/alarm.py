"""The blinding alarm: a test that may be looked at after every guess. Pure.

If the blind holds, the slots were shuffled after the reader's habits were fixed, so each guess is
right with chance 1/K whatever came before. Against that stands a reader who sees a tell with
probability t and else guesses: right with t + (1 − t)/K. The evidence E after n guesses is the mean
over t (uniform from 0 to 1) of Π likelihood(t)/likelihood(0). While the blind holds, E is a test
martingale: the chance that it *ever* reaches 1/α is at most α (Ville 1939; Wald 1945 for the ratio,
Shafer 2021 for testing by betting). So the alarm rings when E first reaches 20, at the level of
5 %, however often anybody looks. “Don't know” is no guess and moves nothing.
"""

from dataclasses import dataclass

import numpy as np

from app.statistics.votes import Bools, Floats

LEVEL = 0.05
AT_ONCE = 2_000_000
TELLS = (np.arange(200) + 0.5) / 200


@dataclass(frozen=True)
class Alarm:
    """``evidence`` is the largest E so far, ``at`` the number of guesses when the alarm rang."""

    guesses: int
    evidence: float
    at: int | None

    @property
    def rings(self) -> bool:
        """Say whether the alarm has rung."""
        return self.at is not None


def evidence(right: Bools, chance: Floats) -> Floats:
    """Return E after each guess, float[..., n].

    ``right`` bool[..., n] are the guesses in the order in which they were made, ``chance``
    float[n] is 1/K of each ballot.
    """
    found = TELLS[:, None] + (1 - TELLS[:, None]) * chance[None, :]
    if_right, if_wrong = np.log(found / chance), np.log1p(-found) - np.log1p(-chance)
    total = np.zeros((*right.shape[:-1], 1, len(TELLS)))
    out = np.empty(right.shape)
    at_once = max(1, AT_ONCE // total.size)
    for start in range(0, right.shape[-1], at_once):
        part = slice(start, start + at_once)
        steps = np.where(right[..., part, None], if_right[:, part].T, if_wrong[:, part].T)
        totals = total + steps.cumsum(axis=-2)
        largest = totals.max(axis=-1)
        out[..., part] = largest + np.log(np.exp(totals - largest[..., None]).mean(axis=-1))
        total = totals[..., -1:, :]
    return np.exp(np.minimum(out, 700.0))


def alarm(right: Bools, chance: Floats, *, level: float = LEVEL) -> Alarm:
    """Return how the alarm stands after the guesses ``right`` bool[n], each with its ``chance``."""
    if not len(right):
        return Alarm(0, 1.0, None)
    found = evidence(right, chance)
    rung = np.flatnonzero(found >= 1 / level)
    return Alarm(len(right), float(found.max()), int(rung[0]) + 1 if len(rung) else None)
