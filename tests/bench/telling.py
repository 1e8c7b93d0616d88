"""How well one number tells two kinds of ballots apart: the area under the ROC curve. Pure.

The AUC is the chance that a ballot of one kind has the larger number, ties counting half (Mann &
Whitney 1947): 0.5 tells nothing.
"""

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

NEAR = 0.1
"""An AUC as near to 0.5 as this is called even, however sure it is."""
PERMUTATIONS, RESAMPLES = 2000, 2000
WINDOW = 51


@dataclass(frozen=True)
class Told:
    """An ``auc`` with its 95 % interval, and how often chance alone comes as far from 0.5."""

    of: int
    others: int
    auc: float
    low: float
    high: float
    p: float

    @property
    def tells(self) -> bool:
        """The rule: the interval leaves out 0.5, and the AUC is `NEAR` or farther from it."""
        return not self.low <= 0.5 <= self.high and abs(self.auc - 0.5) >= NEAR


def apart(values: Floats, of: Bools) -> Told:
    """Tell ballots ``of`` a kind from the others (DeLong, DeLong & Clarke-Pearson 1988)."""
    ones, others = values[of], values[~of]
    beaten = placements(ones, others)
    beating = 1 - placements(others, ones)
    auc = float(beaten.mean())
    spread = np.sqrt(beaten.var(ddof=1) / len(ones) + beating.var(ddof=1) / len(others))
    # Student's, for the smaller kind may be small.
    reach = stats.t.ppf(0.975, min(len(ones), len(others)) - 1) * spread
    low, high = auc - reach, auc + reach
    p = float(stats.mannwhitneyu(ones, others).pvalue)
    return Told(len(ones), len(others), auc, float(low), float(high), p)


def placements(values: Floats, others: Floats) -> Floats:
    """Return, for each of ``values``, the share of ``others`` below it, ties counting half."""
    ordered = np.sort(others)
    below, up_to = (np.searchsorted(ordered, values, side=side) for side in ("left", "right"))
    return (below + up_to) / (2 * len(others))


def paired(one: Floats, other: Floats, *, seed: int = 1) -> Told:
    """Tell ``one`` of each pair from the ``other``; the interval draws pairs anew."""
    rng = np.random.default_rng(seed)
    gap = np.sign(one - other)
    count = len(gap)
    drawn = rng.choice(gap, (RESAMPLES, count)).mean(axis=1) / 2 + 0.5
    signs = rng.choice((-1.0, 1.0), (PERMUTATIONS, count))
    as_far = np.abs(signs @ gap) >= abs(gap.sum())
    low, high = np.quantile(drawn, (0.025, 0.975))
    chance = (1 + int(as_far.sum())) / (1 + PERMUTATIONS)
    return Told(count, count, float(gap.mean() / 2 + 0.5), float(low), float(high), chance)


def settled(values: Floats) -> Floats:
    """Return ``values`` over the running median of the `WINDOW` around: what the machine did."""
    half = WINDOW // 2
    around = [
        np.median(values[max(0, place - half) : place + half + 1]) for place in range(len(values))
    ]
    return values / np.array(around)


def least_delay(values: Floats, of: Bools) -> float:
    """Return the delay of the kind, in units of ``values``, that would have been called a tell.

    To within a thousandth of the median; nan where three medians would not have been.
    """
    unit = float(np.median(values)) / 1000
    steps = range(3000)
    found = bisect_left(
        steps, True, key=lambda step: apart(settled(values + of * step * unit), of).tells
    )
    return found * unit if found < len(steps) else float("nan")
