"""What comes next is named without being dealt."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.ballots.ahead import FARTHEST, upcoming, upcoming_for
from app.ballots.bundle import bundle
from app.ballots.coming import Upcoming, of_ballot
from app.ballots.deal import next_ballot
from app.ballots.tables import Ballot, Case
from app.blobs.store import BlobStore
from app.conduct.answering import answer
from app.conduct.opening import lock_study
from app.problems import NotFound
from app.studies.protocol import Display, FixedRule, Questions
from tests.support.answers import choose, later
from tests.support.factory import World, make_world


@pytest.fixture
def world(session: Session, blobs: BlobStore) -> World:
    made = make_world(
        session,
        blobs,
        films=12,
        physicians=2,
        rule=FixedRule(n=1),
        questions=Questions(guess_share=0.5),
        display=Display(long_side=64, native_share=0.5),
    )
    session.commit()
    return made


def ahead(session: Session, world: World, count: int = 3, reader: int = 0) -> list[Upcoming]:
    physician = world.physicians[reader]
    return upcoming(session, world.study, physician=physician, count=count, clock=world.clock)


def deal(session: Session, world: World, reader: int = 0) -> Ballot | None:
    return next_ballot(session, world.study, physician=world.physicians[reader], clock=world.clock)


def test_what_was_named_is_dealt_in_that_order_and_looks_the_same(
    session: Session, blobs: BlobStore, world: World
) -> None:
    named = ahead(session, world, count=12)
    shown = [bundle(session, blobs, one) for one in named]
    for one, masks in zip(named, shown, strict=True):
        ballot = deal(session, world)
        assert ballot is not None
        assert of_ballot(ballot) == one
        assert bundle(session, blobs, ballot) == masks
        answer(session, ballot=ballot, sent=choose("A"), clock=world.clock)
    assert {one.native for one in named} == {one.asks_guess for one in named} == {True, False}
    assert deal(session, world) is None


def test_nothing_is_dealt_and_no_place_taken(session: Session, world: World) -> None:
    assert len(ahead(session, world)) == 3
    assert session.scalar(select(func.count()).select_from(Ballot)) == 0
    assert session.scalar(select(func.sum(Case.taken))) == 0


def test_the_ballot_in_hand_is_not_ahead(session: Session, world: World) -> None:
    first = ahead(session, world)[0]
    ballot = deal(session, world)
    assert ballot is not None
    assert ballot.key == first.key
    assert first.key not in [one.key for one in ahead(session, world, count=20)]


def test_what_another_filled_is_ahead_no_more(session: Session, world: World) -> None:
    mine = {one.film.id for one in ahead(session, world, count=20)}
    theirs = deal(session, world, reader=1)
    assert theirs is not None
    assert {one.film.id for one in ahead(session, world, count=20)} == mine - {theirs.film_id}


def test_one_put_aside_is_the_last_ahead(session: Session, world: World) -> None:
    aside = deal(session, world)
    assert aside is not None
    answer(session, ballot=aside, sent=later(), clock=world.clock)
    assert [one.key for one in ahead(session, world, count=20)].index(aside.key) == 11


def test_a_key_ahead_is_found_by_its_physician_only(session: Session, world: World) -> None:
    one = ahead(session, world)[0]
    mine, other = world.physicians
    assert upcoming_for(session, physician=mine, key=one.key, clock=world.clock) == one
    with pytest.raises(NotFound):
        upcoming_for(session, physician=other, key=one.key, clock=world.clock)


def test_nobody_looks_farther_than_allowed(session: Session, world: World) -> None:
    far = ahead(session, world, count=FARTHEST + 1)[-1]
    with pytest.raises(NotFound):
        upcoming_for(session, physician=world.physicians[0], key=far.key, clock=world.clock)


def test_a_locked_study_has_nothing_ahead(session: Session, world: World) -> None:
    lock_study(world.study, clock=world.clock)
    assert ahead(session, world) == []
