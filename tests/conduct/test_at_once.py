"""A run proposes while an admin opens the study: each waits for what the other is storing."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from app.ballots.tables import Case
from app.blobs.store import BlobStore
from app.conduct.comparing import compare_films
from app.conduct.opening import open_study
from app.conduct.planting import look_at, prepare_opening
from app.db.engine import make_engine, session_factory
from app.proposals.likeness import compared, keep, to_compare
from app.proposals.missing import sources_of
from app.proposals.origins import SENTINEL, CandidateOrigin, by_source
from app.proposals.planting import planted
from app.proposals.tables import Likeness
from app.studies.studies import hold
from app.studies.tables import Study
from tests.support.factory import World, make_world, propose_all
from tests.support.sentinels import HALF, confirm
from tests.support.waiting import until


class Aside:
    """Work in a thread of its own; its failure reaches the test."""

    def __init__(self, work: Callable[[], object]) -> None:
        self._work = work
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._work()
        except BaseException as error:  # raised again by `join`
            self._failure = error

    def done(self) -> bool:
        return not self._thread.is_alive()

    def join(self) -> None:
        self._thread.join()
        if self._failure is not None:
            raise self._failure


def a_draft(session: Session, blobs: BlobStore) -> World:
    """A draft whose films have all their candidates; half of them are drawn for sentinels."""
    world = make_world(session, blobs, films=8, design=HALF, is_open=False)
    propose_all(session, blobs, world)
    confirm(session, blobs, world, world.films)
    session.commit()
    return world


def waits(engine: Engine) -> bool:
    """Say whether somebody waits for a row that another transaction holds."""
    with engine.connect() as connection:
        asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        return bool(connection.scalar(text(asked + "AND wait_event_type = 'Lock'")))


def begun(work: Callable[[], object], engine: Engine) -> Aside:
    """Let ``work`` run aside until it waits for a lock, or has ended without waiting."""
    aside = Aside(work)
    until(lambda: aside.done() or waits(engine), seconds=300)
    return aside


def film_ids(world: World) -> list[int]:
    return [film.id for film in world.films]


def masks_of_sentinels(session: Session) -> int:
    made = select(func.count()).where(CandidateOrigin.kind == SENTINEL)
    return session.scalar(made) or 0


def test_two_who_make_the_same_sentinel_make_one(
    engine: Engine, session: Session, blobs: BlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = a_draft(session, blobs)
    both, put_it, came = threading.Barrier(2, timeout=300), blobs.put, set[int]()

    def put(data: bytes) -> str:
        if threading.get_ident() not in came:
            came.add(threading.get_ident())
            both.wait()  # until the other has a sentinel's mask in hand as well
        return put_it(data)

    monkeypatch.setattr(blobs, "put", put)

    def prepare() -> None:
        sessions = session_factory(engine)
        prepare_opening(sessions, blobs, study_id=world.study.id, clock=world.clock)

    for one in [Aside(prepare), Aside(prepare)]:
        one.join()
    made = planted(session, film_ids=film_ids(world))
    assert len(came) == 2
    assert made
    assert sum(map(len, made.values())) == masks_of_sentinels(session)
    assert {len(masks) for masks in made.values()} == {4}


def test_a_film_that_becomes_a_case_becomes_no_sentinel_at_the_same_time(
    postgresql_url: str, blobs: BlobStore
) -> None:
    engine = make_engine(postgresql_url)
    sessions = session_factory(engine)
    with sessions() as session:
        world = a_draft(session, blobs)
        study = session.get_one(Study, world.study.id)
        ids = film_ids(world)
        assert open_study(session, blobs, study, clock=world.clock) == len(ids)

        def plant() -> None:
            look_at(sessions, blobs, study_id=world.study.id, film_ids=ids, clock=world.clock)

        planting = begun(plant, engine)
        session.commit()
        planting.join()
        assert set(session.scalars(select(Case.film_id))) == set(ids)
        assert planted(session, film_ids=ids) == {}
    engine.dispose()


@pytest.mark.parametrize("first", ["the run", "the admin"])
def test_two_who_compare_the_same_candidates_do_not_fail(
    postgresql_url: str, blobs: BlobStore, first: str
) -> None:
    engine = make_engine(postgresql_url)
    sessions = session_factory(engine)
    with sessions() as session:
        world = a_draft(session, blobs)
        ids, study_id = film_ids(world), world.study.id

        def compare() -> None:
            compare_films(sessions, blobs, study_id=study_id, film_ids=ids)

        def open_it() -> None:
            with sessions.begin() as other:
                study = other.get_one(Study, study_id)
                open_study(other, blobs, study, clock=world.clock)

        study = session.get_one(Study, study_id)
        if first == "the run":
            hold(session, study)
            keep_all(session, blobs, study, ids)
        else:
            open_study(session, blobs, study, clock=world.clock)
        second = begun(open_it if first == "the run" else compare, engine)
        session.commit()
        second.join()
        assert set(session.scalars(select(Likeness.film_id))) == set(ids)
        assert set(session.scalars(select(Case.film_id))) == set(ids)
    engine.dispose()


def keep_all(session: Session, blobs: BlobStore, study: Study, film_ids: list[int]) -> None:
    """Store how alike the films' candidates are, as the run does, and do not commit."""
    found = by_source(session, film_ids=film_ids, sources=sources_of(study))
    for job in to_compare(session, study, candidates=found):
        keep(session, job, compared(blobs, job))
