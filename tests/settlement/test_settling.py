"""Settling a study: votes become rows, the same rows each time."""

import numpy as np
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.ballots.deal import next_ballot
from app.ballots.tables import Ballot
from app.blobs.store import BlobStore
from app.conduct.answering import answer
from app.conduct.opening import lock_study, settle
from app.settlement.settle import settle_study
from app.settlement.tables import Settlement
from app.studies.protocol import FixedRule, TwoPlusOneRule
from app.studies.states import WrongState
from app.votes.answers import AnswerKind, Submission
from tests.support.answers import choose, none_acceptable, submission
from tests.support.factory import World, blob_mask, make_world


def vote(session: Session, world: World, physician: int, sent: Submission) -> Ballot:
    ballot = next_ballot(
        session, world.study, physician=world.physicians[physician], clock=world.clock
    )
    assert ballot is not None
    answer(session, ballot=ballot, sent=sent, clock=world.clock)
    return ballot


def letter_of(ballot: Ballot, candidate_id: int) -> str:
    return next("ABCD"[slot.position] for slot in ballot.slots if slot.candidate_id == candidate_id)


def only_settlement(session: Session, world: World) -> Settlement:
    lock_study(world.study, clock=world.clock)
    settle(session, world.study, clock=world.clock)
    return session.scalars(select(Settlement)).one()


def test_two_who_agree_settle_a_case(session: Session, blobs: BlobStore) -> None:
    world = make_world(session, blobs, films=1, physicians=3, rule=TwoPlusOneRule())
    first = vote(session, world, 0, choose("C"))
    chosen = first.slots[2].candidate_id
    second = next_ballot(session, world.study, physician=world.physicians[1], clock=world.clock)
    assert second is not None
    answer(session, ballot=second, sent=choose(letter_of(second, chosen)), clock=world.clock)
    assert (
        next_ballot(session, world.study, physician=world.physicians[2], clock=world.clock) is None
    )
    row = only_settlement(session, world)
    assert (row.outcome, row.candidate_id, row.agreement) == ("mask", chosen, 1.0)


def test_where_two_differ_a_third_is_asked(session: Session, blobs: BlobStore) -> None:
    world = make_world(session, blobs, films=1, physicians=3, rule=TwoPlusOneRule())
    vote(session, world, 0, submission(AnswerKind.NO_INFECTION))
    vote(session, world, 1, submission(AnswerKind.UNREADABLE))
    vote(session, world, 2, submission(AnswerKind.NO_INFECTION))
    row = only_settlement(session, world)
    assert row.outcome == "no_infection"
    assert row.agreement == pytest.approx(2 / 3)
    assert len(row.votes_used) == 3


def test_none_acceptable_with_a_drawing_settles_on_the_drawing(
    session: Session, blobs: BlobStore
) -> None:
    world = make_world(session, blobs, films=1, physicians=1, rule=FixedRule(n=1))
    vote(session, world, 0, none_acceptable(blob_mask(np.random.default_rng(3))))
    row = only_settlement(session, world)
    assert row.outcome == "drawing"
    assert row.drawing_id is not None


def test_none_acceptable_without_a_drawing_needs_one(session: Session, blobs: BlobStore) -> None:
    world = make_world(session, blobs, films=1, physicians=1, rule=FixedRule(n=1))
    vote(session, world, 0, none_acceptable())
    assert only_settlement(session, world).outcome == "needs_drawing"


def test_an_unanswered_case_is_incomplete(session: Session, blobs: BlobStore) -> None:
    world = make_world(session, blobs, films=1, physicians=1, rule=FixedRule(n=1))
    assert only_settlement(session, world).outcome == "incomplete"


def test_an_open_study_is_not_settled(session: Session, blobs: BlobStore) -> None:
    world = make_world(session, blobs, films=1)
    with pytest.raises(WrongState):
        settle(session, world.study, clock=world.clock)


def test_settling_again_changes_nothing(session: Session, blobs: BlobStore) -> None:
    world = make_world(session, blobs, films=3, physicians=1, rule=FixedRule(n=1))
    vote(session, world, 0, choose("A"))
    lock_study(world.study, clock=world.clock)
    first = settle(session, world.study, clock=world.clock)
    rows = session.scalars(select(Settlement.settled_at).order_by(Settlement.id)).all()
    world.clock.advance(3600)
    assert settle_study(session, world.study, clock=world.clock) == first
    assert session.scalars(select(Settlement.settled_at).order_by(Settlement.id)).all() == rows
