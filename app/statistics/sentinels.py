"""How often readers are right where it is known which mask is good: on sentinels. Pure."""

from dataclasses import dataclass

import numpy as np

from app.networks.scoring import Estimate
from app.statistics.proportions import exact_interval
from app.statistics.votes import Votes

GOOD = 0
"""The holding that is right to choose, as `app.reports.gather` numbers them."""
DENIED = 1
EVERYBODY = -1


@dataclass(frozen=True)
class SentinelScore:
    """One reader's answers to sentinels, or `EVERYBODY`'s: of those ``met``, so many are ``right``.

    Right is to choose the good mask and no other. Wrong are those where a spoilt one was chosen,
    alone or in a tie, those ``denied`` (none acceptable) and the other words. ``chance`` is the
    share that guessing would get.
    """

    reader: int
    met: int
    right: int
    spoilt: int
    denied: int
    share: Estimate
    chance: float


def scores(votes: Votes) -> list[SentinelScore]:
    """Return the scores of all readers together, then of each; nothing where no sentinel was met.

    ``votes`` are those on sentinels, whose first holding is the good mask. Intervals are exact and
    take answers one by one; that all readers met the same films is not in them.
    """
    if not len(votes):
        return []
    return [_score(votes, EVERYBODY)] + [
        _score(votes.where(votes.reader == reader), int(reader))
        for reader in np.unique(votes.reader)
    ]


def _score(votes: Votes, reader: int) -> SentinelScore:
    good = (votes.chosen & (votes.slots == GOOD)).any(axis=1)
    spoilt = (votes.chosen & (votes.slots > GOOD)).any(axis=1)
    right = int((good & ~spoilt).sum())
    return SentinelScore(
        reader=reader,
        met=len(votes),
        right=right,
        spoilt=int(spoilt.sum()),
        denied=int((votes.word == DENIED).sum()),
        share=exact_interval(right, len(votes)),
        chance=float((1 / (votes.slots >= 0).sum(axis=1)).mean()),
    )
