"""Two workers share a run; one is killed without warning, the other ends it."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from app.clock import SystemClock
from app.conduct.proposing import start_propose
from app.db.engine import make_engine, session_factory
from app.studies.studies import study_named
from tests.faults.conftest import FILMS
from tests.support.processes import Installation, installation
from tests.support.waiting import until


@pytest.fixture
def shared(postgresql_url: str, home: Path, films: Path) -> Iterator[Installation]:
    """An installation on PostgreSQL with a draft full of films."""
    with installation(MASKBALLOT_DATABASE_URL=postgresql_url) as made:
        made.run("db", "upgrade")
        made.run("user", "add", "boss", "--role", "admin")
        made.run("ingest", films, "--study", "North", "--create", "--networks", "unet")
        yield made


@pytest.fixture
def engine(postgresql_url: str) -> Iterator[Engine]:
    made = make_engine(postgresql_url)
    yield made
    made.dispose()


def count(engine: Engine, query: str) -> int:
    with engine.connect() as connection:
        found: int = connection.scalar(text(query))
        return found


def start_run(engine: Engine) -> None:
    """Queue the proposals as the admin's page does, so that the workers have to do them."""
    with session_factory(engine).begin() as session:
        start_propose(session, study_named(session, "North"), admin=None, clock=SystemClock())


def test_the_other_worker_ends_the_run(shared: Installation, engine: Engine) -> None:
    first = shared.start("worker")
    start_run(engine)
    until(lambda: count(engine, "SELECT count(*) FROM candidates") > 2, seconds=60, every=0.01)
    kill(first)
    assert count(engine, "SELECT count(*) FROM runs WHERE state = 'running'") == 1
    shared.start("worker")
    until(lambda: count(engine, "SELECT count(*) FROM runs WHERE state = 'done'"), seconds=90)
    assert count(engine, "SELECT count(*) FROM candidates") == 2 * FILMS
    assert (
        count(engine, "SELECT count(DISTINCT (film_id, source)) FROM candidate_origins")
        == 2 * FILMS
    )


def kill(process: subprocess.Popen[str]) -> None:
    assert process.poll() is None
    process.kill()
    process.communicate()
