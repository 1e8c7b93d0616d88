"""Each form holds what it says, and the same map gives the same bytes."""

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from app import RESEARCH_ONLY, __version__
from app.films.pixels import FilmPixels
from app.maps.colour import COLOURS, FLOOR, Colours, opacity, table
from app.maps.forms import FORMS, Form, render
from app.maps.infection_map import InfectionMap, make_map
from app.masks.codec import from_runs
from app.networks.predict import open_network
from tests.support import two_lungs
from tests.support.two_lungs import LEFT, SHAPE

FILM = two_lungs.film(LEFT)


@pytest.fixture
def found(tmp_path: Path) -> InfectionMap:
    two_lungs.add_networks(tmp_path)
    return make_map(FILM, [open_network(tmp_path, "first")], open_network(tmp_path, "lungs"))


def drawn(found: InfectionMap, form: Form, film: FilmPixels = FILM) -> bytes:
    return render(found, film, form=form, colours="cividis")


def opened(png: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(png))
    image.load()
    return image


def pixels(png: bytes, mode: str | None = None) -> NDArray[Any]:
    image = opened(png)
    return np.asarray(image if mode is None else image.convert(mode))


@pytest.mark.parametrize("form", FORMS)
def test_the_same_map_gives_the_same_bytes(found: InfectionMap, form: Form) -> None:
    assert drawn(found, form) == drawn(found, form)


@pytest.mark.parametrize("form", [form for form in FORMS if form != "json"])
def test_every_picture_says_where_it_came_from(found: InfectionMap, form: Form) -> None:
    said = json.loads(opened(drawn(found, form)).info["maskballot"])
    assert said["film"]["sha256"] == FILM.sha256()
    assert said["networks"] == [{"name": name, "sha256": sha} for name, sha in found.networks]
    assert said["research_only"] == RESEARCH_ONLY
    assert said["version"] == __version__
    assert said["threshold"] == found.thresholds.probability


def test_json_holds_the_numbers_and_both_masks(found: InfectionMap) -> None:
    said = json.loads(drawn(found, "json"))
    assert said["extent"]["left"] == {
        "percent": 100.0,
        "grade": 4,
        "zones": {"upper": 100.0, "middle": 100.0, "lower": 100.0},
    }
    assert said["extent"]["percent"] == 50.0
    assert said["detection"]["infected"] is True
    assert np.array_equal(from_runs(said["mask"]["runs"], SHAPE), found.mask)
    assert found.lungs is not None
    assert np.array_equal(from_runs(said["lungs"]["runs"], SHAPE), found.lungs)


def test_json_says_why_there_is_no_extent(tmp_path: Path) -> None:
    two_lungs.add_networks(tmp_path)
    found = make_map(FILM, [open_network(tmp_path, "first")])
    said = json.loads(drawn(found, "json"))
    assert said["extent"] is None
    assert said["lungs"] is None
    assert "No lung network" in said["remark"]


def test_the_layer_is_indexed_by_probability_and_clear_elsewhere(found: InfectionMap) -> None:
    png = drawn(found, "layer")
    assert opened(png).mode == "P"
    index = pixels(png)
    assert index.shape == SHAPE
    inside = np.zeros(SHAPE, np.bool_)
    inside[LEFT] = True
    assert np.array_equal(index[inside], np.rint(found.probability[inside] * 255))
    assert not index[~inside].any()
    rgba = pixels(png, "RGBA")
    assert (rgba[~inside][:, 3] == 0).all()
    assert (rgba[inside][:, 3] > 200).all()


def test_the_overlay_shows_the_film_where_nothing_is_painted_and_a_legend(
    found: InfectionMap,
) -> None:
    overlay = pixels(drawn(found, "overlay"))
    assert overlay.shape[0] > SHAPE[0]
    picture = overlay[: SHAPE[0], : SHAPE[1]]
    assert (picture[20:110, 20:70] == 100).all()
    assert np.ptp(picture[60, 100]) > 20
    assert np.ptp(overlay[SHAPE[0] :, : SHAPE[1]]) > 100


def test_the_probability_has_sixteen_bits(found: InfectionMap) -> None:
    values = pixels(drawn(found, "probability"))
    assert values.dtype == np.uint16
    assert np.allclose(values / 65535, found.probability, atol=1e-5)


def test_the_mask_has_one_bit(found: InfectionMap) -> None:
    png = drawn(found, "mask")
    assert opened(png).mode == "1"
    assert np.array_equal(pixels(png), found.mask)


@pytest.mark.parametrize("colours", COLOURS)
def test_colours_differ_for_different_probabilities(colours: Colours) -> None:
    palette = table(colours)
    assert palette.shape == (256, 3)
    assert len(np.unique(palette[round(255 * FLOOR) :: 8], axis=0)) == len(
        palette[round(255 * FLOOR) :: 8]
    )


def test_opacity_is_nothing_below_the_floor_and_rises_above_it() -> None:
    strength = opacity().astype(int)
    painted = np.arange(256) / 255 >= FLOOR
    assert (strength[~painted] == 0).all()
    assert (strength[painted] > 0).all()
    assert (np.diff(strength) >= 0).all()


def test_cividis_and_inferno_rise_in_lightness() -> None:
    even: tuple[Colours, ...] = ("cividis", "inferno")
    for colours in even:
        light = table(colours) @ np.array([0.2126, 0.7152, 0.0722])
        assert (np.diff(light) > -0.5).all()
