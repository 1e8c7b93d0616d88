"""Temperature, thresholds and specks are chosen as the tuning films say."""

import numpy as np
import pytest

from app.training.operating import (
    SPECKS,
    THRESHOLDS,
    best,
    choose,
    detection_threshold,
    fitted_temperature,
    masks_at,
    probability,
    trials_of,
)


def test_the_temperature_undoes_overconfidence() -> None:
    chance = np.random.default_rng(0)
    true_logits = chance.normal(0, 2, (20, 40, 40)).astype(np.float32)
    truth = chance.random(true_logits.shape) < probability(true_logits, 1.0)
    assert fitted_temperature(true_logits, truth) == pytest.approx(1, rel=0.05)
    assert fitted_temperature(true_logits * 3, truth) == pytest.approx(3, rel=0.05)


def test_probability_stays_finite_for_any_logit() -> None:
    extremes = np.array([-1e30, 0, 1e30], np.float32)
    assert probability(extremes, 0.1).tolist() == pytest.approx([0, 0.5, 1])


def test_the_threshold_with_the_best_dice_is_chosen() -> None:
    truth = np.zeros((4, 32, 32), bool)
    truth[:, 8:24, 8:24] = True
    # A ring around the truth is believed at 0.45, the inside at 0.9.
    believed = np.full(truth.shape, 0.05)
    believed[:, 4:28, 4:28] = 0.45
    believed[truth] = 0.9
    logits = np.log(believed / (1 - believed)).astype(np.float32)
    point = choose(logits, truth)
    masks = masks_at(probability(logits, point.temperature), point.threshold, point.specks)
    np.testing.assert_array_equal(masks, truth)


def test_specks_are_dropped_where_that_helps() -> None:
    truth = np.zeros((4, 64, 64), bool)
    truth[:, 20:44, 20:44] = True
    believed = np.where(truth, 0.9, 0.05)
    believed[:, ::16, 2] = 0.9  # single pixels
    logits = np.log(believed / (1 - believed)).astype(np.float32)
    assert choose(logits, truth).specks > 1 / 64**2


def test_detection_spares_the_wanted_share_of_films_without_infection() -> None:
    clear = np.linspace(0, 0.099, 100)
    threshold = detection_threshold(np.array([0.5, 0.2]), clear)
    assert (clear >= threshold).mean() <= 0.05
    assert threshold < 0.11


def test_without_clear_films_detection_finds_most_infected_ones() -> None:
    areas = np.linspace(0.01, 1, 100)
    threshold = detection_threshold(areas, np.array([]))
    assert (areas >= threshold).mean() == pytest.approx(0.95, abs=0.01)


def test_a_detection_threshold_is_never_zero() -> None:
    assert detection_threshold(np.array([0.2]), np.zeros(10)) > 0
    assert detection_threshold(np.array([]), np.array([])) > 0


def test_a_film_tries_every_pair_and_films_without_infection_choose_no_mask() -> None:
    truth = np.zeros((32, 32), bool)
    truth[8:24, 8:24] = True
    believed = np.where(truth, 0.32, 0.05).astype(np.float32)
    infected = trials_of(believed, truth)
    assert infected.dice.shape == (len(THRESHOLDS), len(SPECKS))
    assert infected.areas[0, 0] == 0.25
    clear = trials_of(np.full((32, 32), 0.28, np.float32), np.zeros((32, 32), bool))
    point = best([infected, clear, clear])
    assert point.threshold in (0.2, 0.25, 0.3)
    assert point.detection_threshold == pytest.approx(clear.areas[0, 0], abs=1e-3)
    np.testing.assert_array_equal(point.mask(believed), truth)
