"""What is left of a large study is counted aside, one count at a time, and nobody waits for it.

After a break the counts of all readers are old at once. Counted all together, they would take the
machine from those who read.
"""

import threading
from collections import deque

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.tables import User
from app.ballots import hands
from app.clock import Clock
from app.db.flush import NotFlushed
from app.problems import Problem
from app.studies.tables import Study

log = structlog.get_logger("maskballot.web")


class Counting:
    """Counts for one reader after the other, in a thread that ends when all are counted."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions
        self._lock = threading.Lock()
        self._asked: deque[tuple[int, int]] = deque()
        self._worker: threading.Thread | None = None

    def later(self, session: Session, *, study: Study, user: User, clock: Clock) -> None:
        """Count anew, soon, what is left for ``user``; not if it was done lately."""
        if not hands.claim_count(session, study_id=study.id, physician_id=user.id, now=clock.now()):
            return
        with self._lock:
            self._asked.append((study.id, user.id))
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="counting", daemon=True)
                self._worker.start()

    def finish(self) -> None:
        """Wait until nothing is left to be counted."""
        with self._lock:
            worker = self._worker
        if worker is not None:
            worker.join()

    def _work(self) -> None:
        try:
            self._count_all()
        except BaseException:
            with self._lock:
                self._worker = None  # the next who asks starts another
            raise

    def _count_all(self) -> None:
        while True:
            with self._lock:
                if not self._asked:
                    self._worker = None
                    return
                study_id, physician_id = self._asked.popleft()
            try:
                self._count(study_id, physician_id)
            except (SQLAlchemyError, Problem, NotFlushed) as error:
                # The old count stands until it is next asked for.
                log.warning("not counted", study=study_id, exc_info=error)

    def _count(self, study_id: int, physician_id: int) -> None:
        with self._sessions() as session:
            # Counting takes long, so it holds no lock.
            session.connection(execution_options={"sqlite_begin": "DEFERRED"})
            counted = hands.count(session, study_id=study_id, physician_id=physician_id)
        with self._sessions.begin() as session:
            hands.keep_count(session, counted, study_id=study_id, physician_id=physician_id)
