"""A study's protocol in sentences, for people."""

from app.studies.protocol import (
    Design,
    Display,
    FixedRule,
    LeadRule,
    Protocol,
    Questions,
    SequentialRule,
)
from app.web.words import count


def rule_words(protocol: Protocol) -> str:
    """Return the rule as a sentence."""
    match protocol.rule:
        case FixedRule(n=n):
            return f"{count(n, 'answer')} a case"
        case LeadRule(lead=lead, at_most=at_most):
            return f"until one choice leads by {lead}, at most {count(at_most, 'answer')} a case"
        case SequentialRule(posterior=posterior, at_most=at_most):
            sure = f"until one choice leads with a probability of {posterior:.0%}"
            return f"{sure}, at most {count(at_most, 'answer')} a case"
        case _:
            return "two answers a case, and a third where they differ"


def display_words(display: Display) -> str:
    """Return how candidates are drawn as a sentence."""
    native = ""
    if display.native_share:
        native = f"; {display.native_share:.1%} of the ballots, at random, show them as they were"
    return (
        f"grid of {display.long_side} pixels on the longer side, smoothed by {display.sigma:g}, "
        f"specks below {display.specks:.2%} and holes below {display.holes:.2%} of it left out; "
        f"flagged where Dice with the original is below {display.fidelity:g}{native}"
    )


def order_words(design: Design) -> str:
    """Return the order of cases as a sentence."""
    if design.priority == "none" or design.backbone_share == 1:
        order = "at random"
    else:
        order = f"{design.backbone_share:.0%} at random, the others by disagreement of their masks"
    return f"{order}; each physician's order is their own"


def slots_words(design: Design) -> str:
    """Return which candidates share a slot as a sentence."""
    if not design.merge:
        return "one for each source"
    return (
        f"one for each source, but masks that agree with a Dice of {design.merge_dice:g} or lie "
        f"within {design.merge_hd95:g} pixels of the grid (HD95) share one"
    )


def repeats_words(design: Design) -> str:
    """Return what comes back, and when, as a sentence."""
    said = []
    if design.repeat_share:
        said.append(f"{design.repeat_share:.0%} of a physician's cases come again unannounced")
    if design.draw_first_share:
        said.append(
            f"{design.draw_first_share:.0%} of the films are drawn by one physician before "
            "any mask is shown"
        )
    if not said:
        return "none"
    after = f"{count(design.repeat_after_ballots, 'ballot')} or {design.repeat_after_days} days"
    return f"{', and '.join(said)}; a film comes back after {after}"


def questions_words(questions: Questions) -> str:
    """Return what is asked beside the choice as a sentence."""
    said = ["the worst mask, if the physician likes"] if questions.worst else []
    if questions.guess_share:
        said.append(f"on {questions.guess_share:.0%} of the ballots, which mask was drawn by hand")
    breaks = questions.break_minutes
    rest = f"a break is proposed after {breaks} minutes" if breaks else "no break is proposed"
    return f"{'; '.join(said) or 'nothing'}; {rest}"


def agreed(protocol: Protocol) -> list[tuple[str, str]]:
    """Return the settings of a study that stay as they are, each with its name."""
    return [
        ("Order", order_words(protocol.design)),
        ("Slots", slots_words(protocol.design)),
        ("Films that come back", repeats_words(protocol.design)),
        ("Display", display_words(protocol.display)),
        ("Asked beside the choice", questions_words(protocol.questions)),
        ("Lease", count(protocol.lease_minutes, "minute")),
    ]
