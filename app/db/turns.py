"""Writers of one SQLite file take turns.

SQLite's own waiting is a loop of sleeps, up to a tenth of a second each, after which whoever looks
first gets the lock: with many writers the disk idles while all of them sleep, and some wait for
seconds. Here a writer waits in the kernel for a lock on a file beside the database, in this process
and in others alike, and is woken when its turn comes. The lock only keeps order: SQLite's own lock
decides what is right, and a program that knows nothing of turns still waits for it.

A turn ends when its transaction is committed; then the commit is flushed (`app.db.flush`), while
the next one writes.
"""

import fcntl
import os
import sqlite3
import threading
from collections.abc import Callable
from typing import Any, NoReturn

from app.db.checkpoints import Checkpoints
from app.db.flush import SharedFlush
from app.problems import Problem

PATIENCE = 15  # seconds


class DatabaseBusy(Problem):
    """Others have been writing for too long; nothing was stored, and asked again it may be."""

    code = "database-busy"
    status = 503
    retry_after = 2


def give_up(cause: Exception | None = None) -> NoReturn:
    """Raise `DatabaseBusy`."""
    raise DatabaseBusy(
        "Too much is being stored at once; this was not.", cure="Try again in a moment."
    ) from cause


class Turns:
    """The queue before one database file, and what comes after a turn; `turns_of` finds it."""

    def __init__(self, database: str) -> None:
        self._path = f"{database}-turns"
        self.flush = SharedFlush(f"{database}-wal")
        self.checkpoints = Checkpoints(database, alone=self._alone)
        # Of this process's threads only the first in line asks the kernel.
        self._inside = threading.Lock()
        self._file: int | None = None

    def take(self, seconds: float) -> None:
        """Wait until it is this thread's turn.

        Raises `DatabaseBusy` if another thread of this process keeps it longer than ``seconds``;
        other processes are waited for, and one that is killed lets go. Raises `NotFlushed` where
        nothing could be acknowledged any more.
        """
        self.flush.check()
        if not self._inside.acquire(timeout=seconds):
            give_up()
        try:
            if self._file is None:
                self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX)
        except BaseException:
            self._inside.release()
            raise

    def give(self) -> None:
        """Let the next one write; any thread may say so."""
        if self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_UN)
        self._inside.release()

    def close(self) -> None:
        """Close the files; the next turn opens them again."""
        self.flush.close()
        with self._inside:
            if self._file is not None:
                os.close(self._file)
                self._file = None

    def _alone(self, do: Callable[[], object]) -> None:
        self.take(PATIENCE)
        try:
            do()
        finally:
            self.give()


_all: dict[str, Turns] = {}
_finding = threading.Lock()


def turns_of(path: str) -> Turns:
    """Return the queue of the database file ``path``, one for all engines of this process."""
    real = os.path.realpath(path)
    with _finding:
        if real not in _all:
            _all[real] = Turns(real)
        return _all[real]


def forget_turns() -> None:
    """Close what this process has open of its queues, before a fork: a child opens its own."""
    with _finding:
        for turns in _all.values():
            turns.close()


class WaitingConnection(sqlite3.Connection):
    """A connection that waits for its turn before it writes, and ends it with the transaction."""

    def __init__(self, *arguments: Any, turns: Turns | None, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._turns = turns
        self._has_turn = False
        self._changes = 0
        self.may_be_lost = False

    def wait_for_turn(self) -> None:
        """Wait before a transaction that writes is begun."""
        if self._turns is not None and not self._has_turn:
            self._turns.take(PATIENCE)
            self._has_turn = True

    def commit(self) -> None:
        """Commit, let the next one write, and return when the commit is flushed to the disk.

        One that `may_be_lost` is flushed a moment later (`app.db.engine.MAY_BE_LOST`).
        Who had a turn and wrote nothing waits as well: what it has read may be somebody's commit
        that is not flushed yet, as where an answer comes again and is found stored.
        """
        wrote = self._has_turn or self.total_changes != self._changes
        super().commit()
        self._changes = self.total_changes
        self._end_turn()
        if self._turns is not None and wrote:
            if self.may_be_lost:
                self._turns.flush.soon()
            else:
                self._turns.flush.wait()
            self._turns.checkpoints.committed()

    def rollback(self) -> None:
        """Roll back and let the next one write."""
        super().rollback()
        self._end_turn()

    def close(self) -> None:
        """Close; a turn that was not ended ends here."""
        super().close()
        self._end_turn()

    def _end_turn(self) -> None:
        if self._turns is not None and self._has_turn:
            self._has_turn = False
            self._turns.give()
