"""The rules by which votes become one answer."""

from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.settlement.rules import Answer, Word, margin, posterior, settle, tally, wanted
from app.studies.protocol import FixedRule, LeadRule, Rule, SequentialRule, TwoPlusOneRule

choices = st.one_of(st.integers(1, 4), st.sampled_from(list(Word)))
single = choices.map(lambda choice: frozenset({choice}))
ties = st.frozensets(st.integers(1, 4), min_size=2, max_size=4)
some_answers = st.lists(st.one_of(single, ties), max_size=9)
rules: st.SearchStrategy[Rule] = st.one_of(
    st.integers(1, 7).map(lambda n: FixedRule(n=n)),
    st.just(TwoPlusOneRule()),
    st.just(LeadRule(lead=2, at_most=5)),
    st.just(SequentialRule(posterior=0.9, at_most=5)),
)


def one(*names: int | Word) -> list[Answer]:
    return [frozenset({name}) for name in names]


@given(some_answers)
def test_every_answer_gives_one_vote_in_all(given_answers: list[Answer]) -> None:
    assert sum(tally(given_answers).values(), Fraction(0)) == len(given_answers)


@given(rules, some_answers)
def test_a_case_never_wants_fewer_answers_than_it_has(
    rule: Rule, given_answers: list[Answer]
) -> None:
    assert wanted(rule, given_answers) >= len(given_answers)


@given(rules, st.lists(single, min_size=12, max_size=12))
def test_every_case_is_complete_after_finitely_many_answers(
    rule: Rule, stream: list[Answer]
) -> None:
    read: list[Answer] = []
    while len(read) < wanted(rule, read):
        read.append(stream[len(read)])
    bound = {"fixed": 7, "two-plus-one": 3, "lead": 5, "sequential": 5}[rule.kind]
    assert settle(rule, read).complete
    assert len(read) <= bound


@given(st.integers(1, 7), some_answers)
def test_a_fixed_verdict_does_not_depend_on_the_order_of_answers(
    n: int, given_answers: list[Answer]
) -> None:
    assume(len(given_answers) <= 5)
    verdicts = {settle(FixedRule(n=n), order) for order in permutations(given_answers)}
    assert len(verdicts) == 1


@given(rules, some_answers)
def test_the_choice_leads_all_others(rule: Rule, given_answers: list[Answer]) -> None:
    verdict = settle(rule, given_answers)
    if verdict.choice is None:
        return
    votes = tally(given_answers)
    assert all(
        votes[verdict.choice] > number
        for choice, number in votes.items()
        if choice != verdict.choice
    )


@given(rules)
def test_no_answer_settles_nothing(rule: Rule) -> None:
    assert not settle(rule, []).complete
    assert wanted(rule, []) >= 1


@pytest.mark.parametrize(
    ("answers", "wants", "choice"),
    [
        (one(1), 2, None),
        (one(1, 1), 2, 1),
        (one(1, 2), 3, None),
        (one(1, 2, 2), 3, 2),
        (one(1, 2, 3), 3, None),
        (one(Word.NONE, 2, Word.NONE), 3, Word.NONE),
        ([frozenset({1, 2}), frozenset({2})], 2, 2),
    ],
)
def test_two_plus_one(answers: list[Answer], wants: int, choice: int | None) -> None:
    assert wanted(TwoPlusOneRule(), answers) == wants
    assert settle(TwoPlusOneRule(), answers).choice == choice


@pytest.mark.parametrize(
    ("answers", "wants"),
    [
        (one(), 2),
        (one(1), 2),
        (one(1, 1), 2),
        (one(1, 2), 4),
        (one(1, 2, 1), 4),
        (one(1, 2, 1, 1), 4),
        (one(1, 2, 1, 2), 5),
        (one(1, 2, 3, 4, 1), 5),
    ],
)
def test_lead_of_two_at_most_five(answers: list[Answer], wants: int) -> None:
    assert wanted(LeadRule(lead=2, at_most=5), answers) == wants


def test_agreement_is_the_share_of_answers_that_name_the_choice() -> None:
    verdict = settle(FixedRule(n=3), one(1, 1, 2))
    assert verdict.choice == 1
    assert verdict.agreement == pytest.approx(2 / 3)


def test_a_margin_is_counted_in_votes() -> None:
    assert margin(one(1, 1, 2)) == 1
    assert margin([frozenset({1, 2})]) == 0


@pytest.mark.parametrize(
    ("answers", "chance"),
    [
        (one(), 1 / 2),
        (one(1), 3 / 4),
        (one(1, 1), 7 / 8),
        (one(1, 1, 1), 15 / 16),
        (one(1, 2), 1 / 2),
        # Beta(4, 2) lies above one half with 26/32.
        (one(1, 1, 1, 2), 26 / 32),
    ],
)
def test_the_posterior_is_that_of_beta_by_hand(answers: list[Answer], chance: float) -> None:
    assert posterior(answers) == pytest.approx(chance)


@given(some_answers, st.floats(0.55, 0.99), st.integers(1, 9))
def test_reading_stops_as_soon_as_it_is_sure_and_no_sooner(
    given_answers: list[Answer], sure: float, at_most: int
) -> None:
    rule = SequentialRule(posterior=sure, at_most=at_most)
    assume(len(given_answers) <= at_most)
    stops = wanted(rule, given_answers) == len(given_answers)
    assert stops == (posterior(given_answers) >= sure or len(given_answers) >= at_most)


@given(some_answers, st.integers(0, 5))
def test_more_votes_for_the_leading_choice_never_make_it_less_sure(
    given_answers: list[Answer], more: int
) -> None:
    assert posterior(given_answers, more=more + 1) >= posterior(given_answers, more=more)


def test_three_who_agree_are_enough_at_nine_in_ten() -> None:
    rule = SequentialRule(posterior=0.9, at_most=5)
    assert [wanted(rule, one(*[1] * n)) for n in range(4)] == [3, 3, 3, 3]
    assert wanted(rule, one(1, 2)) == 5
    assert settle(rule, one(1, 1, 1)).choice == 1
