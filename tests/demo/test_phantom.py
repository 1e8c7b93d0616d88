"""Phantoms: the same film for the same seed, with masks that lie where they should."""

import numpy as np
import pytest

from app.demo.opacities import FINDINGS
from app.demo.phantom import MARK, Phantom, hand_drawn, phantom
from app.demo.study import PHANTOM_NETWORKS
from app.masks.measures import dice
from app.networks.predict import open_network
from app.settings import settings

SIZE = (192, 160)
SEEDS = range(8)


@pytest.fixture(scope="module")
def phantoms() -> list[Phantom]:
    """Two of each finding, small."""
    return [phantom(seed, size=SIZE) for seed in SEEDS]


def test_the_same_seed_gives_the_same_film(phantoms: list[Phantom]) -> None:
    again = phantom(3, size=SIZE)
    assert again.film.sha256() == phantoms[3].film.sha256()
    assert np.array_equal(again.infection, phantoms[3].infection)


def test_each_seed_gives_another_film(phantoms: list[Phantom]) -> None:
    assert len({drawn.film.sha256() for drawn in phantoms}) == len(phantoms)


def test_films_and_masks_have_the_size_that_was_asked(phantoms: list[Phantom]) -> None:
    for drawn in phantoms:
        assert drawn.film.shape == drawn.infection.shape == drawn.lungs.shape == SIZE


def test_the_infection_lies_in_the_lungs(phantoms: list[Phantom]) -> None:
    for drawn in phantoms:
        assert not (drawn.infection & ~drawn.lungs).any()


def test_a_film_is_diseased_as_its_finding_says(phantoms: list[Phantom]) -> None:
    assert {drawn.finding for drawn in phantoms} == set(FINDINGS)
    for drawn in phantoms:
        assert drawn.infection.any() == (drawn.finding != "No finding")


def test_there_are_two_lungs_darker_than_what_is_between(phantoms: list[Phantom]) -> None:
    middle = slice(SIZE[1] // 2 - 6, SIZE[1] // 2 + 6)
    for drawn in phantoms:
        healthy = drawn.lungs & ~drawn.infection
        assert 0.15 < drawn.lungs.mean() < 0.4
        assert drawn.lungs[:, : SIZE[1] // 2].any()
        assert drawn.lungs[:, SIZE[1] // 2 :].any()
        grey = drawn.film.values.astype(float)
        assert grey[healthy].mean() + 40 < grey[SIZE[0] // 2 :, middle].mean()


def test_an_opacity_is_brighter_than_the_lung_around_it(phantoms: list[Phantom]) -> None:
    for drawn in phantoms:
        if drawn.infection.any():
            grey = drawn.film.values.astype(float)
            healthy = drawn.lungs & ~drawn.infection
            assert grey[drawn.infection].mean() > grey[healthy].mean() + 10


def test_the_heart_is_on_the_right_of_the_film(phantoms: list[Phantom]) -> None:
    low = slice(SIZE[0] // 2, int(SIZE[0] * 0.7))
    for drawn in phantoms:
        right_lung = drawn.lungs[low, : SIZE[1] // 2].sum()
        assert right_lung > drawn.lungs[low, SIZE[1] // 2 :].sum()


def test_a_film_says_that_it_is_none(phantoms: list[Phantom]) -> None:
    assert MARK == "SYNTHETIC"
    for drawn in phantoms:
        corner = drawn.film.values[: SIZE[0] // 10, : SIZE[1] // 2]
        assert (corner > 150).sum() > 20


def test_a_hand_draws_nearly_the_infection(phantoms: list[Phantom]) -> None:
    for seed, drawn in zip(SEEDS, phantoms, strict=True):
        hand = hand_drawn(drawn, seed)
        assert hand.any() == drawn.infection.any()
        if hand.any():
            assert 0.7 < dice(hand, drawn.infection) < 1
            assert np.array_equal(hand, hand_drawn(drawn, seed))


@pytest.mark.parametrize("name", PHANTOM_NETWORKS)
def test_the_sample_studys_networks_find_what_was_planted(name: str) -> None:
    network = open_network(settings().models, name, threads=1)
    diseased = [drawn for drawn in map(phantom, range(1, 4)) if drawn.infection.any()]
    found = [dice(network.mask(drawn.film), drawn.infection) for drawn in diseased]
    assert len(found) == 3
    assert np.mean(found) >= 0.5
