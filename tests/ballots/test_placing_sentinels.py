"""Which ballots are sentinels, and in which slots their masks stand: pure."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ballots.sentinels import Placed, Sentinel, place, within_reach

seeds = st.binary(min_size=32, max_size=32).map(bytes.hex)


def films(count: int, *, first: int = 1, masks: int = 4, author: int = 0) -> list[Sentinel]:
    """Film 7's masks are 70 (the good one), 71, 72, 73."""
    return [
        Sentinel(n, tuple(range(10 * n, 10 * n + masks)), frozenset({author} - {0}))
        for n in range(first, first + count)
    ]


def placed(
    fresh: list[Sentinel],
    *,
    seed: str = "5eed" * 16,
    share: float = 0.1,
    physician: int = 1,
    before: list[Sentinel] | None = None,
    start: int = 0,
) -> list[Placed]:
    return list(
        place(
            fresh,
            before=before or [],
            physician_id=physician,
            seed=seed,
            share=share,
            start=start,
        )
    )


@given(seeds, st.integers(0, 40), st.floats(0.01, 0.5), st.integers(0, 500))
def test_each_film_comes_once_on_a_ballot_of_its_own(
    seed: str, count: int, share: float, start: int
) -> None:
    found = placed(films(count), seed=seed, share=share, start=start)
    assert sorted(one.film_id for one in found) == list(range(1, count + 1))
    ordinals = [one.ordinal for one in found]
    assert ordinals == sorted(set(ordinals))
    assert all(ordinal >= start for ordinal in ordinals)
    for one in found:
        assert sorted(one.candidates) == [10 * one.film_id + n for n in range(4)]


@given(seeds, st.integers(2, 5), st.integers(1, 60))
def test_the_good_mask_stands_in_each_slot_equally_often(seed: str, masks: int, count: int) -> None:
    stood = Counter(
        [one % 10 for one in found.candidates].index(0)
        for found in placed(films(count, masks=masks), seed=seed)
    )
    counts = [stood[slot] for slot in range(masks)]
    assert max(counts) - min(counts) <= 1


@pytest.mark.parametrize("share", [0.02, 0.1, 0.3])
def test_they_are_the_stated_share_of_the_ballots(share: float) -> None:
    ballots = [one.ordinal for one in placed(films(1000), share=share)]
    assert len(ballots) / ballots[-1] == pytest.approx(share, rel=0.15)


def test_no_share_places_none() -> None:
    assert placed(films(3), share=0) == []


def test_each_reader_meets_the_same_films_elsewhere() -> None:
    one, other = (placed(films(30), physician=physician) for physician in (1, 2))
    assert {each.film_id for each in one} == {each.film_id for each in other}
    assert [each.film_id for each in one] != [each.film_id for each in other]
    assert [each.ordinal for each in one] != [each.ordinal for each in other]


def test_who_drew_a_candidate_does_not_meet_the_film() -> None:
    both = films(5) + films(5, first=10, author=1)
    assert {one.film_id for one in placed(both, physician=1)} == {1, 2, 3, 4, 5}
    assert len(placed(both, physician=2)) == 10


def test_those_added_later_come_later() -> None:
    early = films(20)
    first = placed(early)
    more = placed(films(10, first=50), before=early, start=first[-1].ordinal + 1)
    assert min(one.ordinal for one in more) > max(one.ordinal for one in first)


@given(
    st.integers(0, 60),
    st.lists(st.integers(0, 80), unique=True, max_size=20).map(sorted),
)
def test_reading_to_the_end_meets_what_was_counted(others: int, waiting: list[int]) -> None:
    """Whoever deals ``others`` ballots, and each sentinel as its number comes, gets so many."""
    dealt, met, left = 0, 0, others
    while True:
        counted = met + within_reach(waiting[met:], dealt=dealt, others=left)
        if met < len(waiting) and waiting[met] <= dealt:
            met += 1
        elif left:
            left -= 1
        else:
            break
        dealt += 1
        assert met + within_reach(waiting[met:], dealt=dealt, others=left) == counted
    assert met == within_reach(waiting, dealt=0, others=others)
