"""A study moves from SQLite to PostgreSQL and back, row for row, and goes on there."""

import uuid
from collections.abc import Iterator

import numpy as np
import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.accounts.tables import User
from app.ballots.deal import next_ballot
from app.blobs.store import BlobStore
from app.clock import FixedClock
from app.conduct.answering import answer
from app.db.engine import make_engine, session_factory
from app.studies.studies import study_named
from app.upkeep import copying
from app.upkeep.copying import Copied, CopyRefused, copy_database
from app.votes.answers import Submission
from app.votes.tables import Vote
from tests.support.answers import choose, none_acceptable
from tests.support.factory import SHAPE, START, blob_mask, make_world
from tests.support.postgres import Server


def quiet(done: int, total: int) -> None:
    """Show nothing."""


@pytest.fixture
def running(sqlite_url: str, blobs: BlobStore) -> str:
    """A database with an open study, a vote and a drawing."""
    engine = make_engine(sqlite_url)
    with session_factory(engine).begin() as session:
        world = make_world(session, blobs, films=3)
        for sent in (choose("A"), none_acceptable(blob_mask(np.random.default_rng(1), SHAPE))):
            vote(session, sent=sent)
        assert world.study.state == "open"
    engine.dispose()
    return sqlite_url


def vote(session: Session, *, sent: Submission) -> None:
    study = study_named(session, "Study alpha")
    reader = session.scalars(select(User).where(User.name == "alpha-1")).one()
    ballot = next_ballot(session, study, physician=reader, clock=FixedClock(START))
    assert ballot is not None
    answer(session, ballot=ballot, sent=sent, clock=FixedClock(START))


@pytest.fixture
def empty(postgresql_server: Server) -> Iterator[str]:
    """An empty PostgreSQL database, without any table."""
    name = f"empty_{uuid.uuid4().hex}"
    yield postgresql_server.create(name)
    postgresql_server.drop(name)


def test_every_row_arrives(running: str, empty: str) -> None:
    copied = {one.table: one for one in copy_database(running, empty, progress=quiet)}
    assert copied["votes"].rows == 2
    assert copied["drawings"].rows == 1
    assert copied["candidate_origins"].rows == 12


def test_there_and_back_is_the_same(
    running: str, empty: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    back = f"sqlite:///{tmp_path_factory.mktemp('back') / 'back.sqlite'}"
    there: list[Copied] = copy_database(running, empty, progress=quiet)
    assert copy_database(empty, back, progress=quiet) == there


def test_the_study_goes_on_where_it_stood(running: str, empty: str) -> None:
    copy_database(running, empty, progress=quiet)
    engine = make_engine(empty)
    with session_factory(engine).begin() as session:
        vote(session, sent=choose("B"))
        assert len(session.scalars(select(Vote)).all()) == 3
    for change in (update(Vote).values(comment="changed"), delete(Vote)):
        with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
            connection.execute(change)
    engine.dispose()


def test_a_target_with_rows_is_left_alone(running: str, empty: str) -> None:
    copy_database(running, empty, progress=quiet)
    with pytest.raises(CopyRefused, match="already has rows"):
        copy_database(running, empty, progress=quiet)


def test_a_table_that_arrives_changed_undoes_the_copy(
    running: str, empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgetful(reading: object, writing: object, table: object) -> None:
        """Copy nothing."""

    with monkeypatch.context() as patch:
        patch.setattr(copying, "_copy_rows", forgetful)
        with pytest.raises(CopyRefused, match="differs"):
            copy_database(running, empty, progress=quiet)
    assert copy_database(running, empty, progress=quiet)
