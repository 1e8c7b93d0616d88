"""How many readers and ballots a study needs for an interval of a stated width. Pure.

The number in question is the share of votes that goes to the hand-drawn mask. A study is simulated
again and again with new readers and new films; the width is 2·1.96 standard deviations of what
comes out, so it holds for readers and films like these, not only for these.
"""

from dataclasses import dataclass

import numpy as np

from app.simulation.readers import HOME, Habits, answers

STUDIES = 400
FEWEST, MOST = 10, 10_240
AT_ONCE = 2_000_000


@dataclass(frozen=True)
class Size:
    """``films`` with ``readers`` give intervals of ``width``; None where no number tried does.

    ``ballots`` are films × answers a film; ``each`` is what one reader has to read.
    """

    readers: int
    films: int | None
    ballots: int | None
    each: int | None
    width: float


def width(
    habits: Habits, *, readers: int, films: int, each: int, seed: int, studies: int = STUDIES
) -> float:
    """Return the width of the 95 % interval of the hand-drawn mask's share of votes."""
    rng = np.random.default_rng([seed, readers, films])
    at_once = max(1, AT_ONCE // (films * each))
    shares: list[float] = []
    while len(shares) < studies:
        now = min(at_once, studies - len(shares))
        found = answers(habits, studies=now, films=films, readers=readers, each=each, rng=rng)
        shares.extend((found.choice == HOME).mean(axis=(1, 2)).tolist())
    return float(2 * 1.96 * np.std(shares, ddof=1))


def films_for(
    wanted: float, habits: Habits, *, readers: int, each: int, seed: int, studies: int = STUDIES
) -> Size:
    """Return the fewest films, to within a twentieth, whose interval is at most ``wanted`` wide."""
    each = min(each, readers)

    def at(films: int) -> float:
        return width(habits, readers=readers, films=films, each=each, seed=seed, studies=studies)

    high, found = FEWEST, at(FEWEST)
    while found > wanted and high < MOST:
        high *= 2
        found = at(high)
    if found > wanted:
        return Size(readers, None, None, None, found)
    low = high // 2 if high > FEWEST else FEWEST
    while high - low > max(1, high // 20):
        middle = (low + high) // 2
        here = at(middle)
        low, high, found = (middle, high, found) if here > wanted else (low, middle, here)
    return Size(readers, high, high * each, -(-high * each // readers), found)
