"""PostgreSQL's queue and the workers that read it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.clock import FixedClock
from app.db.engine import make_engine, session_factory
from app.runs import runs
from app.runs.states import RunState
from app.runs.tables import Run
from app.runs.worker import connection_string
from tests.runs.conftest import rows
from tests.support.waiting import until

WORKER = """
import sys
from app.clock import SystemClock
from app.db.engine import make_engine, session_factory
from app.runs.execute import Hands
from app.runs.kinds import Kind
from app.runs.worker import run_worker
from tests.runs.conftest import Counting
counting = Counting()
kinds = {"counting": Kind(plan=counting.plan, work=counting.work, chunk=4)}
url = sys.argv[1]
hands = Hands(session_factory(make_engine(url)), kinds=kinds, clock=SystemClock())
run_worker(url, hands)
"""


@pytest.fixture
def sessions(postgresql_url: str) -> Iterator[sessionmaker[Session]]:
    engine = make_engine(postgresql_url)
    yield session_factory(engine)
    engine.dispose()


def jobs(url: str) -> int:
    with psycopg.connect(connection_string(url)) as connection:
        row = connection.execute("SELECT count(*) FROM procrastinate_jobs").fetchone()
    assert row is not None
    count: int = row[0]
    return count


def start(session: Session, clock: FixedClock, count: int) -> Run:
    return runs.start(
        session, kind="counting", study_id=None, arguments={"count": count}, clock=clock
    )


def test_a_job_comes_with_the_run_and_goes_with_its_rollback(
    postgresql_url: str, sessions: sessionmaker[Session], clock: FixedClock
) -> None:
    with sessions() as session:
        start(session, clock, 3)
        session.rollback()
    assert jobs(postgresql_url) == 0
    with sessions.begin() as session:
        start(session, clock, 3)
    assert jobs(postgresql_url) == 1


def test_two_workers_share_a_run_and_leave_when_told(
    postgresql_url: str, sessions: sessionmaker[Session], clock: FixedClock
) -> None:
    command = [sys.executable, "-c", WORKER, postgresql_url]
    workers = [subprocess.Popen(command, env=os.environ.copy()) for _ in range(2)]
    try:
        with sessions.begin() as session:
            run_id = start(session, clock, 40).id

        def done() -> bool:
            with sessions.begin() as session:
                return session.get_one(Run, run_id).state == RunState.DONE

        until(done, seconds=60)
        with sessions.begin() as session:
            assert len(rows(session)) == 40
    finally:
        for worker in workers:
            worker.send_signal(signal.SIGTERM)
        codes = [worker.wait(timeout=20) for worker in workers]
    assert codes == [0, 0]
