"""PostgreSQL's connections: one that its server ended is not handed out, and few are asked."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, text

from app.db import connections
from app.db.engine import make_engine
from tests.support.waiting import until

NUMBER = text("SELECT pg_backend_pid()")


@pytest.fixture
def other(postgresql_url: str) -> Iterator[Connection]:
    """A connection from outside, each of whose statements is a transaction of its own."""
    engine = make_engine(postgresql_url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def engine(postgresql_url: str) -> Iterator[Engine]:
    made = make_engine(postgresql_url)
    yield made
    made.dispose()


def number_of(engine: Engine) -> int:
    """Use a connection and return its number at the server."""
    with engine.connect() as connection:
        return int(connection.scalars(NUMBER).one())


def last_said(other: Connection, number: int) -> str:
    """Return the last statement of connection ``number``."""
    asked = text("SELECT query FROM pg_stat_activity WHERE pid = :number")
    return str(other.scalar(asked, {"number": number}))


def end(other: Connection, number: int) -> None:
    """Let the server end connection ``number``."""
    other.execute(text("SELECT pg_terminate_backend(:number)"), {"number": number})
    until(lambda: last_said(other, number) == "None")


def test_one_that_the_server_has_ended_is_replaced(engine: Engine, other: Connection) -> None:
    first = number_of(engine)
    end(other, first)
    assert number_of(engine) != first


def test_one_that_was_used_just_now_is_not_asked(engine: Engine, other: Connection) -> None:
    first = number_of(engine)
    before = last_said(other, first)
    with engine.connect() as connection:
        assert connection.connection.driver_connection is not None
        assert last_said(other, first) == before


def test_one_that_nobody_used_for_a_while_is_asked(
    engine: Engine, other: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "WHILE", -1)
    first = number_of(engine)
    before = last_said(other, first)
    with engine.connect():
        assert last_said(other, first) != before
