"""Films without their lungs, or with nothing but them, on real arrays."""

import numpy as np
import pytest

from app.evaluation.shortcuts import CONDITIONS, Condition, altered, lungs_blanked, masked, widened
from app.films.voi import luminance
from tests.support import two_lungs
from tests.support.two_lungs import GROUND, LEFT, LUNG, RIGHT, SHAPE

GREY = luminance(two_lungs.film(LEFT))
LUNGS = np.zeros(SHAPE, np.bool_)
LUNGS[RIGHT] = LUNGS[LEFT] = True


def test_blanked_nothing_of_the_lungs_is_left() -> None:
    blank = lungs_blanked(GREY, LUNGS)
    assert blank is not None
    assert (blank[LUNGS] == GROUND).all()
    outside = ~widened(LUNGS)
    assert (blank[outside] == GREY[outside]).all()


def test_what_is_blanked_depends_on_nothing_inside_the_lungs() -> None:
    # Cut so that most of the film is lung, and its median is one of the lungs'.
    near = (slice(15, 115), slice(15, 145))
    well = luminance(two_lungs.film())
    assert np.median(GREY[near]) != GROUND
    ours = lungs_blanked(GREY[near], LUNGS[near])
    theirs = lungs_blanked(well[near], LUNGS[near])
    assert ours is not None
    assert theirs is not None
    assert (ours == theirs).all()
    assert (ours[LUNGS[near]] == GROUND).all()


def test_the_lungs_are_widened_by_a_share_of_the_longer_side() -> None:
    wide = widened(LUNGS)
    assert wide[19 - 4, 30]
    assert not wide[19 - 5, 30]
    assert (wide >= LUNGS).all()


def test_masked_borders_hold_nothing_and_the_lungs_all() -> None:
    kept = masked(GREY, LUNGS)
    assert kept is not None
    assert (kept[LUNGS] == GREY[LUNGS]).all()
    assert (kept[:15] == LUNG).all()
    assert (kept[:, -15:] == LUNG).all()


@pytest.mark.parametrize("condition", CONDITIONS)
def test_without_lungs_nothing_can_be_altered(condition: Condition) -> None:
    assert altered(GREY, np.zeros(SHAPE, np.bool_), condition) is None


def test_a_film_that_is_all_lung_cannot_be_blanked() -> None:
    assert lungs_blanked(GREY, np.ones(SHAPE, np.bool_)) is None


def test_the_film_itself_stays_as_it_was() -> None:
    before = GREY.copy()
    for condition in CONDITIONS:
        altered(GREY, LUNGS, condition)
    assert (before == GREY).all()


def test_nothing_of_the_lungs_is_left_nor_their_edge() -> None:
    shape, inside = (100, 60), (slice(30, 60), slice(10, 30))
    lungs = np.zeros(shape, np.bool_)
    lungs[inside] = True
    grey = np.repeat(np.linspace(50, 200, shape[0], dtype=np.float32)[:, np.newaxis], shape[1], 1)
    edge = (slice(27, 63), slice(10, 30))  # widened by 3 % of 100 rows
    grey[edge] += 40
    painted = lungs_blanked(grey, lungs)
    assert painted is not None
    assert len(np.unique(painted[edge])) == 1
    assert 50 <= painted[edge][0, 0] <= 200
    assert np.array_equal(painted[:20], grey[:20])
    assert np.array_equal(painted[70:], grey[70:])
