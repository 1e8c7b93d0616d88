"""Which films become sentinels, and of what masks they are made."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.ballots.design import chance
from app.blobs.store import BlobStore
from app.masks.measures import dice
from app.proposals.origins import GOOD, SENTINEL
from app.proposals.planting import CONFIRMED, SPOILT, Ground, planted, spoilt_but_one
from app.proposals.tables import Candidate, Likeness
from app.studies.protocol import Design, Display, Protocol
from tests.support.factory import SHAPE, World, blob_mask, make_world, propose_all
from tests.support.sentinels import confirm, plant_sentinels, world_with_sentinels

MANUAL, NORTH, SOUTH = 1, 2, 3
COARSE = Display(long_side=64, sigma=1)
APART = Protocol(display=COARSE, design=Design(merge=False))


def ground(
    truth: NDArray[np.bool_], *others: NDArray[np.bool_], shown: tuple[int, ...] = (1, 2, 3)
) -> Ground:
    masks = dict(enumerate([truth, *others], 1))
    return Ground(truth, masks, shown, [one for one in masks if one != MANUAL])


def boxes(*, lower: int = 0) -> NDArray[np.bool_]:
    mask = np.zeros(SHAPE, np.bool_)
    mask[30 + lower : 50 + lower, 20:45] = True
    return mask


@given(st.integers(0, 5000))
def test_one_mask_agrees_with_the_truth_and_all_others_plainly_do_not(seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth, far = blob_mask(rng), blob_mask(rng)
    near = np.roll(truth, 2, axis=0)
    found = spoilt_but_one(ground(truth, near, far), APART, rng)
    if dice(near, truth) < CONFIRMED:
        assert found is None
        return
    assert found is not None
    sources = [source for source, _ in found]
    assert sources[0] == GOOD
    assert len(set(sources)) == 3
    assert all(source.startswith(f"{SENTINEL}:") for source in sources)
    alike = [dice(proposed.mask, truth) for _, proposed in found]
    assert alike[0] >= CONFIRMED
    assert max(alike[1:]) <= SPOILT
    assert {proposed.kind for _, proposed in found} == {SENTINEL}
    assert not any(proposed.author or proposed.network for _, proposed in found)


@pytest.mark.parametrize(
    "unfit",
    [
        ground(np.zeros(SHAPE, np.bool_), boxes(), boxes(lower=3)),
        ground(boxes(), boxes(lower=18), boxes(lower=30)),
    ],
    ids=["an empty truth", "no network that confirms it"],
)
def test_a_film_without_a_sure_truth_is_not_fit(unfit: Ground) -> None:
    assert spoilt_but_one(unfit, APART, np.random.default_rng(1)) is None


def test_the_good_mask_is_the_hand_drawn_one_or_one_that_confirms_it() -> None:
    kept = set()
    for seed in range(20):
        found = spoilt_but_one(
            ground(boxes(), boxes(lower=2), boxes(lower=25)), APART, np.random.default_rng(seed)
        )
        assert found is not None
        kept.add(bool(found[0][1].mask[30].any()))
    assert kept == {True, False}


@pytest.mark.parametrize(
    ("design", "fit"),
    [
        (Design(), True),
        (Design(merge=False, merge_hd95=20), True),
        (Design(merge_hd95=20), False),
    ],
)
def test_no_sentinel_shows_two_masks_that_an_ordinary_ballot_would_merge(
    design: Design, fit: bool
) -> None:
    """Moved a little more or less, two spoilt masks are near by their edges, if not by Dice."""
    protocol = Protocol(display=COARSE, design=design)
    few = ground(boxes(), boxes(lower=2), boxes(lower=25))
    found = spoilt_but_one(few, protocol, np.random.default_rng(3))
    assert (found is not None) == fit


def drawn_world(session: Session, blobs: BlobStore, share: float) -> World:
    design = Design(merge=True, sentinel_share=share)
    world = make_world(session, blobs, films=20, design=design, is_open=False)
    propose_all(session, blobs, world)
    confirm(session, blobs, world, world.films)
    return world


def test_the_seed_draws_the_films_and_each_is_made_once(session: Session, blobs: BlobStore) -> None:
    world = drawn_world(session, blobs, 0.4)
    ids = [film.id for film in world.films]
    made = plant_sentinels(session, blobs, world.study, film_ids=ids, clock=world.clock)
    drawn = {one for one in ids if chance(0.4, world.study.seed, "sentinel", one)}
    assert 3 < len(made) <= len(drawn) < 14
    assert set(made) <= drawn
    assert set(planted(session, film_ids=ids)) == set(made)
    assert plant_sentinels(session, blobs, world.study, film_ids=ids, clock=world.clock) == []


def test_a_study_without_a_share_makes_none(session: Session, blobs: BlobStore) -> None:
    world = drawn_world(session, blobs, 0)
    ids = [film.id for film in world.films]
    assert plant_sentinels(session, blobs, world.study, film_ids=ids, clock=world.clock) == []


def test_a_sentinel_has_as_many_masks_as_its_film_has_slots(
    session: Session, blobs: BlobStore
) -> None:
    """Else the number of letters would tell it, where near-twins share a slot."""
    merged = Design(repeat_share=0, merge_dice=0.8, sentinel_share=0.5)
    world = world_with_sentinels(session, blobs, films=24, design=merged)
    made = planted(session, film_ids=[film.id for film in world.films])
    slots = {one: len(session.get_one(Likeness, one).groups) for one in made}
    assert {one: len(masks) for one, masks in made.items()} == slots
    assert set(slots.values()) != {4}
    for masks in made.values():
        assert all(session.get_one(Candidate, one).fidelity is None for one in masks)
