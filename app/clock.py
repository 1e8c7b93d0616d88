"""Time is handed in, so that every screen can be made again."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Anything that tells the time."""

    def now(self) -> datetime:
        """Return the present as an aware UTC time."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the machine's time, UTC."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands until it is told to move; for tests and for the swap test."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        """Return the time the clock stands at."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Move the clock on by ``seconds``."""
        self._now += timedelta(seconds=seconds)
