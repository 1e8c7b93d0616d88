"""Sentinels among the ballots: dealt like any other, and counting for nothing."""

import zlib
from collections import Counter

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.ballots.ahead import upcoming, upcoming_for
from app.ballots.bundle import HEADER, bundle
from app.ballots.coming import SENTINEL, of_ballot
from app.ballots.deal import next_ballot
from app.ballots.states import BallotState
from app.ballots.tables import Ballot, Case, CaseOrder
from app.blobs.store import BlobStore
from app.conduct.answering import answer
from app.conduct.opening import lock_study, readiness, settle
from app.exports.gather import settled_cases
from app.masks.codec import from_png
from app.masks.measures import dice
from app.proposals.planting import CONFIRMED, SPOILT, planted
from app.proposals.tables import Candidate
from app.settlement.tables import Settlement
from app.studies.protocol import Design, FixedRule
from app.votes.own import own_answers, progress
from tests.support.answers import choose, later
from tests.support.factory import World, add_film, open_world, propose_all
from tests.support.sentinels import confirm, plant_sentinels, world_with_sentinels

MIXED = Design(
    repeat_share=0.5, repeat_after_ballots=3, merge=False, priority="none", sentinel_share=0.3
)


def deal(session: Session, world: World, reader: int = 0) -> Ballot | None:
    return next_ballot(session, world.study, physician=world.physicians[reader], clock=world.clock)


def read(session: Session, world: World, *, reader: int = 0) -> list[Ballot]:
    dealt = []
    while (ballot := deal(session, world, reader)) is not None:
        dealt.append(ballot)
        answer(session, ballot=ballot, sent=choose("A"), clock=world.clock)
    return dealt


def sentinels(ballots: list[Ballot]) -> list[Ballot]:
    return [ballot for ballot in ballots if ballot.repeat_no == SENTINEL]


def film_ids(world: World) -> list[int]:
    return [film.id for film in world.films]


def test_a_sentinel_is_no_case_and_holds_no_place(session: Session, blobs: BlobStore) -> None:
    world = world_with_sentinels(session, blobs)
    apart = set(planted(session, film_ids=film_ids(world)))
    cases = set(session.scalars(select(Case.film_id)))
    assert 3 <= len(apart) <= 9
    assert cases == set(film_ids(world)) - apart == set(session.scalars(select(CaseOrder.film_id)))
    dealt = read(session, world)
    assert sentinels(dealt)
    for ballot in dealt:
        assert (ballot.place is None) == (ballot.film_id in apart) == (ballot.repeat_no == SENTINEL)
    assert session.scalar(select(func.sum(Case.taken))) == len(cases)


def test_a_sentinel_settles_nothing_and_is_not_exported(session: Session, blobs: BlobStore) -> None:
    world = world_with_sentinels(session, blobs)
    apart = set(planted(session, film_ids=film_ids(world)))
    assert sentinels(read(session, world))
    lock_study(world.study, clock=world.clock)
    settle(session, world.study, clock=world.clock)
    settled = set(session.scalars(select(Settlement.film_id)))
    assert settled == set(film_ids(world)) - apart
    assert {one.film.id for one in settled_cases(session, world.study)} == settled


def test_one_mask_is_right_and_the_others_are_plainly_not(
    session: Session, blobs: BlobStore
) -> None:
    world = world_with_sentinels(session, blobs, films=20)
    made = planted(session, film_ids=film_ids(world))
    for film in world.films:
        if film.id not in made:
            continue
        assert film.manual_mask_sha is not None
        masks = [
            from_png(blobs.get(session.get_one(Candidate, one).mask_sha), max_pixels=10**5)
            for one in made[film.id]
        ]
        truth = from_png(blobs.get(film.manual_mask_sha), max_pixels=10**5)
        alike = [dice(mask, truth) for mask in masks]
        assert len(alike) == 4
        assert alike[0] >= CONFIRMED
        assert max(alike[1:]) <= SPOILT


def test_whose_mask_is_the_good_one_is_drawn(session: Session, blobs: BlobStore) -> None:
    """Else every sentinel that is seen through would show what a hand looks like."""
    world = world_with_sentinels(session, blobs, films=30)
    by_hand = Counter(
        session.get_one(Candidate, ids[0]).mask_sha == film.manual_mask_sha
        for film in world.films
        if (ids := planted(session, film_ids=[film.id]).get(film.id))
    )
    assert by_hand[True] >= 3
    assert by_hand[False] >= 3


def test_no_number_tells_a_sentinel(session: Session, blobs: BlobStore) -> None:
    world = world_with_sentinels(session, blobs, films=30, design=MIXED)
    reader = world.physicians[0].id
    total = progress(session, world.study, physician_id=reader).total
    dealt: list[Ballot] = []
    while (ballot := deal(session, world)) is not None:
        assert ballot.ordinal == len(dealt)
        dealt.append(ballot)
        for answered in (len(dealt) - 1, len(dealt)):
            done = progress(session, world.study, physician_id=reader)
            assert (done.answered, done.total) == (answered, total)
            if answered < len(dealt):
                answer(session, ballot=ballot, sent=choose("A"), clock=world.clock)
    assert len(sentinels(dealt)) >= 3
    assert {ballot.repeat_no for ballot in dealt} == {SENTINEL, 0, 1}
    _, count = own_answers(session, world.study, physician_id=reader)
    assert count == len(dealt)


def test_no_film_comes_to_the_same_reader_twice_as_a_sentinel(
    session: Session, blobs: BlobStore
) -> None:
    world = world_with_sentinels(
        session, blobs, films=30, readers=2, design=MIXED, rule=FixedRule(n=2)
    )
    for reader in (0, 1):
        own = sentinels(read(session, world, reader=reader))
        assert len(own) == len({ballot.film_id for ballot in own}) > 0
        assert not {ballot.film_id for ballot in own} & set(session.scalars(select(Case.film_id)))


def test_a_sentinel_is_announced_where_it_will_come(session: Session, blobs: BlobStore) -> None:
    world = world_with_sentinels(session, blobs, films=24, design=MIXED)
    physician = world.physicians[0]
    met = 0
    while (ballot := deal(session, world)) is not None:
        met += ballot.repeat_no == SENTINEL
        named = upcoming(session, world.study, physician=physician, count=3, clock=world.clock)
        shown = [bundle(session, blobs, one) for one in named]
        answer(session, ballot=ballot, sent=choose("A"), clock=world.clock)
        following = deal(session, world)
        if named:
            assert following is not None
            assert of_ballot(following) == named[0]
            assert bundle(session, blobs, following) == shown[0]
            assert HEADER.unpack_from(zlib.decompress(shown[0]))[1] == 4
        else:
            assert following is None
    assert met >= 3


def test_a_sentinel_can_be_fetched_ahead_by_its_key(session: Session, blobs: BlobStore) -> None:
    world = world_with_sentinels(session, blobs)
    physician = world.physicians[0]
    named = upcoming(session, world.study, physician=physician, count=8, clock=world.clock)
    one = next(one for one in named if one.repeat_no == SENTINEL)
    assert upcoming_for(session, physician=physician, key=one.key, clock=world.clock) == one


def test_a_sentinel_put_aside_or_left_lying_comes_again(session: Session, blobs: BlobStore) -> None:
    world = world_with_sentinels(session, blobs)
    physician = world.physicians[0]
    while (one := deal(session, world)) is not None and one.repeat_no != SENTINEL:
        answer(session, ballot=one, sent=choose("A"), clock=world.clock)
    assert one is not None
    world.clock.advance(31 * 60)
    lost = upcoming(session, world.study, physician=physician, count=1, clock=world.clock)
    again = deal(session, world)
    assert again is one
    assert lost != [of_ballot(one)]
    answer(session, ballot=one, sent=later(), clock=world.clock)
    named = upcoming(session, world.study, physician=physician, count=30, clock=world.clock)
    assert named[-1] == of_ballot(one)
    assert read(session, world)[-1] is one
    assert (one.state, one.place) == (BallotState.ANSWERED, None)


def test_films_added_later_bring_sentinels_of_their_own(session: Session, blobs: BlobStore) -> None:
    world = world_with_sentinels(session, blobs, films=10)
    before = planted(session, film_ids=film_ids(world))
    read(session, world)
    more = [add_film(session, blobs, world.study, number=100 + n) for n in range(20)]
    propose_all(session, blobs, world)
    confirm(session, blobs, world, more)
    ids = [film.id for film in more]
    plant_sentinels(session, blobs, world.study, film_ids=ids, clock=world.clock)
    open_world(session, blobs, world)
    after = planted(session, film_ids=[*film_ids(world), *(film.id for film in more)])
    assert before.items() < after.items()
    new = sentinels(read(session, world))
    assert {ballot.film_id for ballot in new} & {film.id for film in more}
    counted = readiness(session, world.study)
    assert (counted.sentinels, counted.cases) == (len(after), 30 - len(after))
