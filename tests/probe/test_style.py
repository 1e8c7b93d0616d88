"""The numbers of an outline say what their names say."""

import numpy as np
import pytest
from numpy.typing import NDArray

from app.probe.looks import FAMILIES, looks, names_of
from app.probe.style import style_names, style_of
from tests.probe.blobs import smooth_mask, with_stair_steps

Mask = NDArray[np.bool_]


def disc(radius: float, side: int = 256) -> Mask:
    rows, columns = np.mgrid[:side, :side]
    inside: Mask = np.hypot(rows - side / 2, columns - side / 2) <= radius
    return inside


def style(mask: Mask) -> dict[str, float]:
    return dict(zip(style_names(), style_of(mask), strict=True))


def test_every_number_has_a_name() -> None:
    mask = smooth_mask(np.random.default_rng(1))
    assert len(style_of(mask)) == len(style_names())
    found = looks([mask, mask[::-1]])
    for family in FAMILIES["all"]:
        assert found[family].shape == (2, len(names_of(family)))


def test_a_disc_turns_once_around_at_the_coarsest_scale() -> None:
    assert style(disc(80))["turning at 1/32"] == pytest.approx(np.log1p(2 * np.pi), abs=0.01)


def test_a_square_has_corners_and_straight_sides_and_a_disc_has_neither() -> None:
    square = np.zeros((256, 256), np.bool_)
    square[60:200, 50:190] = True
    corners, straight = "corners at 1/64", "longest straight at 1/64"
    assert style(square)[corners] > style(disc(80))[corners]
    assert style(square)[straight] > 0.15 > style(disc(80))[straight]


def test_stair_steps_show_in_the_runs() -> None:
    mask = smooth_mask(np.random.default_rng(2))
    assert style(with_stair_steps(mask))["runs from 1"] == 0
    assert style(mask)["runs from 1"] > 0


def test_a_mask_squared_on_a_grid_loses_nothing_on_that_grid() -> None:
    squared = np.kron(disc(30, 96), np.ones((4, 4), np.bool_))
    assert style(squared)["steps of 96"] == 0
    assert style(squared)["steps of 128"] > 0


def test_an_empty_mask_has_numbers_too() -> None:
    empty = np.zeros((40, 30), np.bool_)
    found = looks([empty, empty, disc(8, 40)[:, :30]])
    assert all(np.isfinite(values).all() for values in found.values())


def test_the_odd_one_out_has_the_least_company() -> None:
    same, other = disc(60), np.roll(disc(50), 40, axis=0)
    mean_dice = looks([same, other, same])["company"][:, names_of("company").index("mean Dice")]
    assert mean_dice.argmin() == 1
