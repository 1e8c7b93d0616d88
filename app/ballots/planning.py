"""One physician's plan of a study: which film when, in which slots, what comes back. Pure.

BLIND_VOTING §3. All chance is drawn from the study's seed (`app.ballots.design`).
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.ballots.design import Unit, chance, draw, mixed_order, slot_order
from app.ballots.repeats import drawn, early_first
from app.studies.protocol import Design

REPEAT = 1
CHOICE = 0


@dataclass(frozen=True)
class Layable:
    """A film that can be a case.

    ``candidates`` are ids in one order of sources, the same for all films; ``groups`` are those
    that share a slot, the one that is shown first. ``authors`` are the ids of those who drew one
    of them.
    """

    film_id: int
    candidates: tuple[int, ...]
    groups: tuple[tuple[int, ...], ...]
    disagreement: float = 0.0
    authors: frozenset[int] = frozenset()

    def units(self) -> tuple[Unit, ...]:
        """Return, for each slot that is needed, the sources that share it, in order of sources."""
        source = {candidate: index for index, candidate in enumerate(self.candidates)}
        return tuple(sorted(tuple(sorted(source[one] for one in group)) for group in self.groups))

    def shown(self, unit: Unit) -> int:
        """Return the candidate that is shown for the sources of ``unit``."""
        wanted = {self.candidates[source] for source in unit}
        return next(group[0] for group in self.groups if group[0] in wanted)


@dataclass(frozen=True)
class Planned:
    """One film in a physician's order.

    ``candidates`` are those shown, in slot order. Where ``blank`` is true the film is drawn first,
    and the choice comes back. ``again`` is the slot order of the hidden repeat, if there is one.
    """

    film_id: int
    candidates: tuple[int, ...]
    blank: bool
    again: tuple[int, ...] | None


def readers_of_blanks(
    cases: Iterable[Layable], physician_ids: Sequence[int], *, seed: str, design: Design
) -> dict[int, int]:
    """Return which physician draws which film before seeing a candidate; most films, nobody."""
    readers = {}
    for case in cases:
        can = [one for one in physician_ids if one not in case.authors]
        if can and chance(design.draw_first_share, seed, "blank", case.film_id):
            readers[case.film_id] = min(
                can, key=lambda one: draw(seed, "blank reader", case.film_id, one)
            )
    return readers


def plan(
    fresh: Sequence[Layable],
    *,
    before: Iterable[Layable],
    physician_id: int,
    seed: str,
    design: Design,
    blank: Mapping[int, int],
    again_before: Collection[int] = (),
    reads: float = 1.0,
) -> Iterator[Planned]:
    """Yield the physician's part of ``fresh``, in order; ``before`` are the films planned earlier.

    Of those, ``again_before`` come again. ``reads`` is the share of the films that will come to
    the physician. No film stands here of which the physician drew a candidate.
    """
    by_film = {case.film_id: case for case in fresh if physician_id not in case.authors}
    # Slots are balanced among ballots that share their slots alike; each such kind has own blocks.
    had = Counter(case.units() for case in before)
    had_again = Counter(case.units() for case in before if case.film_id in again_before)
    repeats = drawn(
        [one for one in by_film if blank.get(one) != physician_id],
        physician_id=physician_id,
        seed=seed,
        design=design,
        reads=reads,
    )
    order = mixed_order(
        {film_id: case.disagreement for film_id, case in by_film.items()},
        seed=seed,
        physician_id=physician_id,
        backbone=design.backbone_share,
        by_priority=design.priority != "none",
    )
    for film_id in early_first(order, repeats, physician_id=physician_id, seed=seed):
        case, units = by_film[film_id], by_film[film_id].units()
        first = slot_order(units, seed=seed, physician_id=physician_id, ordinal=had[units])
        had[units] += 1
        again = None
        if film_id in repeats:
            again = slot_order(
                units, seed=seed, physician_id=physician_id, ordinal=had_again[units], among="again"
            )
            had_again[units] += 1
            if again == first:
                again = again[1:] + again[:1]
        yield Planned(
            film_id=film_id,
            candidates=tuple(case.shown(unit) for unit in first),
            blank=blank.get(film_id) == physician_id,
            again=None if again is None else tuple(case.shown(unit) for unit in again),
        )
