"""Order effects: does the slot, the place in the sitting, or haste show in the answers? Pure."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from app.statistics.agreement import Table
from app.statistics.resampling import divided
from app.statistics.votes import Bools, Floats, Ints, Votes

PARTS_OF_SITTING = ((1, 10), (11, 25), (26, 50), (51, 100), (101, None))
MOST_SECONDS = 3600.0


@dataclass(frozen=True)
class Slots:
    """How often each slot was chosen (ties shared), and what was to be expected without slot bias.

    ``chi2`` with ``degrees`` of freedom and its ``p_value``; None where nothing was chosen.
    """

    chosen: list[float]
    expected: list[float]
    chi2: float | None
    degrees: int
    p_value: float | None


@dataclass(frozen=True)
class SittingPart:
    """The answers of one stretch of all sittings, from ballot ``first`` to ``last`` of a sitting.

    ``with_others`` is the share of the film's other answers that say the same.
    """

    first: int
    last: int | None
    answers: int
    seconds: float | None
    denied: float
    with_others: float | None


@dataclass(frozen=True)
class Times:
    """Seconds a ballot was visible: median and quartiles, and the readers' medians."""

    answers: int
    median: float
    low: float
    high: float
    by_reader: list[tuple[int, int, float]]


@dataclass(frozen=True)
class Trend:
    """Spearman's rank correlation within readers, its number of answers and p value."""

    answers: int
    rho: float
    p_value: float


def slots(votes: Votes) -> Slots:
    """Return the slots' counts and Pearson's χ² against no slot bias.

    Blocks make every source stand in every slot equally often, so without bias each slot of a
    ballot is as likely as any other. Only ballots on which a slot was chosen count.
    """
    made = votes.where(votes.choice_made)
    stands = made.slots >= 0
    chosen = made.shares.sum(axis=0)
    expected = (stands / np.maximum(stands.sum(axis=1, keepdims=True), 1)).sum(axis=0)
    known = expected > 0
    degrees = max(int(known.sum()) - 1, 0)
    if not len(made) or not degrees:
        return Slots([float(x) for x in chosen], [float(x) for x in expected], None, degrees, None)
    chi2 = float(((chosen - expected)[known] ** 2 / expected[known]).sum())
    p_value = float(stats.chi2.sf(chi2, degrees))
    return Slots(chosen.tolist(), expected.tolist(), chi2, degrees, p_value)


def with_others(votes: Votes) -> Floats:
    """Return float[n]: the share of the film's other answers that say the same; nan for none."""
    table = Table(votes.categories, votes.film)
    place = np.searchsorted(table.units, votes.film)
    same = (table.counts[place] * votes.categories).sum(axis=1) - (votes.categories**2).sum(axis=1)
    others = table.ratings[place] - 1
    return divided(same, others)


def sitting(votes: Votes) -> list[SittingPart]:
    """Return the stretches of a sitting that hold answers."""
    same = with_others(votes)
    found = []
    for first, last in PARTS_OF_SITTING:
        here = (votes.sitting >= first) & (votes.sitting <= (last or votes.sitting.max(initial=0)))
        if not here.any():
            continue
        known = here & np.isfinite(same)
        found.append(
            SittingPart(
                first=first,
                last=last,
                answers=int(here.sum()),
                seconds=_median(votes.seconds[here]),
                denied=float((votes.word[here] == 1).mean()),
                with_others=float(same[known].mean()) if known.any() else None,
            )
        )
    return found


def times(votes: Votes) -> Times | None:
    """Return the time per ballot; None where no browser said it."""
    known = _timed(votes)
    if not known.any():
        return None
    seconds, reader = votes.seconds[known], votes.reader[known]
    low, median, high = np.percentile(seconds, [25, 50, 75])
    own = [
        (int(one), int((reader == one).sum()), float(np.median(seconds[reader == one])))
        for one in np.unique(reader)
    ]
    return Times(int(known.sum()), float(median), float(low), float(high), own)


def speeding_up(votes: Votes) -> Trend | None:
    """Return how time per ballot goes with the place in the sitting, readers set to one median."""
    known = _timed(votes) & (votes.sitting > 0)
    if known.sum() < 10:
        return None
    seconds = _centred(np.log(np.maximum(votes.seconds[known], 0.1)), votes.reader[known])
    return _trend(votes.sitting[known].astype(np.float64), seconds)


def haste(votes: Votes) -> Trend | None:
    """Return how agreeing with the film's other readers goes with the time taken."""
    same = with_others(votes)
    known = _timed(votes) & np.isfinite(same)
    if known.sum() < 10:
        return None
    seconds = _centred(np.log(np.maximum(votes.seconds[known], 0.1)), votes.reader[known])
    return _trend(seconds, same[known])


def _timed(votes: Votes) -> Bools:
    known: Bools = (
        np.isfinite(votes.seconds) & (votes.seconds >= 0) & (votes.seconds < MOST_SECONDS)
    )
    return known


def _trend(first: Floats, second: Floats) -> Trend | None:
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return None
    found = stats.spearmanr(first, second)
    return Trend(len(first), float(found.statistic), float(found.pvalue))


def _centred(values: Floats, group: Ints) -> Floats:
    """Return the values less their group's median."""
    centred = values.copy()
    for one in np.unique(group):
        centred[group == one] -= np.median(values[group == one])
    return centred


def _median(values: Floats) -> float | None:
    known = values[np.isfinite(values) & (values < MOST_SECONDS)]
    return float(np.median(known)) if known.size else None
