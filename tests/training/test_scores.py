"""Both averages, told apart, and detection by area."""

import math

import numpy as np
import pytest

from app.training.scores import score_films, summary


def mask(area: int) -> np.ndarray:
    """Return a mask of 100 pixels with the first ``area`` inside."""
    return (np.arange(100) < area).reshape(10, 10)


def test_a_large_film_outweighs_a_small_one_in_the_pooled_average_only() -> None:
    scores = score_films([mask(80), mask(10)], [mask(80), mask(2)])
    total = summary(scores, detection_threshold=0.05)
    assert total.dice_per_film == pytest.approx((1 + 4 / 12) / 2)
    assert total.dice_pooled == pytest.approx(2 * 82 / (90 + 82))
    assert total.iou_pooled == pytest.approx(total.dice_pooled / (2 - total.dice_pooled))


def test_films_without_a_mask_count_for_alarms_not_for_dice() -> None:
    masks = [mask(50), mask(20), mask(0), mask(1)]
    truths = [mask(50), mask(0), mask(0), mask(0)]
    total = summary(score_films(masks, truths), detection_threshold=0.05)
    assert (total.films, total.films_without) == (1, 3)
    assert total.dice_per_film == 1
    assert total.specificity == pytest.approx(2 / 3)
    assert total.sensitivity == 1


def test_a_missed_film_lowers_the_sensitivity() -> None:
    total = summary(score_films([mask(0), mask(30)], [mask(9)] * 2), detection_threshold=0.1)
    assert total.sensitivity == 0.5


def test_a_share_of_no_films_is_no_number() -> None:
    total = summary([], detection_threshold=0.1)
    assert total.films == 0
    assert math.isnan(total.dice_per_film)
    assert math.isnan(total.specificity)
