"""A house with tiny networks, and one physician who asks it for maps."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.accounts import signin, tokens
from app.accounts.roles import Role
from app.accounts.tables import User
from app.accounts.users import user_named
from app.blobs.store import BlobStore
from app.clock import FixedClock
from app.db.engine import make_engine
from app.settings import Settings
from app.web.cookies import sealed
from app.web.house import House
from app.web.main import create_app
from tests.support import two_lungs
from tests.support.factory import START, hashed_once

NAME = "asker"
MOST_BYTES, MOST_PIXELS = 200_000, 40_000


@dataclass(frozen=True)
class Desk:
    """Where maps are asked for: by a program with a token, by a browser, by a stranger."""

    house: House
    program: TestClient
    browser: TestClient
    stranger: TestClient


@pytest.fixture
def desk(home: Path, sqlite_url: str, tmp_path: Path) -> Iterator[Desk]:
    """A house with small limits for films."""
    two_lungs.add_networks(tmp_path / "models")
    settings = Settings(
        home=home,
        database_url=sqlite_url,
        models=tmp_path / "models",
        max_film_bytes=MOST_BYTES,
        max_film_pixels=MOST_PIXELS,
    )
    house = House(
        settings=settings,
        clock=FixedClock(START),
        blobs=BlobStore("memory://"),
        engine=make_engine(settings.database),
        reader=make_engine(settings.reader_database, reading=True),
    )
    program, browser, stranger = (TestClient(create_app(house)) for _ in range(3))
    with house.sessions.begin() as session:
        session.add(
            User(
                name=NAME,
                full_name="Dr. Asker",
                role=Role.PHYSICIAN,
                password_hash=hashed_once(),
                created_at=START,
            )
        )
        session.flush()
        user = user_named(session, NAME)
        token = tokens.add_token(session, user=user, title="maps", clock=house.clock)
        cookie = signin.open_session(session, user=user, clock=house.clock, hours=12)
    program.headers["authorization"] = f"Bearer {token}"
    browser.cookies.set("maskballot", sealed(house, cookie))
    yield Desk(house, program, browser, stranger)
    house.engine.dispose()
    house.reader.dispose()
