"""The page of the comparison: legible in the dark, and without colour."""

import re

import numpy as np
import pytest

from tests.training.extra import need_training_extra

need_training_extra()

from app.networks.scoring import Estimate  # noqa: E402
from app.training.comparison_page import (  # noqa: E402
    TEMPLATE,
    TEMPLATES,
    outlined,
    painted,
    words,
)

CSS = (TEMPLATES / TEMPLATE).read_text(encoding="utf-8").partition("</style>")[0]


def brightness(colour: str) -> float:
    """Return the relative luminance of #rrggbb (WCAG 2.2)."""
    parts = np.array(list(bytes.fromhex(colour))) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def test_all_text_stands_out_from_its_ground() -> None:
    (ground,) = set(re.findall(r"background: #([0-9a-f]{6})", CSS))
    inks = set(re.findall(r"[{;] ?color: #([0-9a-f]{6})", CSS))
    assert len(inks) >= 2
    for ink in inks:
        assert (brightness(ink) + 0.05) / (brightness(ground) + 0.05) >= 4.5


def test_nothing_is_brighter_than_a_film_and_grounds_are_dark() -> None:
    (ground,) = set(re.findall(r"background: #([0-9a-f]{6})", CSS))
    assert brightness(ground) < 0.01


@pytest.mark.parametrize("grey", [0, 128, 255])
def test_an_outline_shows_on_any_grey(grey: int) -> None:
    picture = np.full((20, 20, 3), grey, np.uint8)
    mask = np.zeros((20, 20), np.bool_)
    mask[5:15, 5:15] = True
    drawn = outlined(picture, mask)
    assert (drawn[5, 5:15] == 255).all()
    assert (drawn[4, 5:15] == 0).all()
    assert (drawn[10, 10] == grey).all()
    broken = outlined(picture, mask, dashed=True)
    lit = (broken == 255).all(axis=2) & (drawn == 255).all(axis=2)
    if grey < 255:
        assert 0 < lit.sum() < (drawn == 255).all(axis=2).sum()


def test_an_empty_mask_draws_nothing() -> None:
    picture = np.full((9, 9, 3), 90, np.uint8)
    assert np.array_equal(outlined(picture, np.zeros((9, 9), np.bool_)), picture)


def test_below_the_floor_nothing_is_painted_and_above_it_colour_grows() -> None:
    picture = np.full((1, 4, 3), 100, np.uint8)
    values = np.array([[0.0, 0.09, 0.5, 1.0]], np.float32)
    film, below, middle, top = painted(picture, values)[0].astype(int)
    assert film.tolist() == below.tolist() == [100, 100, 100]
    assert top[0] - top[2] > middle[0] - middle[2]  # cividis turns yellow: red over blue


def test_a_figure_is_told_with_its_interval() -> None:
    assert words(Estimate(0.5, 0.25, 0.75)) == "0.500 (0.250 to 0.750)"
    assert words(Estimate(-0.01, -0.02, 0.0)) == "−0.010 (−0.020 to 0.000)"
    assert words(None) == "–"
