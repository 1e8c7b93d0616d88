"""A film is what it shows: it survives the store, and its sha256 says which film it is."""

import io
import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from app.films.pixels import FilmPixels, Values, VoiTable, Window, grey_png

kinds = st.sampled_from([np.uint8, np.uint16])
shapes = arrays.array_shapes(min_dims=2, max_dims=2, max_side=20)
values = kinds.flatmap(lambda kind: arrays.arrays(kind, shapes))
windows = st.builds(
    Window,
    center=st.floats(-5000, 5000),
    width=st.floats(1, 5000),
    function=st.sampled_from(["LINEAR", "LINEAR_EXACT", "SIGMOID"]),
)
entries = st.lists(st.integers(0, 65535), min_size=1, max_size=20).map(tuple)
tables = st.builds(VoiTable, first=st.integers(-100, 100), bits=st.just(16), values=entries)
FILM = FilmPixels(values=np.arange(6, dtype=np.uint8).reshape(2, 3), bits=8)


@given(values, st.lists(windows | tables, max_size=4), st.floats(-3, 3).filter(bool))
def test_a_film_comes_back_from_the_store(
    stored: Values, ways: list[Window | VoiTable], slope: float
) -> None:
    film = FilmPixels(
        stored,
        8 * stored.itemsize,
        slope=slope,
        voi=ways[0] if ways else None,
        further_voi=tuple(ways[1:]),
        spacing_mm=(0.1, 0.2),
    )
    again = FilmPixels.restore(film.to_bytes(), json.loads(json.dumps(film.meta())))
    assert np.array_equal(again.values, film.values)
    assert again.values.dtype == film.values.dtype
    assert again.meta() == film.meta()
    assert (again.voi, again.further_voi) == (film.voi, film.further_voi)
    assert again.sha256() == film.sha256()


@pytest.mark.parametrize(
    "change",
    [
        {"values": np.arange(6, dtype=np.uint16).reshape(2, 3)},
        {"values": np.arange(6, dtype=np.uint8).reshape(3, 2)},
        {"values": np.arange(1, 7, dtype=np.uint8).reshape(2, 3)},
        {"photometric": "MONOCHROME1"},
        {"slope": 2.0},
        {"intercept": -1.0},
    ],
)
def test_a_film_that_shows_something_else_is_another(change: dict[str, object]) -> None:
    assert replace(FILM, **change).sha256() != FILM.sha256()  # type: ignore[arg-type]


def test_a_window_does_not_make_another_film() -> None:
    assert replace(FILM, voi=Window(3, 4), spacing_mm=(1, 1)).sha256() == FILM.sha256()


def test_a_picture_of_equal_values_has_equal_bytes() -> None:
    assert grey_png(FILM.values) == grey_png(FILM.values.copy())
    assert grey_png(FILM.values) != grey_png(FILM.values.T.copy())


@pytest.mark.parametrize(
    "wrong",
    [
        {"values": np.zeros((2, 2, 3), np.uint8)},
        {"values": np.zeros((2, 2), np.float32)},
        {"values": np.zeros((2, 2), np.dtype("u2").newbyteorder())},
        {"bits": 17},
        {"slope": 0.0},
        {"intercept": float("nan")},
    ],
)
def test_what_is_no_film_cannot_be_made(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"film|slope"):
        replace(FILM, **wrong)  # type: ignore[arg-type]


def test_the_stored_picture_is_a_plain_png() -> None:
    with Image.open(io.BytesIO(FILM.to_bytes())) as image:
        assert (image.format, image.mode, image.info) == ("PNG", "L", {})
