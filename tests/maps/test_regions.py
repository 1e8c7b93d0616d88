"""Which lung is which, and where its zones lie."""

import numpy as np
from numpy.typing import NDArray

from app.maps.regions import split_lungs, thirds

Mask = NDArray[np.bool_]


def lungs_at(*parts: tuple[slice, slice]) -> Mask:
    mask = np.zeros((100, 200), np.bool_)
    for part in parts:
        mask[part] = True
    return mask


ROWS = slice(10, 90)


def test_the_patients_right_lung_is_on_the_left_of_the_film() -> None:
    right, left = split_lungs(lungs_at((ROWS, slice(20, 80)), (ROWS, slice(120, 180))))
    assert right[:, 20:80].any()
    assert not right[:, 100:].any()
    assert left[:, 120:180].any()
    assert not left[:, :100].any()


def test_each_pixel_is_in_one_lung() -> None:
    lungs = lungs_at((ROWS, slice(20, 80)), (ROWS, slice(120, 180)), (ROWS, slice(85, 90)))
    right, left = split_lungs(lungs)
    assert not (right & left).any()
    assert np.array_equal(right | left, lungs)


def test_a_shifted_film_still_has_two_lungs() -> None:
    right, left = split_lungs(lungs_at((ROWS, slice(2, 40)), (ROWS, slice(50, 90))))
    assert np.flatnonzero(right.any(0)).tolist() == list(range(2, 40))
    assert np.flatnonzero(left.any(0)).tolist() == list(range(50, 90))


def test_lungs_that_grew_together_are_cut_in_the_middle() -> None:
    right, left = split_lungs(lungs_at((ROWS, slice(20, 180))))
    assert right.sum() == left.sum()


def test_a_single_lung_is_not_cut() -> None:
    lungs = lungs_at((ROWS, slice(115, 185)))
    right, left = split_lungs(lungs)
    assert not right.any()
    assert np.array_equal(left, lungs)


def test_no_lungs_have_no_sides_and_no_zones() -> None:
    right, left = split_lungs(lungs_at())
    assert not right.any()
    assert not left.any()
    assert [zone.any() for zone in thirds(right)] == [False] * 3


def test_zones_are_thirds_of_the_lungs_height() -> None:
    lung = lungs_at((slice(30, 90), slice(20, 80)))
    zones = thirds(lung)
    assert [np.flatnonzero(zone.any(1))[[0, -1]].tolist() for zone in zones] == [
        [30, 49],
        [50, 69],
        [70, 89],
    ]
    assert np.array_equal(zones[0] | zones[1] | zones[2], lung)
