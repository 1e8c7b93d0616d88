"""The expected calibration error, by hand."""

import numpy as np
import pytest
from numpy.typing import NDArray

from app.evaluation.bootstrap import Bootstrap
from app.evaluation.calibration import BINS, binned, calibration

Sums = NDArray[np.float64]


def film(probability: list[float], inside: list[int], where: list[int] | None = None) -> Sums:
    p = np.array([probability], np.float32)
    places = np.ones(p.shape, np.bool_) if where is None else np.array([where], np.bool_)
    return binned(p, np.array([inside], np.bool_), places)


def ece(*films: Sums) -> float:
    names = [str(number) for number in range(len(films))]
    found = calibration(np.stack(films), Bootstrap(names, seed=1))
    assert found is not None
    return found.ece.value


def test_the_error_is_the_mean_gap_over_pixels() -> None:
    # Bins of 1/15: two pixels at 0.3 (none inside), two at 0.9 (one inside).
    assert ece(film([0.3, 0.3, 0.9, 0.9], [0, 0, 1, 0])) == pytest.approx((0.3 + 0.4) / 2)


def test_too_low_in_one_bin_does_not_make_up_for_too_high_in_another() -> None:
    assert ece(film([0.3, 0.3, 0.9, 0.9], [1, 0, 1, 0])) == pytest.approx((0.2 + 0.4) / 2)


def test_right_as_often_as_it_says_is_no_error() -> None:
    assert ece(film([0.5] * 4, [1, 0, 1, 0])) == pytest.approx(0, abs=1e-6)


def test_films_are_added_before_gaps_are_taken() -> None:
    always, never = film([0.5], [1]), film([0.5], [0])
    assert ece(always, never) == pytest.approx(0, abs=1e-6)
    assert ece(always) == pytest.approx(0.5)


def test_pixels_outside_the_lungs_do_not_count() -> None:
    assert ece(film([0.5, 0.5, 0.0], [1, 0, 1], [1, 1, 0])) == pytest.approx(0, abs=1e-6)


def test_certainty_falls_into_the_last_bin() -> None:
    pixels, probability, inside = film([1.0, 0.0], [1, 0])
    assert pixels[BINS - 1] == probability[BINS - 1] == inside[BINS - 1] == 1
    assert pixels.sum() == 2


def test_without_a_pixel_there_is_no_calibration() -> None:
    nothing = film([0.5], [1], [0])
    assert calibration(nothing[np.newaxis], Bootstrap(["a"], seed=1)) is None
