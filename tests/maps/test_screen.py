"""A large film is shown smaller, and its map with it."""

import base64
import io
from pathlib import Path

import numpy as np
from PIL import Image

from app.films.pixels import FilmPixels
from app.maps.infection_map import make_map
from app.maps.screen import LONGEST_SIDE, on_screen
from app.networks.predict import open_network
from tests.support.tiny_networks import add_network


def test_all_three_pictures_have_the_size_of_the_screen(tmp_path: Path) -> None:
    add_network(tmp_path, "net")
    values = np.zeros((100, 2 * LONGEST_SIDE), np.uint8)
    values[:, LONGEST_SIDE:] = 255
    film = FilmPixels(values, bits=8)
    shown = on_screen(make_map(film, [open_network(tmp_path, "net")]), film)
    assert (shown.rows, shown.columns) == (50, LONGEST_SIDE)
    for said in (shown.film, shown.levels, shown.mask):
        with Image.open(io.BytesIO(base64.b64decode(said))) as image:
            assert image.size == (LONGEST_SIDE, 50)
            assert np.asarray(image)[:, -1].min() > 200


def test_pixels_that_are_not_square_are_said_so(tmp_path: Path) -> None:
    add_network(tmp_path, "net")
    film = FilmPixels(np.zeros((40, 30), np.uint8), bits=8, spacing_mm=(0.2, 0.1))
    shown = on_screen(make_map(film, [open_network(tmp_path, "net")]), film)
    assert (shown.rows, shown.columns, shown.aspect) == (40, 30, 2)
