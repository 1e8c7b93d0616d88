"""Writers of one SQLite file take turns; who only reads waits for nobody."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.db.engine import make_engine, session_factory
from app.db.turns import forget_turns
from tests.support.commands import REPOSITORY

WRITERS = 8
TIMES = 25

ADD = """
import sys
from sqlalchemy import text
from app.db.engine import make_engine, session_factory
sessions = session_factory(make_engine(sys.argv[1]))
for _ in range(int(sys.argv[2])):
    with sessions.begin() as session:
        number = session.scalar(text("SELECT coalesce(max(id), 0) FROM login_attempts")) or 0
        session.execute(text("INSERT INTO login_attempts (id, subject, at) VALUES (:id, 'x', '')"),
                        {"id": number + 1})
"""


def add(session: Session) -> None:
    number = session.scalar(text("SELECT coalesce(max(id), 0) FROM login_attempts")) or 0
    session.execute(
        text("INSERT INTO login_attempts (id, subject, at) VALUES (:id, 'x', '')"),
        {"id": number + 1},
    )


def test_threads_and_processes_that_read_and_write_at_once_lose_nothing(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    sessions = session_factory(engine)

    def write() -> None:
        for _ in range(TIMES):
            with sessions.begin() as session:
                add(session)

    other = subprocess.Popen(
        [sys.executable, "-c", ADD, sqlite_url, str(TIMES)], cwd=REPOSITORY, env=os.environ
    )
    threads = [threading.Thread(target=write) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert other.wait(timeout=120) == 0
    with sessions() as session:
        count = session.scalar(text("SELECT count(*) FROM login_attempts"))
    engine.dispose()
    assert count == (WRITERS + 1) * TIMES


def test_a_failed_transaction_lets_the_next_one_write(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    sessions = session_factory(engine)
    with pytest.raises(OperationalError, match="no_such_table"), sessions.begin() as session:
        session.execute(text("SELECT * FROM no_such_table"))
    with sessions.begin() as session:
        add(session)
    engine.dispose()


def test_who_only_reads_does_not_wait_for_a_writer(sqlite_url: str) -> None:
    engine, other = make_engine(sqlite_url), make_engine(sqlite_url, reading=True)
    with session_factory(engine).begin() as writing:
        add(writing)
        with session_factory(other)() as reading:
            reading.connection(execution_options={"sqlite_begin": "DEFERRED"})
            assert reading.scalar(text("SELECT count(*) FROM login_attempts")) == 0
    engine.dispose()
    other.dispose()


def test_the_file_of_turns_can_be_closed_and_is_opened_again(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    for _ in range(2):
        with session_factory(engine).begin() as session:
            add(session)
        engine.dispose()
        forget_turns()
    assert Path(sqlite_url.removeprefix("sqlite:///") + "-turns").exists()
