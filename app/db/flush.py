"""One flush of SQLite's log for all who committed before it began.

At synchronous FULL, SQLite flushes inside each commit and keeps the write lock meanwhile, so that
writers wait for one flush after the other. Here SQLite runs at NORMAL: a commit is written into the
log under the lock, and flushed by us when the lock is free again. Whoever committed waits for a
flush that began afterwards, so one flush serves all who wait; nobody is told of a commit before.
"""

import os
import threading
from contextlib import suppress

MOMENT = 0.05  # seconds
PAUSE = threading.Event()  # never set: it only waits


class NotFlushed(RuntimeError):
    """The disk refused a flush: what is on it is not known, so nothing more is acknowledged."""


class SharedFlush:
    """Flushes one log; the threads of this process share each flush."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._changed = threading.Condition()
        self._asked = 0
        self._flushed = 0
        self._flushing = False
        self._failure: OSError | None = None
        self._soon = False
        self._file: int | None = None

    def wait(self, *, may_be_gone: bool = False) -> None:
        """Return when a flush that began after this call has ended. Raises `NotFlushed`.

        A log that `may_be_gone` was moved into the database, flushed, when its last connection was
        closed. Who has committed and waits holds a connection.
        """
        with self._changed:
            self._asked += 1
            mine = self._asked
            while self._flushed < mine:
                self.check()
                if self._flushing:
                    self._changed.wait()
                else:
                    self._lead(may_be_gone=may_be_gone)

    def soon(self) -> None:
        """Flush within a moment, while the caller goes on."""
        with self._changed:
            if self._soon:
                return
            self._soon = True
        threading.Thread(target=self._flush_soon, name="flush", daemon=True).start()

    def check(self) -> None:
        """Raise `NotFlushed` if a flush has failed since this process began.

        The system forgets what it could not write: the next flush would seem to succeed. Only a
        new process reads the log anew and knows what is there.
        """
        if self._failure is not None:
            raise NotFlushed(
                f"{self._path} could not be flushed; mend the disk and start again"
            ) from self._failure

    def close(self) -> None:
        """Close the file; the next flush opens it again."""
        with self._changed:
            if self._file is not None:
                os.close(self._file)
                self._file = None

    def _flush_soon(self) -> None:
        PAUSE.wait(MOMENT)
        with self._changed:
            self._soon = False
        # Where it fails, `check` tells the next who writes.
        with suppress(NotFlushed):
            self.wait(may_be_gone=True)

    def _lead(self, *, may_be_gone: bool) -> None:
        """Flush for all who have asked until now; called, and left, holding the lock."""
        serves = self._asked
        self._flushing = True
        self._changed.release()
        failure = None
        try:
            self._sync()
        except OSError as error:
            if not (may_be_gone and isinstance(error, FileNotFoundError)):
                failure = error
        finally:
            self._changed.acquire()
            self._flushing = False
            self._changed.notify_all()
        self._failure = failure
        if failure is None:
            self._flushed = serves

    def _sync(self) -> None:
        # Opened once and kept, because a failed write is told to those who have the file open.
        # SQLite makes a new log when it was closed by all, which nobody who waits here has done.
        now = os.stat(self._path)
        if self._file is not None and not os.path.samestat(os.fstat(self._file), now):
            os.close(self._file)
            self._file = None
        if self._file is None:
            self._file = os.open(self._path, os.O_RDWR | os.O_CLOEXEC)
        os.fdatasync(self._file)
