"""Two worlds and named people: what one study's people may see, the other's may not."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from app.accounts import passwords, signin, tokens
from app.accounts.roles import Role
from app.accounts.tables import User
from app.accounts.users import user_named
from app.blobs.store import BlobStore
from app.clock import FixedClock
from app.db.engine import make_engine, session_factory
from app.settings import Settings
from app.web.cookies import sealed
from app.web.house import House
from app.web.main import create_app
from tests.support.factory import NETWORKS, PASSWORD, START, World, hashed_once, make_world
from tests.support.tiny_networks import add_network

NOBODY = "nobody"
BASE = "http://testserver"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@dataclass
class Town:
    """A house with two open studies, *alpha* and *beta*, each with an admin and three physicians.

    Two more people take part in neither: *lonely*, an admin, and *stranger*, a physician.
    """

    app: FastAPI
    house: House
    clock: FixedClock
    alpha: World
    beta: World

    def visitor(self, name: str = NOBODY, *, crash: bool = False) -> TestClient:
        """A browser in which ``name`` is signed in; ``crash`` answers errors of ours with 500."""
        client = TestClient(
            self.app,
            base_url=BASE,
            raise_server_exceptions=not crash,
            follow_redirects=False,
            headers={"accept": "text/html"},
        )
        if name != NOBODY:
            token = self._token(name, signin.open_session, hours=12)
            client.cookies.set("maskballot", sealed(self.house, token))
        return client

    def program(self, name: str) -> TestClient:
        """A program with a token of ``name``."""
        client = TestClient(self.app, base_url=BASE, follow_redirects=False)
        token = self._token(name, tokens.add_token, title="for tests")
        client.headers["authorization"] = f"Bearer {token}"
        return client

    def _token(self, name: str, make: Callable[..., str], **named: object) -> str:
        with self.house.sessions.begin() as session:
            user = user_named(session, name)
            return make(session, user=user, clock=self.clock, **named)

    def look(self) -> Session:
        """A database session to look at what came of a request."""
        return self.house.sessions()


@dataclass
class Template:
    """The two worlds as they are at the start of every test; made once, copied for each."""

    database: Path
    blobs: BlobStore
    alpha: World
    beta: World


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of three tiny networks, named as the studies' are."""
    folder = tmp_path_factory.mktemp("networks") / "models"
    for name in NETWORKS:
        add_network(folder, name)
    return folder


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords quickly: that argon2 is slow enough is shown in `tests/accounts`."""
    monkeypatch.setattr(passwords, "_hasher", QUICK)
    monkeypatch.setattr(passwords, "_NOBODY", QUICK.hash("nobody's password"))


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Template:
    """The two worlds and the two outsiders."""
    path = tmp_path_factory.mktemp("town") / "town.sqlite"
    shutil.copyfile(sqlite_template, path)
    engine, blobs = make_engine(f"sqlite:///{path}"), BlobStore("memory://")
    with session_factory(engine).begin() as session:
        alpha, beta = populate(session, blobs)
    with engine.connect() as connection:
        connection.execute(text("COMMIT"))
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    engine.dispose()
    return Template(path, blobs, alpha, beta)


def populate(session: Session, blobs: BlobStore) -> tuple[World, World]:
    """Add the two worlds and the two outsiders."""
    alpha = make_world(session, blobs, name="alpha", films=3)
    beta = make_world(session, blobs, name="beta", films=2, seed="be7a" * 16)
    add_outsider(session, "lonely", Role.ADMIN)
    add_outsider(session, "stranger", Role.PHYSICIAN)
    session.execute(update(User).values(password_hash=QUICK.hash(PASSWORD)))
    session.expunge_all()
    return alpha, beta


def add_outsider(session: Session, name: str, role: Role) -> None:
    """Add someone who takes part in no study."""
    session.add(
        User(
            name=name,
            full_name=f"Dr. {name.title()}",
            role=role,
            password_hash=hashed_once(),
            created_at=START,
        )
    )


@pytest.fixture
def house(home: Path, tmp_path: Path, template: Template, models: Path) -> Iterator[House]:
    """A house of the test's own, with a clock that stands still."""
    path = tmp_path / "test.sqlite"
    shutil.copyfile(template.database, path)
    settings = Settings(home=home, database_url=f"sqlite:///{path}", models=models)
    built = House(
        settings=settings,
        clock=FixedClock(START),
        blobs=template.blobs,
        engine=make_engine(settings.database),
        reader=make_engine(settings.reader_database, reading=True),
    )
    yield built
    built.engine.dispose()
    built.reader.dispose()


@pytest.fixture
def town(house: House, template: Template) -> Town:
    """The two worlds, and the application that serves them."""
    clock = house.clock
    assert isinstance(clock, FixedClock)
    return Town(create_app(house), house, clock, template.alpha, template.beta)
