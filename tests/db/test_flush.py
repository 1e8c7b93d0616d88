"""A commit returns when it would survive a loss of power; many commits share one flush."""

import errno
import os
import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.db import checkpoints
from app.db.engine import MAY_BE_LOST, make_engine, session_factory
from app.db.flush import NotFlushed, SharedFlush

WRITERS = 6
TIMES = 5
flush_of_the_system = os.fdatasync


def insert(session: Session, number: int) -> None:
    session.execute(
        text("INSERT INTO login_attempts (id, subject, at) VALUES (:id, 'x', '')"), {"id": number}
    )


def kept(folder: Path) -> set[int]:
    """What a database holds, with whatever of its log lies beside it."""
    with closing(sqlite3.connect(folder / "test.sqlite")) as connection:
        return {row[0] for row in connection.execute("SELECT id FROM login_attempts")}


def test_each_commit_that_returned_survives_a_loss_of_power(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "test.sqlite-wal"
    safe: list[bytes] = []

    def flush(file: int) -> None:
        written = log.read_bytes()
        flush_of_the_system(file)
        safe.append(written)

    monkeypatch.setattr(os, "fdatasync", flush)
    engine = make_engine(sqlite_url)
    sessions = session_factory(engine)
    lost: list[int] = []

    def write(writer: int) -> None:
        for time in range(TIMES):
            number = writer * TIMES + time + 1
            with sessions.begin() as session:
                insert(session, number)
            after = tmp_path / f"after-{number}"
            after.mkdir()
            shutil.copyfile(tmp_path / "test.sqlite", after / "test.sqlite")
            (after / "test.sqlite-wal").write_bytes(safe[-1])
            if number not in kept(after):
                lost.append(number)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose()
    assert lost == []
    assert kept(tmp_path) == set(range(1, WRITERS * TIMES + 1))


def test_who_asks_during_a_flush_shares_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "log"
    log.touch()
    shared = SharedFlush(str(log))
    begun, go_on, flushes = threading.Event(), threading.Event(), []

    def flush(file: int) -> None:
        begun.set()
        assert go_on.wait(60)
        flushes.append(file)

    monkeypatch.setattr(os, "fdatasync", flush)
    threads = [threading.Thread(target=shared.wait) for _ in range(WRITERS)]
    threads[0].start()
    assert begun.wait(60)
    for thread in threads[1:]:
        thread.start()
    while shared._asked < WRITERS:
        os.sched_yield()
    go_on.set()
    for thread in threads:
        thread.join()
    shared.close()
    assert len(flushes) == 2


def test_nothing_is_acknowledged_after_a_flush_has_failed(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = make_engine(sqlite_url)
    sessions = session_factory(engine)

    def refuse(_file: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fdatasync", refuse)
        with pytest.raises(NotFlushed), sessions.begin() as session:
            insert(session, 1)
    with pytest.raises(NotFlushed), sessions.begin() as session:
        insert(session, 2)
    engine.dispose()


def test_a_transaction_that_was_not_said_to_write_is_flushed_too(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushes: list[int] = []
    monkeypatch.setattr(os, "fdatasync", flushes.append)
    engine = make_engine(sqlite_url)
    for writes in (False, True):
        with session_factory(engine).begin() as session:
            session.connection(execution_options={"sqlite_begin": "DEFERRED"})
            assert session.scalar(text("SELECT count(*) FROM login_attempts")) == 0
            if writes:
                insert(session, 1)
        assert len(flushes) == writes
    engine.dispose()


@pytest.mark.parametrize("longest", [0, 1_000_000])
def test_the_log_is_moved_into_the_file_aside_of_commits(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, longest: int
) -> None:
    monkeypatch.setattr(checkpoints, "EVERY", TIMES)
    monkeypatch.setattr(checkpoints, "LONG", longest)
    engine = make_engine(sqlite_url)
    for number in range(1, TIMES + 1):
        with session_factory(engine).begin() as session:
            insert(session, number)
    for thread in threading.enumerate():
        if thread.name == "checkpoint":
            thread.join()
    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.copyfile(tmp_path / "test.sqlite", alone / "test.sqlite")
    engine.dispose()
    assert kept(alone) == set(range(1, TIMES + 1))


def test_what_may_be_lost_is_not_waited_for_and_is_flushed_a_moment_later(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushing, go_on = threading.Event(), threading.Event()

    def flush(file: int) -> None:
        flushing.set()
        assert go_on.wait(60)
        flush_of_the_system(file)

    monkeypatch.setattr(os, "fdatasync", flush)
    engine = make_engine(sqlite_url)
    with session_factory(engine).begin() as session:
        session.connection(execution_options=MAY_BE_LOST)
        insert(session, 1)
    # Committed, while its flush cannot end; a thread of its own does it.
    assert flushing.wait(60)
    go_on.set()
    for thread in threading.enumerate():
        if thread.name == "flush":
            thread.join()
    engine.dispose()


def test_a_log_that_went_with_its_last_connection_is_no_failure(sqlite_url: str) -> None:
    for number in (1, 2):
        engine = make_engine(sqlite_url)
        with session_factory(engine).begin() as session:
            session.connection(execution_options=MAY_BE_LOST)
            insert(session, number)
        engine.dispose()
        for thread in threading.enumerate():
            if thread.name == "flush":
                thread.join()
