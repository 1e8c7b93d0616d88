"""Films become a network's input, and its output becomes a film's probability again."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.networks.scaling import resize, to_input, to_native

SIZES = st.integers(min_value=1, max_value=90)


def film(rows: int, columns: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(1000, 300, (rows, columns)).astype(np.float32)


@given(SIZES, SIZES)
def test_any_film_becomes_one_channel_between_zero_and_one(rows: int, columns: int) -> None:
    scaled = to_input(film(rows, columns), grid=(32, 64), low=0.5, high=99.5)
    assert scaled.shape == (1, 32, 64)
    assert scaled.dtype == np.float32
    assert scaled.min() >= 0
    assert scaled.max() <= 1


def test_the_percentiles_become_zero_and_one() -> None:
    ramp = np.arange(101, dtype=np.float32).reshape(1, 101).repeat(101, 0)
    scaled = to_input(ramp, grid=(101, 101), low=10, high=90)[0]
    assert scaled[0, 10] == pytest.approx(0)
    assert scaled[0, 50] == pytest.approx(0.5)
    assert scaled[0, 90] == pytest.approx(1)
    assert scaled[0, 100] == 1  # clipped


def test_brightness_and_contrast_of_the_stored_values_do_not_matter() -> None:
    grey = film(70, 50)
    changed = grey * 3 - 500
    first = to_input(grey, grid=(32, 32), low=0.5, high=99.5)
    second = to_input(changed.astype(np.float32), grid=(32, 32), low=0.5, high=99.5)
    np.testing.assert_allclose(first, second, atol=1e-4)


def test_a_film_of_one_grey_is_black_and_finite() -> None:
    flat = np.full((40, 30), 7, np.float32)
    assert not to_input(flat, grid=(32, 32), low=0.5, high=99.5).any()


def test_shrinking_averages_instead_of_skipping_pixels() -> None:
    stripes = np.tile(np.array([0, 1], np.float32), (64, 32))
    small = resize(stripes, (16, 16))
    np.testing.assert_allclose(small[:, 1:-1], 0.5, atol=0.02)


def test_rows_and_columns_are_not_confused() -> None:
    upper = np.zeros((60, 20), np.float32)
    upper[:30] = 1
    scaled = to_input(upper, grid=(32, 32), low=0, high=100)[0]
    assert scaled[:14].min() == 1
    assert scaled[18:].max() == 0


@given(SIZES, SIZES)
def test_a_probability_comes_back_at_native_size_and_stays_one(rows: int, columns: int) -> None:
    probability = np.random.default_rng(1).random((16, 32)).astype(np.float32)
    native = to_native(probability, (rows, columns))
    assert native.shape == (rows, columns)
    assert native.min() >= 0
    assert native.max() <= 1


def test_a_smooth_picture_survives_the_way_there_and_back() -> None:
    rows, columns = np.mgrid[0:96, 0:128] / 128
    smooth = (rows * columns).astype(np.float32)
    there = resize(smooth, (48, 64))
    np.testing.assert_allclose(to_native(there, smooth.shape), smooth, atol=0.01)
