"""The design of a study's ballots: orders, slots, keys."""

from collections import Counter
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from app.ballots.design import ballot_key, case_order, slot_order

seeds = st.binary(min_size=32, max_size=32).map(bytes.hex)
physicians = st.integers(1, 10_000)


def some(sources: int) -> tuple[int, ...]:
    return tuple(range(sources))


@given(seeds, physicians, st.integers(2, 5), st.integers(1, 150))
def test_at_any_moment_each_source_stood_in_each_slot_equally_often(
    seed: str, physician: int, sources: int, ballots: int
) -> None:
    stood: Counter[tuple[int, int]] = Counter()
    for ordinal in range(ballots):
        order = slot_order(some(sources), seed=seed, physician_id=physician, ordinal=ordinal)
        stood.update((slot, source) for slot, source in enumerate(order))
    counts = [stood[slot, source] for slot in range(sources) for source in range(sources)]
    assert max(counts) - min(counts) <= 1


@given(seeds, physicians, st.integers(0, 3))
def test_each_block_holds_all_orders_of_four_once(seed: str, physician: int, block: int) -> None:
    orders = [
        slot_order(some(4), seed=seed, physician_id=physician, ordinal=24 * block + row)
        for row in range(24)
    ]
    assert sorted(orders) == sorted(permutations(range(4)))


@given(seeds)
def test_two_physicians_get_different_slots(seed: str) -> None:
    def orders(physician: int) -> list[tuple[int, ...]]:
        return [
            slot_order(some(4), seed=seed, physician_id=physician, ordinal=n) for n in range(24)
        ]

    assert orders(1) != orders(2)


@given(seeds, physicians, st.sets(st.integers(1, 10**6), max_size=40))
def test_an_order_holds_every_case_once_and_can_be_drawn_again(
    seed: str, physician: int, films: set[int]
) -> None:
    order = case_order(sorted(films), seed=seed, physician_id=physician)
    assert sorted(order) == sorted(films)
    assert order == case_order(sorted(films, reverse=True), seed=seed, physician_id=physician)


@given(seeds, st.lists(st.tuples(physicians, st.integers(1, 999)), unique=True, max_size=30))
def test_keys_are_distinct_and_depend_on_the_seed(seed: str, pairs: list[tuple[int, int]]) -> None:
    keys = [
        ballot_key(seed=seed, physician_id=physician, film_id=film, repeat_no=0)
        for physician, film in pairs
    ]
    other = "00" * 32 if seed != "00" * 32 else "11" * 32
    assert len(set(keys)) == len(keys)
    assert all(len(key) == 26 and key.isalnum() for key in keys)
    assert not set(keys) & {
        ballot_key(seed=other, physician_id=physician, film_id=film, repeat_no=0)
        for physician, film in pairs
    }
