"""Dealing ballots: places, leases, and what is never dealt twice."""

import threading
from collections import Counter

import pytest
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from app.ballots.deal import ballot_for, next_ballot
from app.ballots.tables import Ballot, Case, CaseOrder
from app.blobs.store import BlobStore
from app.conduct.answering import answer
from app.conduct.opening import lock_study, open_study
from app.db.engine import session_factory
from app.problems import NotFound
from app.studies.protocol import FixedRule
from app.studies.states import WrongState
from tests.support.answers import choose, later
from tests.support.factory import World, add_film, make_world, propose_all


@pytest.fixture
def world(session: Session, blobs: BlobStore) -> World:
    made = make_world(session, blobs, films=6, physicians=3)
    session.commit()
    return made


def deal(session: Session, world: World, physician: int = 0) -> Ballot | None:
    return next_ballot(
        session, world.study, physician=world.physicians[physician], clock=world.clock
    )


def must_deal(session: Session, world: World, physician: int = 0) -> Ballot:
    ballot = deal(session, world, physician)
    assert ballot is not None
    return ballot


def test_the_ballot_in_hand_is_dealt_again(session: Session, world: World) -> None:
    assert must_deal(session, world).key == must_deal(session, world).key


def test_a_ballot_shows_every_candidate_in_one_slot(session: Session, world: World) -> None:
    ballot = must_deal(session, world)
    assert [slot.position for slot in ballot.slots] == [0, 1, 2, 3]
    assert len({slot.candidate_id for slot in ballot.slots}) == 4


def test_cases_come_in_the_stored_order(session: Session, world: World) -> None:
    physician = world.physicians[0]
    stored = session.scalars(
        select(CaseOrder.film_id)
        .where(CaseOrder.physician_id == physician.id)
        .order_by(CaseOrder.ordinal)
    ).all()
    dealt = []
    while (ballot := deal(session, world)) is not None:
        dealt.append(ballot.film_id)
        answer(session, ballot=ballot, sent=choose("A"), clock=world.clock)
    assert dealt == list(stored)


def test_a_case_with_all_places_taken_is_not_dealt(session: Session, blobs: BlobStore) -> None:
    world = make_world(session, blobs, films=2, physicians=3, rule=FixedRule(n=1))
    films = {must_deal(session, world, 0).film_id, must_deal(session, world, 1).film_id}
    assert len(films) == 2
    assert deal(session, world, 2) is None


def test_an_expired_lease_gives_its_place_to_another(session: Session, blobs: BlobStore) -> None:
    world = make_world(session, blobs, films=1, physicians=2, rule=FixedRule(n=1))
    first = must_deal(session, world, 0)
    assert deal(session, world, 1) is None
    world.clock.advance(31 * 60)
    second = must_deal(session, world, 1)
    session.refresh(first)
    assert (second.film_id, second.place) == (first.film_id, 1)
    assert (first.state, first.place) == ("expired", None)


def test_a_late_answer_is_kept_but_fills_no_place_of_another(
    session: Session, blobs: BlobStore
) -> None:
    world = make_world(session, blobs, films=1, physicians=2, rule=FixedRule(n=1))
    late = must_deal(session, world, 0)
    world.clock.advance(31 * 60)
    must_deal(session, world, 1)
    recorded = answer(session, ballot=late, sent=choose("B"), clock=world.clock)
    assert recorded.fresh
    assert (late.state, late.place) == ("answered", None)


def test_a_ballot_put_aside_comes_back_after_all_new_ones(session: Session, world: World) -> None:
    aside = must_deal(session, world)
    answer(session, ballot=aside, sent=later(), clock=world.clock)
    keys = []
    for _ in range(6):
        ballot = must_deal(session, world)
        keys.append(ballot.key)
        answer(session, ballot=ballot, sent=choose("A"), clock=world.clock)
    assert keys[-1] == aside.key
    assert aside.key not in keys[:-1]
    assert deal(session, world) is None


def test_another_physicians_ballot_is_not_found(session: Session, world: World) -> None:
    ballot = must_deal(session, world, 0)
    with pytest.raises(NotFound):
        ballot_for(session, physician=world.physicians[1], key=ballot.key)


def test_a_locked_study_deals_nothing(session: Session, world: World) -> None:
    lock_study(world.study, clock=world.clock)
    with pytest.raises(WrongState):
        deal(session, world)


def test_added_cases_are_appended_and_nothing_is_reshuffled(
    session: Session, blobs: BlobStore, world: World
) -> None:
    def orders() -> list[tuple[int, int, int, list[int]]]:
        rows = session.scalars(
            select(CaseOrder).order_by(CaseOrder.physician_id, CaseOrder.ordinal)
        )
        return [(row.physician_id, row.ordinal, row.film_id, row.candidates) for row in rows]

    before = orders()
    added = [add_film(session, blobs, world.study, number=100 + number) for number in range(5)]
    propose_all(session, blobs, world)
    assert open_study(session, blobs, world.study, clock=world.clock) == 5
    after = orders()
    assert [row for row in after if row in before] == before
    fresh = [row for row in after if row not in before]
    assert {row[2] for row in fresh} == {film.id for film in added}
    assert min(row[1] for row in fresh) == 6


def test_readers_at_once_never_fill_the_same_place(
    engine: Engine, session: Session, blobs: BlobStore
) -> None:
    world = make_world(session, blobs, films=8, physicians=12, rule=FixedRule(n=2))
    session.commit()
    together = threading.Barrier(12)
    errors: list[BaseException] = []

    def read(number: int) -> None:
        together.wait()
        try:
            while _read_one(engine, world, number):
                pass
        except BaseException as error:  # a thread's failure must reach the test
            errors.append(error)

    threads = [threading.Thread(target=read, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    session.expire_all()
    places = session.execute(select(Ballot.film_id, Ballot.place)).all()
    held = Counter(tuple(place) for place in places)
    assert set(held.values()) == {1}
    assert len(held) == 16
    assert _taken_equals_places_held(session)


def _read_one(engine: Engine, world: World, number: int) -> bool:
    with session_factory(engine).begin() as session:
        study = session.merge(world.study, load=True)
        physician = session.merge(world.physicians[number], load=True)
        ballot = next_ballot(session, study, physician=physician, clock=world.clock)
    if ballot is None:
        return False
    with session_factory(engine).begin() as session:
        again = session.get_one(Ballot, ballot.id)
        answer(session, ballot=again, sent=choose("A"), clock=world.clock)
    return True


def _taken_equals_places_held(session: Session) -> bool:
    held = (
        select(func.count(Ballot.id))
        .where(Ballot.film_id == Case.film_id, Ballot.place.is_not(None))
        .scalar_subquery()
    )
    return all(taken == count for taken, count in session.execute(select(Case.taken, held)))


def test_the_database_refuses_a_place_that_is_held(session: Session, world: World) -> None:
    first = must_deal(session, world, 0)
    # The other readers' orders differ, so find one who was dealt the same case.
    other = Ballot(
        key="x" * 26,
        study_id=first.study_id,
        film_id=first.film_id,
        physician_id=world.physicians[1].id,
        ordinal=0,
        seed=first.seed,
        state="leased",
        place=first.place,
        dealt_at=world.clock.now(),
    )
    session.add(other)
    with pytest.raises(Exception, match=r"(?i)unique"):
        session.flush()


def test_more_places_than_wanted_cannot_be_counted(session: Session, world: World) -> None:
    with pytest.raises(Exception, match=r"(?i)check|taken_within_wanted"):
        session.execute(update(Case).values(taken=Case.wanted + 1))
