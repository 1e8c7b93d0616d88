"""Which films readers disagree on most. Pure."""

from dataclasses import dataclass

import numpy as np

from app.statistics.agreement import Table
from app.statistics.votes import Votes


@dataclass(frozen=True)
class Dispute:
    """A film's ``answers`` and the share of their pairs that differ, 0 to 1.

    ``given`` is (category, votes), most votes first; categories are holdings, then the words.
    """

    film: int
    answers: int
    disagreement: float
    given: list[tuple[int, float]]


def disputes(votes: Votes, *, most: int) -> list[Dispute]:
    """Return the ``most`` disputed films, first the largest disagreement, then the most answers.

    Films with one answer, or on which all agree, are left out.
    """
    table = Table(votes.categories, votes.film)
    differing = np.nan_to_num(1 - table.agreement, nan=0.0)
    order = np.lexsort((table.units, -table.ratings, -np.round(differing, 12)))
    found = []
    for row in order[:most]:
        if differing[row] <= 0:
            break
        given = [(int(c), float(table.counts[row, c])) for c in np.flatnonzero(table.counts[row])]
        given.sort(key=lambda one: (-one[1], one[0]))
        found.append(
            Dispute(int(table.units[row]), int(table.ratings[row]), float(differing[row]), given)
        )
    return found


def histogram(votes: Votes) -> list[int]:
    """Return in how many films with two answers or more 0–20 %, 20–40 %… 80–100 % of pairs differ.

    The first of the five also holds films on which all agree.
    """
    table = Table(votes.categories, votes.film)
    differing = 1 - table.agreement[table.paired]
    return [int(n) for n in np.histogram(differing, bins=5, range=(0.0, 1.0))[0]]
