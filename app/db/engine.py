"""Engines: durable by default, and one that cannot read origins.

``reading=True`` gives the engine that physicians' requests use. On SQLite an authorizer refuses
``candidate_origins``; on PostgreSQL the connection takes the role ``maskballot_reader``, which has
no grant on that table. So a query that would tell whose mask is whose fails in the database, not
in a review.
"""

import sqlite3
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from app.db import connections
from app.db.turns import PATIENCE, WaitingConnection, give_up, turns_of

ORIGINS_TABLE = "candidate_origins"
READER_ROLE = "maskballot_reader"
LONGEST_LOG = 32_768  # pages: beyond, a commit moves the log into the file itself
# Last in, first out: the connection that was used last has its statements and its pages at hand.
POOL = 40  # connections of an engine, and as many again: FastAPI answers in 40 threads
# An option of a connection: a loss of power in the next moment may take what is committed. For what
# acknowledges nothing; whatever is acknowledged later is flushed with all that came before it.
MAY_BE_LOST = {"may_be_lost": True}
SYNCHRONOUS_NORMAL = 1  # and every commit is flushed by us (`app.db.flush`)


class NotDurable(RuntimeError):
    """The database would acknowledge what it could still lose."""


def make_engine(url: str, *, reading: bool = False) -> Engine:
    """Return an engine for ``url``; ``postgresql://`` means psycopg 3.

    Raises `NotDurable` on the first connection if SQLite does not run in WAL, where a commit is
    safe once its log is flushed.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite_engine(url, parsed.database, reading=reading)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    engine = create_engine(parsed, pool_size=10, max_overflow=40, pool_use_lifo=True)
    connections.watch(engine)
    event.listen(engine, "begin", _begin_lightly)
    if reading:
        event.listen(engine, "connect", _become_reader)
    return engine


def session_factory(engine: Engine) -> sessionmaker[Session]:
    """Return a maker of database sessions; objects stay readable after the commit."""
    return sessionmaker(engine, expire_on_commit=False)


def _sqlite_engine(url: str, path: str | None, *, reading: bool) -> Engine:
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    turns = turns_of(path) if path and path != ":memory:" else None
    engine = create_engine(
        url,
        connect_args={
            "timeout": PATIENCE,
            "factory": partial(WaitingConnection, turns=turns),
        },
        pool_size=POOL,
        max_overflow=POOL,
        pool_use_lifo=True,
    )
    event.listen(engine, "connect", _make_durable)
    event.listen(engine, "begin", _begin_immediate)
    if reading:
        event.listen(engine, "connect", _forbid_origins)
    return engine


def _make_durable(connection: Any, _record: Any) -> None:
    # The driver's own BEGIN is deferred, which turns two writers into "database is locked";
    # with no isolation level, `_begin_immediate` decides.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    journal = cursor.fetchone()[0]
    cursor.execute(f"PRAGMA synchronous={SYNCHRONOUS_NORMAL}")
    cursor.execute(f"PRAGMA wal_autocheckpoint={LONGEST_LOG}")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={PATIENCE * 1000}")
    synchronous = cursor.execute("PRAGMA synchronous").fetchone()[0]
    cursor.close()
    if journal not in ("wal", "memory") or synchronous < SYNCHRONOUS_NORMAL:
        raise NotDurable(f"SQLite runs with journal {journal} and synchronous {synchronous}")


def _begin_immediate(connection: Any) -> None:
    # Readers in WAL never wait for a writer; but a transaction that reads and then writes must
    # hold the write lock from its start, or it fails halfway.
    mode = connection.get_execution_options().get("sqlite_begin", "IMMEDIATE")
    driver = connection.connection.dbapi_connection
    driver.may_be_lost = connection.get_execution_options().get("may_be_lost", False)
    if mode == "IMMEDIATE":
        driver.wait_for_turn()
    try:
        connection.exec_driver_sql(f"BEGIN {mode}")
    except OperationalError as error:
        if getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
            give_up(error)
        raise


def _begin_lightly(connection: Any) -> None:
    if connection.get_execution_options().get("may_be_lost", False):
        driver = connection.connection.driver_connection
        with driver.pipeline():  # BEGIN and this go there and back once
            driver.execute("SET LOCAL synchronous_commit = off")


def _forbid_origins(connection: Any, _record: Any) -> None:
    def decide(action: int, table: str | None, *_rest: str | None) -> int:
        touches = action in (sqlite3.SQLITE_READ, sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE)
        if table == ORIGINS_TABLE and (touches or action == sqlite3.SQLITE_DELETE):
            return sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_OK

    connection.set_authorizer(decide)


def _become_reader(connection: Any, _record: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {READER_ROLE}")
    connection.commit()
