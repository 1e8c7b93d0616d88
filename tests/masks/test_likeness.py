"""How alike the masks of one film are."""

from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.masks.codec import pack_bits
from app.masks.likeness import Near, compare
from app.masks.measures import dice, hd95

SHAPE = (41, 37)
NEAR = Near(dice=0.98, hd95=2.0)
Mask = NDArray[np.bool_]


def disc(row: float, column: float, radius: float) -> Mask:
    rows, columns = np.mgrid[: SHAPE[0], : SHAPE[1]]
    inside: Mask = (rows - row) ** 2 + (columns - column) ** 2 <= radius**2
    return inside


discs = st.builds(disc, st.floats(5, 35), st.floats(5, 30), st.floats(0, 12))
nothing = st.just(np.zeros(SHAPE, np.bool_))
masks = st.lists(st.one_of(discs, nothing), min_size=1, max_size=5)


def alike(of: list[Mask], near: Near | None = NEAR) -> tuple[float, set[frozenset[int]]]:
    found = compare([pack_bits(mask) for mask in of], SHAPE, near=near)
    return found.disagreement, {frozenset(group) for group in found.groups}


@given(masks)
def test_two_share_a_slot_where_dice_or_distance_says_so(of: list[Mask]) -> None:
    _, groups = alike(of)
    group = {member: one for one in groups for member in one}
    for a, b in combinations(range(len(of)), 2):
        if dice(of[a], of[b]) >= NEAR.dice or hd95(of[a], of[b]) <= NEAR.hd95:
            assert group[a] is group[b]
    for one in groups:
        for member in one if len(one) > 1 else ():
            assert any(
                dice(of[member], of[other]) >= NEAR.dice or hd95(of[member], of[other]) <= NEAR.hd95
                for other in one - {member}
            )


@given(masks)
def test_disagreement_is_the_mean_over_pairs(of: list[Mask]) -> None:
    pairs = [1 - dice(a, b) for a, b in combinations(of, 2)]
    assert alike(of)[0] == pytest.approx(np.mean(pairs) if pairs else 0)


@given(st.lists(discs, min_size=2, max_size=4))
def test_nothing_depends_on_the_order_of_sources(of: list[Mask]) -> None:
    def by_pixels(order: tuple[int, ...]) -> tuple[float, set[frozenset[int]]]:
        amount, groups = alike([of[index] for index in order])
        return round(amount, 12), {frozenset(order[m] for m in group) for group in groups}

    assert all(
        by_pixels(order) == by_pixels(tuple(range(len(of))))
        for order in permutations(range(len(of)))
    )


def test_a_chain_of_near_twins_is_one_group() -> None:
    chain = [disc(20, 12 + shift, 8) for shift in (0, 2, 4)]
    assert hd95(chain[0], chain[2]) > NEAR.hd95
    assert alike(chain)[1] == {frozenset({0, 1, 2})}


def test_two_empty_masks_share_a_slot_and_an_empty_one_with_no_other() -> None:
    empty = np.zeros(SHAPE, np.bool_)
    assert alike([empty, disc(20, 20, 5), empty])[1] == {frozenset({0, 2}), frozenset({1})}


def test_without_a_bound_even_equal_masks_stay_apart() -> None:
    one = disc(20, 20, 5)
    assert alike([one, one], near=None) == (0, {frozenset({0}), frozenset({1})})
