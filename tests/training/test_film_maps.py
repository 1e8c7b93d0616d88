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
