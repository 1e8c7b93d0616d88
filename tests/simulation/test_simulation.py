"""Simulated readers come out as the formulas say, and the same for the same seed."""

import numpy as np
import pytest

from app.simulation.readers import Habits, answers
from app.simulation.rules import compared, majority_right
from app.simulation.sizing import films_for, width
from app.studies.protocol import FixedRule, LeadRule, TwoPlusOneRule

RIGHT = {1: 0.7, 3: 0.784, 5: 0.83692, 7: 0.873964}
PLAIN = Habits(masks=2, skill=0.7, skill_spread=0, home_spread=0)


@pytest.mark.parametrize(("readers", "right"), RIGHT.items())
def test_majorities_of_readers_right_with_seven_in_ten(readers: int, right: float) -> None:
    assert majority_right(readers, 0.7) == pytest.approx(right)


def test_simulated_majorities_come_out_as_the_formula() -> None:
    rules = {str(n): FixedRule(n=n) for n in RIGHT}
    found = compared(dict(rules), PLAIN, readers=40, seed=11, films=20_000)
    for score in found:
        assert score.right == pytest.approx(RIGHT[int(score.name)], abs=0.01)
        assert score.answers == int(score.name)
        # What the rule says is what counting says, so its own number is the fixed one.
        assert score.fixed == pytest.approx(score.answers)


def test_stopping_early_saves_answers_against_a_fixed_number() -> None:
    found = compared(
        {"lead": LeadRule(lead=2, at_most=7), "2+1": TwoPlusOneRule()}, PLAIN, readers=40, seed=11
    )
    lead, third = found
    assert lead.fixed is not None
    assert lead.answers < lead.fixed - 0.5
    # Two, and a third where they differ, is the majority of three: right as often, for less.
    assert third.right == pytest.approx(0.784, abs=0.02)
    assert third.answers == pytest.approx(2 + 2 * 0.7 * 0.3, abs=0.05)


def test_more_masks_to_be_wrong_on_make_a_majority_better() -> None:
    rule = {"3": FixedRule(n=3)}
    four = compared(dict(rule), Habits(skill=0.7, skill_spread=0), readers=40, seed=11)[0]
    assert four.right + four.undecided > 0.784


def test_biases_come_out_as_stated() -> None:
    habits = Habits(skill=0.7, skill_spread=0, home_bias=0.2, home_spread=0, slot_bias=0.1)
    found = answers(
        habits, studies=1, films=60_000, readers=5, each=1, rng=np.random.default_rng(2)
    )
    home = (found.choice == 0).mean()
    assert home == pytest.approx(0.1 / 4 + 0.9 * (0.2 + 0.8 / 4), abs=0.01)


def test_a_films_answers_come_from_different_readers() -> None:
    found = answers(Habits(), studies=3, films=50, readers=4, each=3, rng=np.random.default_rng(2))
    assert (np.diff(np.sort(found.reader, axis=2), axis=2) > 0).all()


def test_like_readers_give_the_width_of_a_binomial_share() -> None:
    wide = width(PLAIN, readers=10, films=100, each=1, seed=3, studies=2000)
    assert wide == pytest.approx(2 * 1.96 * np.sqrt(0.25 / 100), rel=0.06)


def test_the_study_sized_for_a_width_has_it() -> None:
    size = films_for(0.1, PLAIN, readers=6, each=3, seed=3)
    assert size.films is not None
    assert size.ballots == 3 * size.films
    assert size.width <= 0.1
    assert width(PLAIN, readers=6, films=size.films * 2 // 3, each=3, seed=3) > 0.1


def test_no_number_of_films_makes_up_for_readers_who_differ() -> None:
    differing = Habits(home_bias=0.3, home_spread=0.3)
    assert films_for(0.05, differing, readers=2, each=2, seed=3, studies=100).films is None


def test_the_same_seed_gives_the_same() -> None:
    one, other = (compared({"3": FixedRule(n=3)}, Habits(), readers=5, seed=4) for _ in range(2))
    assert one == other
