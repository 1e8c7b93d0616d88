"""Databases: migrated once a run, copied for each test."""

import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.db import migrate
from app.db.engine import make_engine, session_factory
from tests.support import postgres

TEMPLATE = "maskballot_template"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, in one piece."""
    path = tmp_path_factory.mktemp("template") / "template.sqlite"
    migrate.upgrade(f"sqlite:///{path}")
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[postgres.Server]:
    """The run's PostgreSQL server, with a migrated template."""
    if postgres.binaries() is None:
        pytest.skip(postgres.MISSING)
    with postgres.running_server() as server:
        migrate.upgrade(server.create(TEMPLATE))
        yield server


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a fresh SQLite database at the newest migration."""
    path = tmp_path / "test.sqlite"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(postgresql_server: postgres.Server) -> Iterator[str]:
    """The URL of a fresh PostgreSQL database at the newest migration."""
    name = f"test_{uuid.uuid4().hex}"
    yield postgresql_server.create(name, template=TEMPLATE)
    postgresql_server.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a fresh database; the test runs once on each engine."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine that may read everything."""
    made = make_engine(database_url)
    yield made
    made.dispose()


@pytest.fixture
def reader(database_url: str) -> Iterator[Engine]:
    """The engine of physicians' requests, which cannot read origins."""
    made = make_engine(database_url, reading=True)
    yield made
    made.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """An open database session; what is not committed is gone after the test."""
    with session_factory(engine)() as opened:
        yield opened
