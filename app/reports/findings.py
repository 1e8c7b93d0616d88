"""What a study's votes say: every number of its report, from the columns of its votes. Pure."""

from dataclasses import dataclass

import numpy as np

from app.networks.scoring import Estimate
from app.statistics import order
from app.statistics.agreement import Agreement, agreement
from app.statistics.alarm import LEVEL, Alarm, alarm
from app.statistics.blinding import Guesses, guesses_of
from app.statistics.disputes import Dispute, disputes, histogram
from app.statistics.leaving_out import Without, without_each
from app.statistics.preferences import Pair, ReaderShare, Share, by_reader, pairs, shares
from app.statistics.proportions import share
from app.statistics.resampling import TwoWay
from app.statistics.strengths import Strengths, strengths
from app.statistics.votes import Bools, Floats, Ints, Votes
from app.statistics.within import Within, within

MANUAL = "manual"
"""The source of the hand-drawn mask, as `app.proposals.origins` names it."""
SEED = 20260101
"""Of all the report's intervals, so that the same votes give the same report."""
MOST_DISPUTED = 12
DENIED = 1


@dataclass(frozen=True)
class Shown:
    """Ballots shown in one way: the hand-drawn mask's share of votes, and guesses found."""

    native: bool
    answers: int
    hand_drawn: Estimate | None
    guesses: int
    found: int


@dataclass(frozen=True)
class ReaderGuesses:
    """One reader's guesses of the hand-drawn mask: ``right`` of those ``made``.

    The reader's own ``alarm`` has the level of all readers divided by their number, so that all
    of them together ring falsely in at most one study of twenty.
    """

    reader: int
    made: int
    right: int
    found: Estimate | None
    alarm: Alarm


@dataclass(frozen=True)
class Backbone:
    """What the films of the random backbone say alone: a fair sample however far the study is."""

    answers: int
    films: int
    shares: list[Share]
    strengths: Strengths | None


@dataclass(frozen=True)
class Findings:
    """All numbers. ``sources`` name the columns of shares and strengths.

    ``without`` are the strengths with one reader left out, each in turn. ``backbone`` is empty
    where all films came at random anyway. ``between`` rates every answer (a
    source, or a word), ``masks`` only those that chose masks.
    """

    sources: list[str]
    answers: int
    films: int
    readers: int
    repeats: int
    blank: int
    ties: Estimate | None
    unsure: Estimate | None
    denied: Estimate | None
    redrawn: Estimate | None
    shares: list[Share]
    strengths: Strengths | None
    without: list[Without]
    backbone: Backbone | None
    pairs: list[Pair]
    by_reader: list[ReaderShare]
    between: Agreement | None
    masks: Agreement | None
    within: Within | None
    slots: order.Slots
    sitting: list[order.SittingPart]
    times: order.Times | None
    speeding_up: order.Trend | None
    haste: order.Trend | None
    guesses: Guesses
    alarm: Alarm
    guesses_by_reader: list[ReaderGuesses]
    shown: list[Shown]
    disputes: list[Dispute]
    disagreement: list[int]


def findings(votes: Votes, *, spine: Bools | None = None) -> Findings:
    """Return the findings of ``votes``: first answers, hidden repeats and blank ballots.

    ``spine`` bool[films] says which films stood at random places while others came by priority.
    """
    choices = votes.where(~votes.blank)
    first = choices.where(choices.repeat == 0)
    drawing = TwoWay(first.patient, first.reader, seed=SEED)
    masks = first.where(first.choice_made)
    right, chance, guesses = _guesses(choices)
    return Findings(
        sources=list(votes.sources),
        answers=len(first),
        films=len(np.unique(first.film)),
        readers=len(np.unique(first.reader)),
        repeats=int((choices.repeat > 0).sum()),
        blank=int(votes.blank.sum()),
        **_several(first, drawing),
        shares=shares(first, drawing),
        strengths=strengths(first, drawing),
        without=without_each(first),
        backbone=None if spine is None else _backbone(first.where(spine[first.film])),
        pairs=pairs(first),
        by_reader=by_reader(first),
        between=agreement(first.categories, first.film, first.patient, seed=SEED),
        masks=agreement(masks.categories, masks.film, masks.patient, seed=SEED),
        within=within(choices, seed=SEED),
        slots=order.slots(first),
        sitting=order.sitting(first),
        times=order.times(first),
        speeding_up=order.speeding_up(first),
        haste=order.haste(first),
        guesses=guesses,
        alarm=alarm(right, chance),
        guesses_by_reader=_by_reader(choices),
        shown=_shown(first),
        disputes=disputes(first, most=MOST_DISPUTED),
        disagreement=histogram(first),
    )


def _backbone(votes: Votes) -> Backbone | None:
    if not len(votes):
        return None
    drawing = TwoWay(votes.patient, votes.reader, seed=SEED)
    return Backbone(
        answers=len(votes),
        films=len(np.unique(votes.film)),
        shares=shares(votes, drawing),
        strengths=strengths(votes, drawing),
    )


def _several(first: Votes, drawing: TwoWay) -> dict[str, Estimate | None]:
    """Return the shares of answers that are no plain choice, all from the same draws."""
    every = np.ones(len(first), np.bool_)
    said = first.sure >= 0
    kinds = {
        "ties": (first.chosen.sum(axis=1) > 1, every),
        "unsure": (first.sure == 0, said),
        "denied": (first.word == DENIED, every),
        "redrawn": ((first.word == DENIED) & first.drew, every),
    }
    parts = np.column_stack([column for which, of in kinds.values() for column in (which & of, of)])
    parts = parts.astype(np.float64)
    drawn = drawing.sums(parts)
    found: dict[str, Estimate | None] = {}
    for n, name in enumerate(kinds):
        own = parts[:, 2 * n : 2 * n + 2]
        found[name] = share(own, drawn[:, 2 * n : 2 * n + 2], spread=drawing.spread(own))
    return found


def _truth(votes: Votes) -> Ints:
    """Return the slot int[n] that holds the hand-drawn mask, −1 where none does."""
    if MANUAL not in votes.sources:
        return np.full(len(votes), -1)
    by_hand = votes.members[:, votes.sources.index(MANUAL)]
    stands = (votes.slots >= 0) & by_hand[votes.slots]
    return np.where(stands.any(axis=1), stands.argmax(axis=1), -1)


def _guesses(votes: Votes) -> tuple[Bools, Floats, Guesses]:
    """Return the guesses made, right or not, in their order, each one's chance, and the indices."""
    truth = _truth(votes)
    asked = (votes.guess >= -1) & (truth >= 0)
    truth, guess = truth[asked], votes.guess[asked]
    masks = (votes.slots[asked] >= 0).sum(axis=1)
    made = guess >= 0
    return (guess == truth)[made], 1 / masks[made], guesses_of(truth, guess, masks, seed=SEED)


def _by_reader(votes: Votes) -> list[ReaderGuesses]:
    readers = np.unique(votes.reader)
    found = []
    for reader in readers:
        right, chance, guesses = _guesses(votes.where(votes.reader == reader))
        if guesses.made:
            own = alarm(right, chance, level=LEVEL / len(readers))
            found.append(
                ReaderGuesses(int(reader), guesses.made, guesses.right, guesses.found, own)
            )
    return found


def _shown(votes: Votes) -> list[Shown]:
    """Return native and normalised ballots apart; nothing where all were shown alike."""
    if votes.native.all() or not votes.native.any() or MANUAL not in votes.sources:
        return []
    found = []
    for native in (False, True):
        part = votes.where(votes.native == native)
        drawing = TwoWay(part.patient, part.reader, seed=SEED)
        gained = part.credits[:, part.sources.index(MANUAL)]
        parts = np.column_stack([gained, np.ones(len(part))])
        right, _, guesses = _guesses(part)
        estimate = share(parts, drawing.sums(parts), spread=drawing.spread(parts))
        found.append(Shown(native, len(part), estimate, guesses.made, int(right.sum())))
    return found
