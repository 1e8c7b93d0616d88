"""What a running web process holds: settings, clock, engines, blobs. Made once, handed in."""

from dataclasses import dataclass
from functools import cached_property

from fastapi import Request
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from app.blobs.store import BlobStore, open_store
from app.clock import Clock, SystemClock
from app.db.engine import make_engine, session_factory
from app.settings import Settings
from app.web.counting import Counting


@dataclass(frozen=True)
class House:
    """The parts that requests share."""

    settings: Settings
    clock: Clock
    blobs: BlobStore
    engine: Engine
    reader: Engine

    @cached_property
    def sessions(self) -> sessionmaker[Session]:
        """Database sessions that may read everything: for admins' requests."""
        return session_factory(self.engine)

    @cached_property
    def reading_sessions(self) -> sessionmaker[Session]:
        """Database sessions that cannot read origins: for everyone else's requests."""
        return session_factory(self.reader)

    @cached_property
    def counting(self) -> Counting:
        """What counts, aside of requests, how much is left for each reader."""
        return Counting(self.reading_sessions)


def build_house(settings: Settings, *, clock: Clock | None = None) -> House:
    """Open engines and blobs as ``settings`` say."""
    return House(
        settings=settings,
        clock=clock or SystemClock(),
        blobs=open_store(settings),
        engine=make_engine(settings.database),
        reader=make_engine(settings.reader_database, reading=True),
    )


async def house_of(request: Request) -> House:  # async: it needs no thread
    """Return the house of the application that answers ``request``."""
    house: House = request.app.state.house
    return house
