"""What is made of one film beside its maps."""

from pathlib import Path

import numpy as np
import pytest

from tests.training.extra import need_training_extra

need_training_extra()

from app.films.pixels import FilmPixels  # noqa: E402
from app.training.film_maps import (  # noqa: E402
    ALL_OF_THE_LUNGS,
    IN_THE_LUNGS,
    FilmMaps,
    Mask,
    Speaking,
    without_lungs,
)
from app.training.sources import Source  # noqa: E402

SHAPE = (100, 60)
LUNGS = (slice(30, 60), slice(10, 30))


def lungs() -> Mask:
    inside = np.zeros(SHAPE, np.bool_)
    inside[LUNGS] = True
    return inside


def film_maps(found: Mask | None) -> FilmMaps:
    source = Source(Path("a.png"), None, "", "a.png", "", "", "", "", "")
    return FilmMaps(
        source=source,
        film=FilmPixels(np.zeros(SHAPE, np.uint8), bits=8),
        truth=lungs(),
        lungs=found,
        maps={"map": np.full(SHAPE, 0.5, np.float32)},
        seen=Speaking(0.1, 2.0),
        blanked=None,
    )


def test_nothing_of_the_lungs_is_left_nor_their_edge() -> None:
    rows = np.linspace(50, 200, SHAPE[0], dtype=np.float32)
    grey = np.repeat(rows[:, np.newaxis], SHAPE[1], axis=1)
    edge = (slice(27, 63), slice(10, 30))  # widened by 3 % of 100 rows
    grey[edge] += 40
    painted = without_lungs(grey, lungs())
    assert len(np.unique(painted[edge])) == 1
    assert 50 <= painted[edge][0, 0] <= 200
    assert np.array_equal(painted[:20], grey[:20])
    assert np.array_equal(painted[70:], grey[70:])


def test_a_film_that_is_all_lung_becomes_flat() -> None:
    grey = np.arange(6000, dtype=np.float32).reshape(SHAPE)
    assert len(np.unique(without_lungs(grey, np.ones(SHAPE, np.bool_)))) == 1


def test_maps_are_also_kept_to_the_lungs() -> None:
    maps = dict(film_maps(lungs()).each())
    assert list(maps) == ["map", "map" + IN_THE_LUNGS, ALL_OF_THE_LUNGS]
    assert np.array_equal(maps["map" + IN_THE_LUNGS] > 0, lungs())
    assert np.array_equal(maps[ALL_OF_THE_LUNGS] > 0, lungs())


@pytest.mark.parametrize("found", [None, np.zeros(SHAPE, np.bool_)])
def test_where_no_lungs_are_known_a_map_stays_whole(found: Mask | None) -> None:
    maps = dict(film_maps(found).each())
    assert (len(maps) == 1) == (found is None)
    assert maps.get("map" + IN_THE_LUNGS, maps["map"]).all()
