"""A changed film is found again, and told from other films."""

import re

import numpy as np
import pytest

from app.twins.search import SAME, twins, twins_between
from tests.twins.changed import OTHER_VIEW, SAME_VIEW, cropped, film, print_of

# Phantoms are drawn on one plan: 0, 1 and 2 are nearer to each other than films of patients are.
SEEDS = (3, 1, 8, 4, 5, 6)
FILMS = np.stack([print_of(film(seed)) for seed in SEEDS])
CHANGES = SAME_VIEW | OTHER_VIEW


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_film_is_found_and_no_other(change: str) -> None:
    changed = np.stack([print_of(CHANGES[change](film(SEEDS[place]))) for place in (1, 4)])
    pairs = [(twin.first, twin.second) for twin in twins_between(changed, FILMS)]
    assert pairs == [(0, 1), (1, 4)]


@pytest.mark.parametrize("change", SAME_VIEW)
def test_a_changed_part_of_a_film_is_found(change: str) -> None:
    changed = print_of(CHANGES[change](cropped(film(SEEDS[2]), 0.8)))
    assert [twin.second for twin in twins_between(changed[np.newaxis], FILMS)] == [2]


def test_different_films_are_no_twins() -> None:
    assert twins(FILMS) == []


def test_each_pair_is_told_once_the_smaller_number_first() -> None:
    found = twins(np.concatenate([FILMS, print_of(film(SEEDS[3])[:, ::-1])[np.newaxis]]))
    assert [(twin.first, twin.second) for twin in found] == [(3, 6)]
    assert SAME <= found[0].score <= 1.001


def test_the_change_is_named() -> None:
    original = film(5)
    changed = {
        "mirrored": original[:, ::-1],
        "inverted": 255 - original,
        "cropped to 64% of the area": cropped(original, 0.8),
        "turned by 5 degrees": OTHER_VIEW["turned"](original),
        "mirrored, inverted": 255 - original[:, ::-1],
        "the same view in another size, window or encoding": SAME_VIEW["halved"](original),
    }
    prints = np.stack([print_of(grey) for grey in changed.values()])
    found = twins_between(prints, print_of(original)[np.newaxis])
    assert len(found) == len(changed)
    for said, twin in zip(changed, found, strict=True):
        assert without_numbers(twin.change.words()) == without_numbers(said)


def without_numbers(words: str) -> str:
    """What is measured has a test of its own."""
    return re.sub(r"\d+", "", words)


def test_the_share_that_a_crop_left_is_measured() -> None:
    part = print_of(cropped(film(5), 0.8))[np.newaxis]
    (twin,) = twins_between(part, print_of(film(5))[np.newaxis])
    assert twin.change.cropped == pytest.approx(0.64, abs=0.04)


def test_a_film_of_one_grey_is_like_no_other() -> None:
    flat = np.full((2, 64, 64), 128, np.uint8)
    assert twins(np.concatenate([FILMS, flat])) == []


def test_no_films_have_no_twins() -> None:
    none = np.zeros((0, 64, 64), np.uint8)
    assert twins(none) == []
    assert twins_between(none, FILMS) == []
    assert twins_between(FILMS, none) == []
