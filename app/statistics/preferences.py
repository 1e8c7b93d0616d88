"""Who wins how often, and against whom. Pure."""

from dataclasses import dataclass

import numpy as np

from app.networks.scoring import Estimate
from app.statistics.proportions import share as share_of
from app.statistics.resampling import TwoWay
from app.statistics.votes import WORDS, Floats, Votes


@dataclass(frozen=True)
class Share:
    """What of all votes went to one source or word: ``votes`` (ties shared), and the share."""

    name: str
    votes: float
    share: Estimate


@dataclass(frozen=True)
class Pair:
    """How often ``first`` stood before ``second`` in ballots that say so: ``wins`` of ``of``."""

    first: str
    second: str
    wins: float
    of: float


@dataclass(frozen=True)
class ReaderShare:
    """One reader's votes, and the share that went to each source, then to each word."""

    reader: int
    votes: int
    shares: list[float]


def shares(votes: Votes, drawing: TwoWay) -> list[Share]:
    """Return the share of all votes of each source, then of each of `WORDS`.

    A tie of m gives each 1/m. Near-twins that were merged each get the whole credit, so with them
    the shares can sum to more than 1. Intervals over films' patients and readers.
    """
    parts = _parts(votes)
    if not len(votes):
        return []
    ones = np.ones((len(votes), 1))
    drawn = drawing.sums(np.hstack([parts, ones]))
    found = []
    for column, name in enumerate((*votes.sources, *WORDS)):
        own = np.hstack([parts[:, [column]], ones])
        share = share_of(own, drawn[:, [column, -1]], spread=drawing.spread(own))
        assert share is not None, "there are votes"
        found.append(Share(name, float(parts[:, column].sum()), share))
    return found


def by_reader(votes: Votes) -> list[ReaderShare]:
    """Return each reader's shares, in the order of readers' numbers."""
    parts = _parts(votes)
    found = []
    for reader in np.unique(votes.reader):
        own = parts[votes.reader == reader]
        found.append(ReaderShare(int(reader), len(own), [float(x) for x in own.mean(axis=0)]))
    return found


def _parts(votes: Votes) -> Floats:
    return np.hstack([votes.credits, votes.categories[:, len(votes.members) :]])


def beaten(votes: Votes) -> Floats:
    """Return float[S, S]: how often the row's source stood before the column's.

    The chosen mask stands before all others on its ballot, and all others before the worst. A tie
    of m gives 1/m of a win to each of its masks over the rest. Merged twins win and lose together.
    """
    size = len(votes.sources)
    found = np.zeros((size, size))
    width = votes.slots.shape[1]
    best = votes.shares
    worst = np.arange(width)[None, :] == votes.worst[:, None]
    for above in range(width):
        for below in range(width):
            if above == below:
                continue
            stands = (votes.slots[:, above] >= 0) & (votes.slots[:, below] >= 0)
            both_chosen = votes.chosen[:, below]
            won = np.where(both_chosen, 0.0, best[:, above])
            # The winner over the worst is known from the choice already.
            last = worst[:, below] & (best[:, above] == 0)
            weight = np.where(stands, won + last, 0.0)
            found += _between(votes, above, below, weight)
    np.fill_diagonal(found, 0)
    return found


def _between(votes: Votes, above: int, below: int, weight: Floats) -> Floats:
    """Return float[S, S]: the weights of the votes, by who stood in the two slots."""
    held = len(votes.members)
    cells = votes.slots[:, above] * held + votes.slots[:, below]
    known = weight > 0
    by_holding = np.bincount(cells[known], weights=weight[known], minlength=held * held)
    members = votes.members.astype(np.float64)
    found: Floats = members.T @ by_holding.reshape(held, held) @ members
    return found


def pairs(votes: Votes) -> list[Pair]:
    """Return all pairs of sources, each once, with the wins of the first."""
    wins = beaten(votes)
    return [
        Pair(first, second, float(wins[a, b]), float(wins[a, b] + wins[b, a]))
        for a, first in enumerate(votes.sources)
        for b, second in enumerate(votes.sources)
        if a < b
    ]
