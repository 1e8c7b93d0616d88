"""When sentinels come to a physician, and in which slots their masks stand. Pure.

A sentinel is a film whose right answer is known (`app.proposals.planting`). It is no case, so it
holds no place and settles nothing. The numbers of the ballots that are sentinels are drawn from
the study's seed, so that the share holds however many cases others fill meanwhile.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from app.ballots.design import chance, shuffled, slot_order

REPEAT_NO = -2
"""The ``repeat_no`` of a sentinel: it is no first choice, no repeat and not blank."""


@dataclass(frozen=True)
class Sentinel:
    """A film with its masks' ids, the good one first; ``authors`` drew one of its candidates."""

    film_id: int
    candidates: tuple[int, ...]
    authors: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Placed:
    """A sentinel as a physician meets it: its masks in slot order, and which ballot it will be."""

    film_id: int
    candidates: tuple[int, ...]
    ordinal: int


def place(
    fresh: Sequence[Sentinel],
    *,
    before: Sequence[Sentinel],
    physician_id: int,
    seed: str,
    share: float,
    start: int,
) -> Iterator[Placed]:
    """Yield the ``fresh`` sentinels, each once, in an order of the physician's own.

    ``before`` are those that were placed earlier, and ``start`` is the first ballot that is free.
    No film stands here of which the physician drew a candidate.
    """
    films = {one.film_id: one for one in fresh if physician_id not in one.authors}
    had = Counter(len(one.candidates) for one in before if physician_id not in one.authors)
    ordinals = (
        ordinal
        for ordinal in count(start)
        if chance(share, seed, "sentinel ballot", physician_id, ordinal)
    )
    order = shuffled(list(films), seed, "sentinel order", physician_id)
    # The order first: of ordinals there is no end.
    for film_id, ordinal in zip(order, ordinals if share > 0 else (), strict=False):
        masks = films[film_id].candidates
        slots = slot_order(
            range(len(masks)),
            seed=seed,
            physician_id=physician_id,
            ordinal=had[len(masks)],
            among="sentinels",
        )
        had[len(masks)] += 1
        yield Placed(film_id, tuple(masks[slot] for slot in slots), ordinal)


def within_reach(waiting: Sequence[int], *, dealt: int, others: int) -> int:
    """Return how many sentinels will come, of those ``waiting`` for these ballots, in order.

    ``others`` are the ballots that are still to be dealt beside them: without these in between, a
    sentinel's number is never reached.
    """
    come = 0
    for ordinal in waiting:
        if ordinal > dealt + others + come:
            break
        come += 1
    return come
