"""The alarm holds its level however often it is looked at, and hears a planted tell."""

import numpy as np
import pytest

from app.simulation.telltale import rings, smallest_tell
from app.statistics.alarm import alarm, evidence


@pytest.mark.parametrize("masks", [2, 3, 4, 5])
def test_no_tell_rings_in_at_most_one_study_of_twenty(masks: int) -> None:
    assert rings(0.0, masks=masks, seed=7).rings <= 0.05


def test_no_tell_stays_below_the_level_over_ten_times_as_many_guesses() -> None:
    assert rings(0.0, masks=4, seed=7, number=1000, studies=1000).rings <= 0.05


def test_a_planted_tell_rings_within_100_guesses_in_19_studies_of_20() -> None:
    found = rings(0.4, masks=4, seed=7)
    assert found.rings >= 0.95
    assert found.median_at is not None
    assert found.median_at < 60
    assert smallest_tell(masks=4, seed=7) <= 0.35


def test_evidence_is_a_fair_game_while_the_blind_holds() -> None:
    # The mean over all outcomes of four guesses, weighed by their chances, is 1 at every step.
    outcomes = np.array(np.meshgrid(*[[False, True]] * 4)).reshape(4, -1).T
    chance = np.array([0.25, 0.5, 0.25, 1 / 3])
    weights = np.where(outcomes, chance, 1 - chance).prod(axis=1)
    assert (weights @ evidence(outcomes, chance)) == pytest.approx([1, 1, 1, 1])


def test_the_alarm_says_at_which_guess_it_rang_and_stays_on() -> None:
    right = np.array([True] * 6 + [False] * 60)
    found = alarm(right, np.full(66, 0.25))
    assert found.rings
    assert found.at is not None
    assert 3 <= found.at <= 6


def test_guessing_wrong_all_the_time_is_no_alarm() -> None:
    assert not alarm(np.zeros(200, bool), np.full(200, 0.25)).rings


def test_nothing_guessed_is_no_alarm() -> None:
    found = alarm(np.empty(0, bool), np.empty(0))
    assert (found.guesses, found.rings, found.evidence) == (0, False, 1.0)
