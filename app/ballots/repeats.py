"""Which films come again to a physician, and how early they must stand for it. Pure. Decision 15.

A film that is read late cannot come again among new ones: its washout outlasts them. So films that
will be repeated are drawn at random among all, and most of them stand early in the order.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.ballots.design import draw, shuffled
from app.studies.protocol import Design

MOST = 0.5
DENSER = 2
"""Among early films at most so many times the share are repeated, and never more than `MOST`."""


@dataclass(frozen=True)
class Repeats:
    """The films that come again: those ``early`` stand within the first ``room`` places."""

    early: frozenset[int]
    anywhere: frozenset[int]
    room: int

    def __contains__(self, film_id: object) -> bool:
        return film_id in self.early or film_id in self.anywhere


def room_for(films: float, design: Design) -> int:
    """Return how many of the first ``films`` that a physician reads can return among the others.

    The longest washout is one and a half times what the protocol says (`app.ballots.washout`).
    """
    return max(0, int(films) - design.repeat_after_ballots * 3 // 2)


def drawn(
    film_ids: Collection[int], *, physician_id: int, seed: str, design: Design, reads: float
) -> Repeats:
    """Draw the films that come again to a physician who will read the share ``reads`` of them.

    A share of what will be read stands early, as many as there is room for; of the others each
    film comes again with the chance that is left.
    """
    room = room_for(len(film_ids) * reads, design)
    wanted = design.repeat_share * len(film_ids) * reads
    fits = min(1.0, min(DENSER * design.repeat_share, MOST) * room / wanted) if wanted else 0.0
    soon = design.repeat_share * reads * fits
    late = soon + design.repeat_share * (1 - fits)
    lots = {one: draw(seed, "repeat", physician_id, one) / 2**64 for one in film_ids}
    return Repeats(
        early=frozenset(one for one, lot in lots.items() if lot < soon),
        anywhere=frozenset(one for one, lot in lots.items() if soon <= lot < late),
        room=room,
    )


def early_first(
    order: Sequence[int], repeats: Repeats, *, physician_id: int, seed: str
) -> list[int]:
    """Return ``order`` with those that return early at random places within the room for them."""
    soon = [one for one in order if one in repeats.early]
    others = iter([one for one in order if one not in repeats.early])
    room = range(max(repeats.room, len(soon)))
    places = set(shuffled(list(room), seed, "early", physician_id, *soon[:1])[: len(soon)])
    first = iter(shuffled(soon, seed, "early film", physician_id))
    return [next(first if place in places else others) for place in range(len(order))]
