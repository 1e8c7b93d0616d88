"""Migration 0006, up and down with a study in it that was voted on."""

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from app.ballots.ahead import upcoming
from app.ballots.deal import next_ballot
from app.ballots.tables import Ballot, Hand
from app.blobs.store import BlobStore
from app.conduct.answering import answer
from app.db import migrate
from app.db.engine import session_factory
from app.votes.tables import Vote
from tests.support.answers import choose
from tests.support.factory import World, make_world

OLD = "SELECT id, key, film_id, place, ordinal, repeat_no FROM ballots ORDER BY id"


@pytest.fixture
def voted(session: Session, blobs: BlobStore) -> World:
    """A study in which one physician gave two answers and holds a third ballot."""
    world = make_world(session, blobs, films=5)
    for letter in ("A", "B", None):
        ballot = next_ballot(session, world.study, physician=world.physicians[0], clock=world.clock)
        assert ballot is not None
        if letter is not None:
            answer(session, ballot=ballot, sent=choose(letter), clock=world.clock)
    session.commit()
    session.close()
    return world


def rows(engine: Engine, query: str) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_nothing_is_lost_on_the_way_down_and_up(
    engine: Engine, database_url: str, voted: World
) -> None:
    before = rows(engine, OLD), rows(engine, "SELECT * FROM votes ORDER BY id")
    engine.dispose()
    migrate.downgrade(database_url, "0005")
    assert rows(engine, OLD) == before[0]
    engine.dispose()
    migrate.upgrade(database_url)
    assert (rows(engine, OLD), rows(engine, "SELECT * FROM votes ORDER BY id")) == before


@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize("statement", ["UPDATE votes SET comment = 'x'", "DELETE FROM votes"])
def test_votes_stay_append_only(
    engine: Engine, database_url: str, voted: World, statement: str, down: bool
) -> None:
    engine.dispose()
    migrate.downgrade(database_url, "0005")
    if not down:
        migrate.upgrade(database_url)
    with pytest.raises(Exception, match="votes is append-only"), engine.begin() as connection:
        connection.execute(text(statement))


def test_a_study_from_before_is_read_on(engine: Engine, database_url: str, voted: World) -> None:
    engine.dispose()
    migrate.downgrade(database_url, "0005")
    migrate.upgrade(database_url)
    with session_factory(engine)() as session:
        study = session.merge(voted.study, load=True)
        reader = session.merge(voted.physicians[0], load=True)
        held = session.scalars(select(Ballot).where(Ballot.state == "leased")).one()
        assert session.get_one(Hand, (study.id, reader.id)).dealt == 3
        assert next_ballot(session, study, physician=reader, clock=voted.clock) is held
        assert [(b.kind, b.native, b.asks_guess) for b in session.scalars(select(Ballot))] == [
            ("choice", False, False)
        ] * 3
        assert [vote.worst_position for vote in session.scalars(select(Vote))] == [None, None]
        assert len(upcoming(session, study, physician=reader, count=9, clock=voted.clock)) == 2
