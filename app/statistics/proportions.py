"""Shares of votes with intervals, also where none or all are of the kind. Pure."""

from scipy import stats

from app.networks.scoring import Estimate
from app.statistics.resampling import ratio
from app.statistics.votes import Floats

LEVEL = 0.95


def exact_interval(right: int, of: int) -> Estimate:
    """Return right/of with Clopper and Pearson's exact 95 % interval (Biometrika 1934)."""
    rest = (1 - LEVEL) / 2
    low = stats.beta.ppf(rest, right, of - right + 1) if right else 0.0
    high = stats.beta.ppf(1 - rest, right + 1, of - right) if right < of else 1.0
    return Estimate(right / of, float(low), float(high))


def share(parts: Floats, drawn: Floats, *, spread: float = 1.0) -> Estimate | None:
    """Return `ratio`, with the exact interval where the share is 0 or 1.

    There every draw gives the same, and the bootstrap would claim to be certain. ``spread`` is
    `TwoWay.spread` of the same parts: the interval's ends move by it towards the share, or away.
    """
    above, below = (float(total) for total in parts.sum(axis=0))
    if below > 0 and above in (0.0, below):
        return exact_interval(round(above), round(below))
    found = ratio(parts, drawn)
    if found is None:
        return None
    return moved(found, spread)


def moved(found: Estimate, spread: float) -> Estimate:
    """Return a share whose interval was ``spread`` times as wide as it should be."""
    low, high = (found.value + (end - found.value) / spread for end in (found.low, found.high))
    return Estimate(found.value, max(low, 0.0), min(high, max(1.0, found.value)))
