"""The rules by which votes become one answer. Pure functions of the votes.

An answer is a set of choices: usually one; a tie names several and shares its vote among them.
A choice is one candidate's id, or one of the words in `Word`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from scipy import special

from app.studies.protocol import FixedRule, LeadRule, Rule, SequentialRule, TwoPlusOneRule


class Word(StrEnum):
    """A choice that is no candidate."""

    NONE = "none"
    NO_INFECTION = "no_infection"
    UNREADABLE = "unreadable"


Choice = int | Word
Answer = frozenset[Choice]


@dataclass(frozen=True)
class Verdict:
    """What the answers amount to.

    ``choice`` is empty while the case is not complete, or where no choice stands alone in front.
    ``agreement`` is the share of answers that name the choice.
    """

    complete: bool
    choice: Choice | None
    agreement: float | None


def tally(answers: Sequence[Answer]) -> dict[Choice, Fraction]:
    """Return each choice's votes; a tie of m choices gives 1/m to each."""
    votes: dict[Choice, Fraction] = {}
    for answer in answers:
        for choice in answer:
            votes[choice] = votes.get(choice, Fraction(0)) + Fraction(1, len(answer))
    return votes


def margin(answers: Sequence[Answer]) -> Fraction:
    """Return by how many votes the first choice leads the second."""
    first, second = _first_two(answers)
    return first - second


def posterior(answers: Sequence[Answer], *, more: int = 0) -> float:
    """Return the probability that the leading choice is the one that readers would name most.

    Readers are drawn alike and name each choice with a probability of its own, uniform before the
    first answer (Dirichlet, all 1). Of the leading choice and the runner-up, with a and b votes,
    the share of the leading one is then Beta(1 + a, 1 + b), however many choices there are, and
    this is the chance that it lies above one half: the label uncertainty of Sheng, Provost and
    Ipeirotis 2008 ("Get another label?", section 5.1). With ``more`` further votes for the leading
    one. Readers' votes are not independent where a film is hard, so it errs on the bold side.
    """
    first, second = _first_two(answers)
    return float(special.betainc(1 + float(second), 1 + float(first + more), 0.5))


def _first_two(answers: Sequence[Answer]) -> tuple[Fraction, Fraction]:
    votes = [*sorted(tally(answers).values(), reverse=True), Fraction(0), Fraction(0)]
    return votes[0], votes[1]


def wanted(rule: Rule, answers: Sequence[Answer]) -> int:
    """Return how many answers the case wants, given those it has.

    Never fewer than it has; where it has as many as it wants, it is complete.
    """
    have = len(answers)
    match rule:
        case FixedRule(n=n):
            return max(n, have)
        case TwoPlusOneRule():
            third = have >= 2 and not answers[0] & answers[1]
            return max(3 if third else 2, have)
        case LeadRule(lead=lead, at_most=at_most):
            missing = -(-(lead - margin(answers)) // 1)
            return max(have, min(at_most, have + max(0, int(missing))))
        case SequentialRule(posterior=sure, at_most=at_most):
            # As many as would be enough if they all agreed; no fewer can be.
            enough = (more for more in range(at_most) if posterior(answers, more=more) >= sure)
            return max(have, min(at_most, have + next(enough, at_most)))


def settle(rule: Rule, answers: Sequence[Answer]) -> Verdict:
    """Return the verdict of ``answers`` under ``rule``."""
    if not answers or len(answers) < wanted(rule, answers):
        return Verdict(complete=False, choice=None, agreement=None)
    votes = tally(answers)
    most = max(votes.values())
    first = [choice for choice, number in votes.items() if number == most]
    if len(first) > 1:
        return Verdict(complete=True, choice=None, agreement=None)
    naming = sum(first[0] in answer for answer in answers)
    return Verdict(complete=True, choice=first[0], agreement=naming / len(answers))
