"""SQLite's log is moved into the database file by a thread of its own, so that no commit waits."""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from urllib.parse import quote

from app.db.flush import NotFlushed
from app.problems import Problem

EVERY = 256  # commits of this process
LONG = 16_384  # pages of the log, 64 MB: so long, writers wait a moment and it begins anew


class Checkpoints:
    """Moves one database's log when enough was committed.

    ``alone`` calls what it is given while nobody writes.
    """

    def __init__(self, path: str, *, alone: Callable[[Callable[[], object]], None]) -> None:
        self._path = path
        self._alone = alone
        self._lock = threading.Lock()
        self._commits = 0
        self._moving = False

    def committed(self) -> None:
        """Count a commit, and begin to move the log after every `EVERY` of them."""
        with self._lock:
            self._commits += 1
            if self._commits < EVERY or self._moving:
                return
            self._commits, self._moving = 0, True
        threading.Thread(target=self._move, name="checkpoint", daemon=True).start()

    def _move(self) -> None:
        # Whatever hinders it now (another process does the same, a backup reads), it comes again;
        # and where it never comes, a commit does it (`app.db.engine.LONGEST_LOG`).
        try:
            with suppress(sqlite3.Error, Problem, NotFlushed):
                self._move_now()
        finally:
            with self._lock:
                self._moving = False

    def _move_now(self) -> None:
        address = f"file:{quote(self._path)}?mode=rw"
        with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as connection:

            def move() -> int:
                row = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
                return int(row[1])

            if move() > LONG:
                # What was committed meanwhile keeps the log from beginning anew; now nothing is.
                self._alone(move)
