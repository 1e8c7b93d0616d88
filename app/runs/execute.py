"""Doing the work of runs: in a thread of the web process, in a command, or in a worker."""

import logging
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session, sessionmaker

from app.clock import Clock
from app.problems import Problem
from app.runs import chunks
from app.runs.chunks import Claim
from app.runs.kinds import Kinds, RunContext, RunEnded
from app.runs.runs import cancel
from app.runs.states import UNFINISHED
from app.runs.tables import Run

log = logging.getLogger(__name__)

Show = Callable[[int, int], None]
"""Called with items done and items in all."""


class Hands:
    """Something that works on runs. ``stop`` makes it leave after the item in hand."""

    def __init__(self, sessions: sessionmaker[Session], *, kinds: Kinds, clock: Clock) -> None:
        self.sessions = sessions
        self.kinds = kinds
        self.clock = clock
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Leave after the item in hand; the chunk is free for others at once."""
        self._stopping.set()

    def plan(self, run_id: int) -> int:
        """Plan a queued run and return how many chunks; 0 if it was planned, is empty or failed."""
        try:
            with self.sessions.begin() as session:
                return chunks.plan(session, run_id, kinds=self.kinds, clock=self.clock)
        except Problem as problem:
            reason = problem
        except Exception:
            reason = _unexpected(run_id)
        self._fail(run_id, reason)
        return 0

    def work(self, run_id: int, *, show: Show | None = None) -> bool:
        """Take one chunk of the run and do it; False where there was none to take."""
        with self.sessions.begin() as session:
            claim = chunks.take(session, run_id, clock=self.clock)
        if claim is None:
            return False
        try:
            with self._beating(claim):
                self._do(claim, show)
        except RunEnded:
            self._give_back(claim)
        except Problem as problem:
            self._fail(run_id, problem)
        except Exception:
            self._fail(run_id, _unexpected(run_id))
        except BaseException:
            self._give_back(claim)
            raise
        return True

    def work_through(self, run_id: int, *, show: Show | None = None) -> None:
        """Plan the run if nobody has, and do chunks of it until none is free."""
        self.plan(run_id)
        while not self._stopping.is_set() and self.work(run_id, show=show):
            pass

    def _do(self, claim: Claim, show: Show | None) -> None:
        with self.sessions.begin() as session:
            run = session.get_one(Run, claim.run_id)
            kind, study_id, arguments = run.kind, run.study_id, run.arguments

        def progress(done: int) -> None:
            with self.sessions.begin() as session:
                wanted = chunks.report(session, claim, done=done, clock=self.clock)
                run = session.get_one(Run, claim.run_id)
                counted = run.done, run.total
            if show:
                show(*counted)
            if self._stopping.is_set() or not wanted:
                raise RunEnded

        def note(problem: Problem, of: str) -> None:
            with self.sessions.begin() as session:
                chunks.note(session, claim.run_id, problem=problem, of=of)

        context = RunContext(
            study_id=study_id,
            arguments=arguments,
            items=claim.items,
            sessions=self.sessions,
            clock=self.clock,
            progress=progress,
            note=note,
        )
        self.kinds[kind].work(context)
        with self.sessions.begin() as session:
            chunks.finish(session, claim, clock=self.clock)

    @contextmanager
    def _beating(self, claim: Claim) -> Iterator[None]:
        # A single film may take long; whether its taker lives must not hang on that.
        over = threading.Event()

        def beat() -> None:
            while not over.wait(chunks.BEAT_SECONDS):
                try:
                    with self.sessions.begin() as session:
                        chunks.report(session, claim, done=None, clock=self.clock)
                except Exception:
                    log.warning("run %s: a heartbeat was lost", claim.run_id, exc_info=True)

        thread = threading.Thread(target=beat, name=f"heartbeat of run {claim.run_id}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _give_back(self, claim: Claim) -> None:
        with self.sessions.begin() as session:
            chunks.give_back(session, claim)

    def _fail(self, run_id: int, reason: Problem) -> None:
        with self.sessions.begin() as session:
            chunks.fail(session, run_id, reason=reason, clock=self.clock)


class Executor(threading.Thread):
    """The web process's own hands: a thread that does whatever run has something to do."""

    def __init__(self, hands: Hands, *, look_every: float = 1.0) -> None:
        super().__init__(name="runs", daemon=True)
        self._hands = hands
        self._look_every = look_every
        self._over = threading.Event()

    def run(self) -> None:
        """Look for work until `close`."""
        while not self._over.is_set():
            try:
                for run_id in self._waiting():
                    self._hands.work_through(run_id)
            except Exception:
                log.exception("the runs' thread goes on after an error")
            self._over.wait(self._look_every)

    def close(self, *, seconds: float = 30) -> None:
        """Stop after the item in hand and wait for that."""
        self._over.set()
        self._hands.stop()
        self.join(seconds)

    def _waiting(self) -> list[int]:
        with self._hands.sessions() as session:
            # Looking must not wait for a writer, nor make one wait.
            session.connection(execution_options={"sqlite_begin": "DEFERRED"})
            return list(chunks.has_work(session, clock=self._hands.clock))


def run_now(hands: Hands, run_id: int, *, show: Show) -> Run:
    """Work on the run here and now until it is over, beside whoever else does; return it.

    Ctrl-C cancels the run, so that nobody else goes on with what a person stopped.
    """
    pause = threading.Event()
    try:
        while True:
            hands.work_through(run_id, show=show)
            with hands.sessions.begin() as session:
                run = session.get_one(Run, run_id)
            show(run.done, run.total)
            if run.state not in UNFINISHED:
                return run
            pause.wait(0.5)
    except KeyboardInterrupt:
        with hands.sessions.begin() as session:
            cancel(session, session.get_one(Run, run_id), clock=hands.clock)
        raise


def _unexpected(run_id: int) -> Problem:
    reference = secrets.token_hex(4)
    log.exception("run %s failed, reference %s", run_id, reference)
    return Problem(
        "An unexpected error; the log has it under the reference {reference}.", reference=reference
    )
