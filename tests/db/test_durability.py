"""The database keeps what it acknowledged, and keeps origins from readers."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from app.accounts.tables import User
from app.db import migrate
from app.db.engine import MAY_BE_LOST, make_engine, session_factory


def test_sqlite_runs_in_wal_where_a_flushed_log_is_all_that_a_commit_needs(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        # NORMAL: checkpoints flush by themselves, commits by us (tests/db/test_flush.py).
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    engine.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM candidate_origins",
        "SELECT count(*) FROM candidate_origins",
        "SELECT c.id FROM candidates c JOIN candidate_origins o ON o.candidate_id = c.id",
        "SELECT id FROM candidates WHERE id IN (SELECT candidate_id FROM candidate_origins)",
        "DELETE FROM candidate_origins",
        "UPDATE candidate_origins SET source = 'x'",
    ],
)
def test_the_reading_connection_cannot_touch_origins(reader: Engine, statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match=r"(?i)prohibited|denied|not authorized"),
        reader.begin() as connection,
    ):
        connection.execute(text(statement))


def test_the_reading_connection_reads_and_writes_the_rest(reader: Engine) -> None:
    with reader.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM candidates")).scalar() == 0
        connection.execute(text("UPDATE ballots SET state = 'leased'"))


def test_the_full_connection_reads_origins(engine: Engine) -> None:
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM candidate_origins")).scalar() == 0


def test_a_time_without_zone_is_refused(session: Session) -> None:
    from datetime import datetime

    user = User(
        name="x",
        full_name="x",
        role="admin",
        password_hash="x",
        created_at=datetime(2026, 1, 1),  # noqa: DTZ001  (that is the point)
    )
    session.add(user)
    with pytest.raises(Exception, match="without a zone"):
        session.flush()


def test_migrations_go_down_and_up_again_and_match_the_models(database_url: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    import app.tables  # noqa: F401  (registers every table)
    from app.db.base import Base

    migrate.downgrade(database_url, "base")
    assert not migrate.is_current(database_url)
    migrate.upgrade(database_url)
    assert migrate.is_current(database_url)
    engine = make_engine(database_url)
    with engine.connect() as connection:
        difference = compare_metadata(
            MigrationContext.configure(connection, opts={"include_name": migrate.is_ours}),
            Base.metadata,
        )
    engine.dispose()
    assert difference == []


def test_on_postgresql_only_what_may_be_lost_is_committed_without_a_flush(
    postgresql_url: str,
) -> None:
    engine = make_engine(postgresql_url, reading=True)
    with engine.begin() as connection:
        # The tests' server flushes nothing; the same connection comes again below.
        connection.execute(text("SET synchronous_commit = on"))
    seen = []
    for options in ({}, MAY_BE_LOST, {}):
        with session_factory(engine).begin() as session:
            session.connection(execution_options=options)
            seen.append(session.scalar(text("SHOW synchronous_commit")))
    engine.dispose()
    assert seen == ["on", "off", "on"]
