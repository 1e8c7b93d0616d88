"""Rules compared: how often each is right, and what it costs in answers. Pure.

The rules are those of `app.settlement.rules`, applied answer by answer as a study applies them.
"""

from dataclasses import dataclass
from functools import cache
from math import comb

import numpy as np

from app.settlement.rules import Choice, settle, wanted
from app.simulation.readers import Habits, answers
from app.statistics.votes import Ints
from app.studies.protocol import Rule

FILMS = 4000
MOST = 15


@dataclass(frozen=True)
class RuleScore:
    """Of the films: the share settled on the best mask, on another, on none (no one in front).

    ``answers`` is the mean a film. ``fixed`` is what a fixed number of answers would need, between
    whole numbers by a straight line, to be right as often; None where none tried is.
    """

    name: str
    right: float
    wrong: float
    undecided: float
    answers: float
    fixed: float | None


def majority_right(readers: int, skill: float) -> float:
    """Return how often the majority of an odd number of readers is right, of two answers.

    Σ_{i > n/2} C(n, i) p^i (1 − p)^(n − i): Condorcet 1785.
    """
    return sum(
        comb(readers, right) * skill**right * (1 - skill) ** (readers - right)
        for right in range(readers // 2 + 1, readers + 1)
    )


def compared(
    rules: dict[str, Rule], habits: Habits, *, readers: int, seed: int, films: int = FILMS
) -> list[RuleScore]:
    """Return how the ``rules``, by their names, do on the same simulated answers."""
    rng = np.random.default_rng(seed)
    found = answers(habits, studies=1, films=films, readers=readers, each=MOST, rng=rng)
    choice, best = found.choice[0].tolist(), found.best[0].tolist()
    scores = [_score(name, rule, choice, best) for name, rule in rules.items()]
    curve = [
        (float(n), plurality(found.choice[0, :, :n], found.best[0], habits.masks))
        for n in range(1, MOST + 1, 2)
    ]
    return [
        RuleScore(
            one.name, one.right, one.wrong, one.undecided, one.answers, _needed(curve, one.right)
        )
        for one in scores
    ]


def plurality(choice: Ints, best: Ints, masks: int) -> float:
    """Return the share of films whose ``choice`` int[films, n] names ``best`` most, alone."""
    votes = (choice[:, :, None] == np.arange(masks)).sum(axis=1)
    most = votes.max(axis=1)
    alone = (votes == most[:, None]).sum(axis=1) == 1
    return float((alone & (votes.argmax(axis=1) == best)).mean())


def _score(name: str, rule: Rule, choice: list[list[int]], best: list[int]) -> RuleScore:
    @cache
    def outcome(given: tuple[int, ...]) -> tuple[bool, Choice | None]:
        said = [frozenset[Choice]({source}) for source in given]
        return wanted(rule, said) <= len(said), settle(rule, said).choice

    right = undecided = spent = 0
    for given, truth in zip(choice, best, strict=True):
        number = 1
        while not (ended := outcome(tuple(given[:number])))[0] and number < MOST:
            number += 1
        spent += number
        right += ended[1] == truth
        undecided += ended[1] is None
    films = len(best)
    return RuleScore(
        name,
        right / films,
        (films - right - undecided) / films,
        undecided / films,
        spent / films,
        None,
    )


def _needed(curve: list[tuple[float, float]], right: float) -> float | None:
    """Return the number of answers at which the curve (answers, right) reaches ``right``."""
    before = curve[0]
    if before[1] >= right:
        return before[0]
    for here in curve[1:]:
        if here[1] >= right:
            return before[0] + (here[0] - before[0]) * (right - before[1]) / (here[1] - before[1])
        before = here
    return None
