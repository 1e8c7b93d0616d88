"""The same reader, the same film, another day: agreement on hidden repeats. Pure."""

from dataclasses import dataclass

import numpy as np

from app.networks.scoring import Estimate
from app.statistics.agreement import Agreement, agreement
from app.statistics.proportions import share as share_of
from app.statistics.resampling import TwoWay
from app.statistics.votes import Bools, Ints, Votes


@dataclass(frozen=True)
class Within:
    """``same``: the share of repeats with the first answer (interval over films and readers).

    ``slot_kept`` is the share with the same *slot*, told where both chose one: near 1/K where
    readers remember no letter. ``agreement`` rates each film and reader as one unit.
    """

    repeats: int
    readers: int
    same: Estimate
    slot_kept: float | None
    agreement: Agreement


def pairs_of(votes: Votes) -> tuple[Ints, Ints]:
    """Return the places of (first answer, repeat) of each hidden repeat that has both."""
    repeats = np.flatnonzero(votes.repeat > 0)
    firsts = np.flatnonzero(votes.repeat == 0)
    key = _key(votes, firsts)
    order = np.argsort(key, kind="stable")
    if not len(firsts) or not len(repeats):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    wanted = _key(votes, repeats)
    place = np.minimum(np.searchsorted(key[order], wanted), len(firsts) - 1)
    found = firsts[order][place]
    known = _key(votes, found) == wanted
    return found[known], repeats[known]


def _key(votes: Votes, rows: Ints) -> Ints:
    """Return one number for each film and reader."""
    found: Ints = votes.film[rows] * (int(votes.reader.max(initial=0)) + 1) + votes.reader[rows]
    return found


def within(votes: Votes, *, seed: int) -> Within | None:
    """Return how well readers agree with themselves; None where nothing was answered twice.

    ``votes`` holds first answers and repeats.
    """
    first, again = pairs_of(votes)
    if not len(first):
        return None
    same = (votes.categories[first] * votes.categories[again]).sum(axis=1)
    parts = np.column_stack([same, np.ones(len(same))])
    drawing = TwoWay(votes.patient[first], votes.reader[first], seed=seed)
    share = share_of(parts, drawing.sums(parts), spread=drawing.spread(parts))
    both = np.concatenate([first, again])
    unit = np.concatenate([again, again])
    found = agreement(votes.categories[both], unit, votes.patient[both], seed=seed)
    assert share is not None, "there are pairs"
    assert found is not None, "each pair is a unit with two ratings"
    single = _single(votes, first) & _single(votes, again)
    slots = votes.chosen[first].argmax(axis=1) == votes.chosen[again].argmax(axis=1)
    return Within(
        repeats=len(first),
        readers=len(np.unique(votes.reader[first])),
        same=share,
        slot_kept=float(slots[single].mean()) if single.any() else None,
        agreement=found,
    )


def _single(votes: Votes, rows: Ints) -> Bools:
    one: Bools = votes.chosen[rows].sum(axis=1) == 1
    return one
