"""Films that come back: hidden repeats, and the choice after a drawing from blank."""

import zlib
from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.ballots.ahead import upcoming
from app.ballots.bundle import HEADER, bundle
from app.ballots.coming import of_ballot
from app.ballots.deal import next_ballot
from app.ballots.states import BallotState
from app.ballots.tables import Ballot, Case, Return
from app.blobs.store import BlobStore
from app.conduct.answering import answer
from app.conduct.opening import lock_study, settle
from app.settlement.tables import Settlement
from app.studies.protocol import Design, FixedRule
from app.votes.answers import AnswerRefused, Submission
from app.votes.own import own_answers, progress
from tests.support.answers import choose, later, none_acceptable
from tests.support.factory import SHAPE, World, make_world

ALL_AGAIN = Design(
    repeat_share=1, repeat_after_ballots=4, repeat_after_days=14, merge=False, priority="none"
)
ALL_BLANK = Design(
    repeat_share=0, repeat_after_ballots=4, merge=False, priority="none", draw_first_share=1
)
MASK = np.zeros(SHAPE, np.bool_)
MASK[10:30, 10:40] = True


def world_of(session: Session, blobs: BlobStore, design: Design, readers: int = 1) -> World:
    return make_world(
        session, blobs, films=12, physicians=readers, rule=FixedRule(n=1), design=design
    )


def deal(session: Session, world: World, reader: int = 0) -> Ballot | None:
    return next_ballot(session, world.study, physician=world.physicians[reader], clock=world.clock)


def say(session: Session, world: World, ballot: Ballot, sent: Submission | None = None) -> None:
    answer(session, ballot=ballot, sent=sent or choose("A"), clock=world.clock)


def read(session: Session, world: World, *, most: int = 100, reader: int = 0) -> list[Ballot]:
    dealt: list[Ballot] = []
    while len(dealt) < most and (ballot := deal(session, world, reader)) is not None:
        dealt.append(ballot)
        blank = ballot.kind == "blank"
        say(session, world, ballot, none_acceptable(MASK) if blank else choose("A"))
    return dealt


def test_a_repeat_comes_only_after_the_washout(session: Session, blobs: BlobStore) -> None:
    world = world_of(session, blobs, ALL_AGAIN)
    dealt = read(session, world)
    first = {ballot.film_id: ballot for ballot in dealt if ballot.repeat_no == 0}
    again = [ballot for ballot in dealt if ballot.repeat_no == 1]
    assert len(first) == 12
    assert again
    for ballot in again:
        assert ballot.ordinal - first[ballot.film_id].ordinal > 4
    world.clock.advance(timedelta(days=14).total_seconds())
    assert len(again) + len(read(session, world)) == 12


def test_days_alone_bring_a_repeat_back_too(session: Session, blobs: BlobStore) -> None:
    world = world_of(session, blobs, ALL_AGAIN)
    once = read(session, world, most=1)[0]
    world.clock.advance(timedelta(days=15).total_seconds())
    back = deal(session, world)
    assert back is not None
    assert (back.film_id, back.repeat_no) == (once.film_id, 1)


def test_a_repeat_holds_no_place_and_settles_nothing(session: Session, blobs: BlobStore) -> None:
    world = world_of(session, blobs, ALL_AGAIN)
    dealt = read(session, world)
    assert all((ballot.place is None) == (ballot.repeat_no == 1) for ballot in dealt)
    assert session.scalar(select(func.max(Case.taken))) == 1
    lock_study(world.study, clock=world.clock)
    settle(session, world.study, clock=world.clock)
    counted = session.scalars(select(Settlement.votes_used)).all()
    assert [len(votes) for votes in counted] == [1] * 12


def test_a_repeat_shows_the_same_masks_in_other_slots(session: Session, blobs: BlobStore) -> None:
    world = world_of(session, blobs, ALL_AGAIN)
    stood: dict[int, list[tuple[int, ...]]] = {}
    for ballot in read(session, world):
        stood.setdefault(ballot.film_id, []).append(of_ballot(ballot).candidates)
    twice = [orders for orders in stood.values() if len(orders) == 2]
    assert twice
    for one, other in twice:
        assert one != other
        assert sorted(one) == sorted(other)


def test_no_number_tells_a_repeat(session: Session, blobs: BlobStore) -> None:
    world = world_of(session, blobs, ALL_AGAIN)
    reader = world.physicians[0].id
    total = progress(session, world.study, physician_id=reader).total
    for number, ballot in enumerate(iter(lambda: deal(session, world), None)):
        assert ballot.ordinal == number
        for answered in (number, number + 1):
            done = progress(session, world.study, physician_id=reader)
            assert (done.answered, done.total) == (answered, total)
            if answered == number:
                say(session, world, ballot)
    rows, count = own_answers(session, world.study, physician_id=reader)
    assert [row[0].ordinal for row in rows] == list(reversed(range(count)))


def test_a_repeat_put_aside_or_left_lying_comes_again(session: Session, blobs: BlobStore) -> None:
    world = world_of(session, blobs, ALL_AGAIN)
    read(session, world, most=1)
    world.clock.advance(timedelta(days=15).total_seconds())
    back = deal(session, world)
    assert back is not None
    assert back.repeat_no == 1
    world.clock.advance(31 * 60)
    assert deal(session, world) is back
    say(session, world, back, later())
    assert back.state == BallotState.DEFERRED
    assert back in read(session, world)
    assert (back.state, back.place) == (BallotState.ANSWERED, None)
    assert _taken(session) == 12


def _taken(session: Session) -> int:
    return session.scalar(select(func.sum(Case.taken))) or 0


def test_an_answer_given_anew_does_not_start_the_washout_again(
    session: Session, blobs: BlobStore
) -> None:
    world = world_of(session, blobs, ALL_AGAIN)
    once = read(session, world, most=1)[0]
    due = session.scalars(select(Return.due_at).where(Return.film_id == once.film_id)).one()
    world.clock.advance(3600)
    say(session, world, once, choose("B"))
    session.expire_all()
    assert session.scalars(select(Return.due_at).where(Return.film_id == once.film_id)).one() == due


def test_what_comes_back_is_named_ahead(session: Session, blobs: BlobStore) -> None:
    world = world_of(session, blobs, ALL_AGAIN)
    read(session, world, most=3)
    world.clock.advance(timedelta(days=15).total_seconds())
    named = upcoming(
        session, world.study, physician=world.physicians[0], count=5, clock=world.clock
    )
    assert [one.repeat_no for one in named] == [1, 1, 1, 0, 0]
    assert [of_ballot(ballot) for ballot in read(session, world, most=5)] == named


def test_a_film_is_drawn_before_its_masks_are_seen(session: Session, blobs: BlobStore) -> None:
    world = world_of(session, blobs, ALL_BLANK)
    dealt = read(session, world)
    assert [ballot.kind for ballot in dealt[:5]] == ["blank"] * 5
    drawn = {ballot.film_id: ballot.ordinal for ballot in dealt if ballot.kind == "blank"}
    for ballot in dealt:
        if ballot.kind == "choice":
            assert ballot.ordinal - drawn[ballot.film_id] > 4
            assert (ballot.place, len(ballot.slots)) == (1, 4)
    assert len(drawn) == 12


def test_a_blank_ballot_shows_nothing_and_fills_no_place(
    session: Session, blobs: BlobStore
) -> None:
    world = world_of(session, blobs, ALL_BLANK)
    ballot = deal(session, world)
    assert ballot is not None
    data = bundle(session, blobs, ballot)
    assert HEADER.unpack_from(zlib.decompress(data))[1] == 0
    assert len(zlib.decompress(data)) == HEADER.size
    with pytest.raises(AnswerRefused, match="no slots"):
        say(session, world, ballot, choose("A"))
    say(session, world, ballot, none_acceptable(MASK))
    assert (ballot.state, ballot.place, _taken(session)) == (BallotState.ANSWERED, None, 0)


def test_a_drawn_film_is_chosen_on_by_others_meanwhile(session: Session, blobs: BlobStore) -> None:
    world = world_of(session, blobs, ALL_BLANK, readers=2)
    kinds = {
        reader: [(ballot.kind, ballot.film_id) for ballot in read(session, world, reader=reader)]
        for reader in (0, 1)
    }
    blank = {film: reader for reader in kinds for kind, film in kinds[reader] if kind == "blank"}
    assert len(blank) == sum(kind == "blank" for reader in kinds for kind, _ in kinds[reader]) == 12
    assert len(set(blank.values())) == 2
    choices = [film for reader in kinds for kind, film in kinds[reader] if kind == "choice"]
    assert sorted(choices) == sorted(set(choices))
