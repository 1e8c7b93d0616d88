"""One physician's plan of a study."""

from collections import Counter
from collections.abc import Sequence
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ballots.design import in_backbone
from app.ballots.planning import Layable, Planned, plan, readers_of_blanks
from app.studies.protocol import Design

SEED = "5eed" * 16
SOURCES = 4
ALONE = ((0,), (1,), (2,), (3,))

seeds = st.binary(min_size=32, max_size=32).map(bytes.hex)
ways = st.sampled_from([ALONE, ((0, 1), (2,), (3,)), ((0,), (1, 3), (2,)), ((0, 1, 2, 3),)])


def films(
    shared: Sequence[tuple[tuple[int, ...], ...]], authors: int | None = None
) -> list[Layable]:
    """One film for each way of sharing slots; film 7's candidates are 70, 71, 72, 73."""
    return [
        Layable(
            film_id=film_id,
            candidates=tuple(10 * film_id + source for source in range(SOURCES)),
            groups=tuple(tuple(10 * film_id + source for source in group) for group in groups),
            disagreement=(37 * film_id % 101) / 101,
            authors=frozenset() if authors is None else frozenset({authors}),
        )
        for film_id, groups in zip(count(1), shared)
    ]


def planned(
    fresh: Sequence[Layable],
    *,
    design: Design | None = None,
    seed: str = SEED,
    before: Sequence[Layable] = (),
    physician: int = 1,
    blank: dict[int, int] | None = None,
) -> list[Planned]:
    return list(
        plan(
            fresh,
            before=before,
            physician_id=physician,
            seed=seed,
            design=design or Design(),
            blank=blank or {},
        )
    )


@given(seeds, st.lists(ways, max_size=60))
def test_each_film_stands_once_and_shows_one_candidate_of_each_group(
    seed: str, shared: list[tuple[tuple[int, ...], ...]]
) -> None:
    cases = films(shared)
    order = planned(cases, seed=seed)
    assert sorted(one.film_id for one in order) == [case.film_id for case in cases]
    for one in order:
        groups = cases[one.film_id - 1].groups
        assert sorted(one.candidates) == sorted(group[0] for group in groups)


@given(seeds, st.lists(ways, max_size=80), st.integers(0, 80))
def test_sources_that_share_slots_alike_stand_in_each_slot_equally_often(
    seed: str, shared: list[tuple[tuple[int, ...], ...]], cut: int
) -> None:
    cases = films(shared)
    order = planned(cases[:cut], seed=seed) + planned(cases[cut:], before=cases[:cut], seed=seed)
    for way in set(shared):
        stood: Counter[tuple[int, int]] = Counter()
        for one in order:
            if shared[one.film_id - 1] == way:
                stood.update((slot, shown % 10) for slot, shown in enumerate(one.candidates))
        counts = [stood[slot, group[0]] for slot in range(len(way)) for group in way]
        assert max(counts) - min(counts) <= 1


@given(seeds, st.integers(0, 60))
def test_added_films_change_nothing_that_was_planned(seed: str, cut: int) -> None:
    cases = films([ALONE] * 60)
    assert planned(cases[:cut], seed=seed) == planned(cases[:cut], seed=seed, before=[])
    early = {one.film_id for one in planned(cases[:cut], seed=seed)}
    late = {one.film_id for one in planned(cases[cut:], seed=seed, before=cases[:cut])}
    assert not early & late
    assert early | late == {case.film_id for case in cases}


def test_an_author_never_meets_the_film() -> None:
    cases = [
        *films([ALONE] * 20, authors=1),
        Layable(film_id=99, candidates=(990, 991), groups=((990,), (991,))),
    ]
    assert [one.film_id for one in planned(cases, physician=1)] == [99]
    assert len(planned(cases, physician=2)) == 21


def test_disputed_films_come_early_and_the_backbone_anywhere() -> None:
    cases = films([ALONE] * 1000)
    order = planned(cases)
    rank = {one.film_id: place for place, one in enumerate(order)}
    spine = {f for f in rank if in_backbone(f, seed=SEED, share=0.2)}
    # What comes again stands at random places, too.
    rest = [c for c in cases if c.film_id not in spine and order[rank[c.film_id]].again is None]
    disputed = [c.film_id for c in rest if c.disagreement > 0.9]
    agreed = [c.film_id for c in rest if c.disagreement < 0.1]
    assert max(rank[f] for f in disputed) < min(rank[f] for f in agreed)
    assert 150 < len(spine) < 250
    early = sum(rank[f] < 500 for f in spine)
    assert 0.4 < early / len(spine) < 0.6


def test_the_backbone_is_the_same_for_all_but_not_its_order() -> None:
    cases = films([ALONE] * 200)
    orders = [
        [
            one.film_id
            for one in planned(cases, physician=physician)
            if in_backbone(one.film_id, seed=SEED, share=0.2)
        ]
        for physician in (1, 2)
    ]
    assert sorted(orders[0]) == sorted(orders[1])
    assert orders[0] != orders[1]


def test_without_priority_the_order_does_not_ask_for_pixels() -> None:
    cases = films([ALONE] * 50)
    calm = [Layable(c.film_id, c.candidates, c.groups) for c in cases]
    plain = Design(priority="none")
    assert planned(cases, design=plain) == planned(calm, design=plain)


@pytest.mark.parametrize("share", [0.0, 0.1, 1.0])
def test_repeats_are_a_share_and_always_in_other_slots(share: float) -> None:
    order = planned(films([ALONE] * 1000), design=Design(repeat_share=share))
    again = [one for one in order if one.again is not None]
    assert abs(len(again) - 1000 * share) <= 40
    assert all(one.again != one.candidates for one in again)
    assert all(sorted(one.again or ()) == sorted(one.candidates) for one in again)


def test_a_share_of_films_is_drawn_first_by_one_physician_who_drew_no_candidate() -> None:
    cases = films([ALONE] * 300) + [
        Layable(900 + n, (1, 2), ((1,), (2,)), authors=frozenset({5})) for n in range(50)
    ]
    readers = readers_of_blanks(cases, [5, 6], seed=SEED, design=Design(draw_first_share=0.5))
    assert 140 < len(readers) < 210
    assert set(readers.values()) == {5, 6}
    assert {reader for film, reader in readers.items() if film >= 900} == {6}
    blank = {one.film_id for one in planned(cases, physician=6, blank=readers) if one.blank}
    assert blank == {film for film, reader in readers.items() if reader == 6}


def test_a_film_that_is_drawn_first_is_not_repeated() -> None:
    cases = films([ALONE] * 40)
    order = planned(
        cases, design=Design(repeat_share=1), blank={case.film_id: 1 for case in cases[:20]}
    )
    assert all(one.blank == (one.again is None) for one in order)
