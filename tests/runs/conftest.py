"""A kind of run whose work is easy to count: one row for each item, once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.tables import LoginAttempt
from app.clock import FixedClock
from app.db.engine import session_factory
from app.problems import Problem
from app.runs.execute import Hands
from app.runs.kinds import Item, Kind, RunContext


@dataclass
class Counting:
    """Writes a row named after each item. ``break_at`` makes it fail there, ``error`` how."""

    break_at: str | None = None
    error: BaseException = field(default_factory=lambda: Problem("The film is torn."))
    worked: list[Item] = field(default_factory=list)

    def plan(self, session: Session, study_id: int | None, arguments: dict[str, Any]) -> list[Item]:
        names = [f"item-{number:03}" for number in range(arguments["count"])]
        there = set(rows(session))
        return [name for name in names if name not in there]

    def work(self, context: RunContext) -> None:
        for done, item in enumerate(context.items, start=1):
            if item == self.break_at:
                raise self.error
            with context.sessions.begin() as session:
                if item not in rows(session):
                    session.add(LoginAttempt(subject=item, at=context.clock.now()))
            self.worked.append(item)
            context.progress(done)


def rows(session: Session) -> Sequence[str]:
    return session.scalars(select(LoginAttempt.subject).order_by(LoginAttempt.subject)).all()


@pytest.fixture
def counting() -> Counting:
    return Counting()


@pytest.fixture
def sessions(engine: Engine) -> sessionmaker[Session]:
    return session_factory(engine)


@pytest.fixture
def hands(sessions: sessionmaker[Session], counting: Counting, clock: FixedClock) -> Hands:
    kinds = {"counting": Kind(plan=counting.plan, work=counting.work, chunk=4)}
    return Hands(sessions, kinds=kinds, clock=clock)
