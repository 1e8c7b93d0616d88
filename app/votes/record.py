"""Recording a vote: idempotent, append-only; the caller commits before it acknowledges."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.ballots import hands, places, washout
from app.ballots.coming import FIRST
from app.ballots.states import BallotState
from app.ballots.tables import Ballot, Hand
from app.clock import Clock
from app.problems import Problem
from app.studies.states import State
from app.studies.studies import protocol_of
from app.votes import drawings
from app.votes.answers import (
    AnswerKind,
    AnswerRefused,
    Submission,
    guess_position,
    positions,
    worst_position,
)
from app.votes.tables import Vote

_EARLIER = select(Vote).where(Vote.idempotency_key == bindparam("of_key"))


class StudyClosed(Problem):
    """The study takes no answers any more."""

    code = "study-closed"
    status = 409


class KeyReused(Problem):
    """The idempotency key belongs to another answer."""

    code = "idempotency-key-reused"
    status = 409


class BeingStored(Problem):
    """The same answer came twice at once; the browser asks again, and finds it stored."""

    code = "being-stored"
    status = 503
    retry_after = 1


@dataclass(frozen=True)
class Recorded:
    """What was stored. ``fresh`` is false where the same answer had come before."""

    vote: Vote
    fresh: bool


def record(session: Session, *, ballot: Ballot, sent: Submission, clock: Clock) -> Recorded:
    """Append the vote, or find the one that this very submission made before.

    A vote that arrives after its lease ran out takes a place again if one is free; if none is, it
    is kept all the same, without a place, and the settlement does not count it.
    Raises `AnswerRefused`, `BeingStored`, `KeyReused` or `StudyClosed`.
    """
    fingerprint = sent.fingerprint(ballot.key)
    hand = hands.lock(session, ballot)
    earlier = _earlier(session, sent.idempotency_key, fingerprint)
    if earlier is not None:
        return Recorded(earlier, fresh=False)
    if ballot.study.state != State.OPEN:
        raise StudyClosed(
            "The study is closed and takes no more answers.", cure="Ask its admin to open it again."
        )
    vote = _vote(session, ballot=ballot, sent=sent, fingerprint=fingerprint, clock=clock)
    session.add(vote)
    hands.count_vote(hand, ballot)
    _move(session, ballot, hand, AnswerKind(sent.answer.kind), clock=clock)
    try:
        session.flush()
    except IntegrityError as error:
        # The same submission came twice at once; the other one is being stored.
        raise BeingStored("This answer is being stored already.", cure="Ask again.") from error
    return Recorded(vote, fresh=True)


def _earlier(session: Session, key: str, fingerprint: str) -> Vote | None:
    vote = session.scalar(_EARLIER, {"of_key": key})
    if vote is not None and vote.request_sha256 != fingerprint:
        raise KeyReused("This idempotency key was used for another answer.")
    return vote


def _vote(
    session: Session, *, ballot: Ballot, sent: Submission, fingerprint: str, clock: Clock
) -> Vote:
    kind, slots = sent.answer.kind, len(ballot.slots)
    chosen = positions(sent.answer, slots=slots)
    protocol = protocol_of(ballot.study)
    worst = worst_position(sent, slots=slots, asked=protocol.questions.worst)
    guess = guess_position(sent, slots=slots, asked=ballot.asks_guess)
    if ballot.asks_guess and _guessed(session, ballot):
        raise AnswerRefused("The guess was given; the choice before it stands.")
    if sent.drawing is not None and kind is not AnswerKind.NONE:
        raise AnswerRefused("A drawing goes only with “none acceptable”.")
    if kind is AnswerKind.LATER and ballot.state == BallotState.ANSWERED:
        raise AnswerRefused("This ballot is answered already; it cannot be put aside.")
    drawing = None
    if sent.drawing is not None:
        drawing = drawings.keep(session, ballot=ballot, sent=sent.drawing, clock=clock)
    return Vote(
        ballot_id=ballot.id,
        idempotency_key=sent.idempotency_key,
        request_sha256=fingerprint,
        answer=kind,
        positions=chosen,
        drawing_id=drawing.id if drawing else None,
        drawing=drawing,
        sure=sent.sure,
        comment=sent.comment,
        shown_at=sent.shown_at,
        answered_at=clock.now(),
        protocol_version=protocol.version,
        worst_position=worst,
        guess_position=guess,
        reading_ms=sent.reading_ms,
        paused_ms=sent.paused_ms,
        sitting=sent.sitting,
    )


def _guessed(session: Session, ballot: Ballot) -> bool:
    query = select(Vote.id).where(Vote.ballot_id == ballot.id, Vote.guess_position.is_not(None))
    return session.scalar(query.limit(1)) is not None


def _move(session: Session, ballot: Ballot, hand: Hand, kind: AnswerKind, *, clock: Clock) -> None:
    if kind is AnswerKind.LATER:
        hands.put(hand, ballot, BallotState.DEFERRED)
        places.give_back(session, ballot)
        return
    if ballot.place is None and ballot.repeat_no == FIRST:
        ballot.place = places.take(session, film_id=ballot.film_id)
    hands.put(hand, ballot, BallotState.ANSWERED)
    ballot.lease_until = None
    washout.begin(session, ballot, clock=clock)
