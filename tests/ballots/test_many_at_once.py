"""Many readers at once, as `scripts/deal_many.py` lets them: here a few, there hundreds."""

import time

from sqlalchemy import select

from app.accounts.tables import User
from app.db.engine import make_engine, session_factory
from scripts.deal_many import Asked, broken, found, numbers, read_at_once

ASKED = Asked(films=12, readers=10, places=4)


def test_no_promise_is_broken(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    with session_factory(engine).begin() as session:
        found(session, ASKED)
        readers = session.scalars(select(User.id)).all()
    read_at_once(sqlite_url, readers, until=time.monotonic() + 600)
    with session_factory(engine)() as session:
        assert numbers(session)["choice, repeat 0"] >= ASKED.films * ASKED.places
        assert numbers(session)["places still open"] == 0
        assert set(broken(session, ASKED).values()) == {0}
    engine.dispose()
