"""The guessers find what there is to find, and nothing where there is nothing."""

import numpy as np
import pytest

from app.probe.adversary import Ballots, Logit, Stumps, relative
from app.probe.guessing import Seen, guess, shares

Rng = np.random.Generator


def ballots(rng: Rng, count: int, *, pull: float = 0.0, each: int = 4) -> list[Seen]:
    """Ballots of three numbers a mask; the hand-drawn mask's first is larger by ``pull``."""
    seen = []
    for number in range(count):
        values = rng.standard_normal((each, 3))
        found = int(rng.integers(each))
        values[found, 0] += pull
        seen.append(Seen(f"patient-{number}", values, found))
    return seen


def test_the_logit_solves_the_equations_of_the_likelihood() -> None:
    """Where nothing is shrunk, what is seen and what is expected of each number are the same."""
    seen = ballots(np.random.default_rng(1), 300, pull=1.0)
    made = Ballots.of([one.values for one in seen], [one.found for one in seen])
    plain = Ballots(made.values[:, :3], made.sizes, made.found)  # no ranks
    chances = np.exp(Logit(plain, penalty=1e-6).log_chances(plain))
    expected = np.average(plain.values, axis=0, weights=chances)
    assert plain.values[plain.truth > 0].mean(axis=0) == pytest.approx(expected, abs=1e-3)
    assert chances[plain.truth > 0].mean() > 0.35


def test_stumps_find_a_threshold_that_no_line_finds() -> None:
    rng = np.random.default_rng(2)
    values = [rng.uniform(-3, 3, (4, 1)) for _ in range(300)]
    found = [int(np.abs(one[:, 0]).argmin()) for one in values]
    made = Ballots.of(values, found)
    learnt, asked = made.only(np.arange(300) < 200), made.only(np.arange(300) >= 200)
    assert shares(asked, Stumps(learnt).log_chances(asked)).mean() > 0.75
    assert shares(asked, Logit(learnt, penalty=0.03).log_chances(asked)).mean() < 0.5


def test_chances_of_a_ballot_add_up_to_one() -> None:
    seen = ballots(np.random.default_rng(3), 20)
    made = Ballots.of([one.values for one in seen], [one.found for one in seen])
    for learnt in (Logit(made, penalty=0.1), Stumps(made)):
        chances = np.exp(learnt.log_chances(made)).reshape(20, 4)
        assert chances.sum(axis=1) == pytest.approx(np.ones(20))


def test_equally_likely_masks_count_as_luck_would() -> None:
    made = Ballots.of([np.zeros((4, 1)), np.zeros((2, 1))], [0, 1])
    assert shares(made, np.zeros(6)).tolist() == [0.25, 0.5]


def test_differences_and_ranks_stand_beside_the_numbers() -> None:
    assert relative(np.array([[1.0], [3.0], [5.0], [3.0]])).tolist() == [
        [1.0, -2.0, -1.0],
        [3.0, 0.0, 0.0],
        [5.0, 2.0, 1.0],
        [3.0, 0.0, 0.0],
    ]


def test_what_tells_is_found_and_the_alarm_is_raised() -> None:
    finding = guess(ballots(np.random.default_rng(4), 100, pull=2.0), seed=1)
    assert finding.found.value > 0.6
    assert finding.alarm


def test_where_nothing_tells_chance_is_all_there_is() -> None:
    """Eight times: an interval of 95 % may miss once, and the mean may not."""
    findings = [guess(ballots(np.random.default_rng(seed), 100), seed=1) for seed in range(8)]
    assert sum(finding.alarm for finding in findings) <= 1
    assert np.mean([finding.found.value for finding in findings]) == pytest.approx(0.25, abs=0.05)


def test_a_patient_is_never_on_both_sides() -> None:
    """All films of a patient look alike here, so only a patient known already gives itself away."""
    rng = np.random.default_rng(6)
    seen = []
    for patient in range(40):
        values, found = rng.standard_normal((4, 6)), int(rng.integers(4))
        seen += [Seen(f"patient-{patient}", values, found)] * 5
    assert guess(seen, seed=1).found.value < 0.45


def test_ballots_may_differ_in_size() -> None:
    rng = np.random.default_rng(7)
    seen = ballots(rng, 60, pull=3.0, each=3) + ballots(rng, 60, pull=3.0, each=5)
    finding = guess(seen, seed=1)
    assert finding.chance == pytest.approx((1 / 3 + 1 / 5) / 2)
    assert finding.alarm
