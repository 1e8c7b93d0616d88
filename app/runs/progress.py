"""How quick a run is and how long it will take. Pure."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Pace:
    """``rate`` in items a second; ``seconds_left`` is None as long as nothing can be said."""

    done: int
    total: int
    rate: float
    seconds_left: float | None

    @property
    def share(self) -> float:
        """Return the part that is done, 0 to 1; a run of nothing is done."""
        return self.done / self.total if self.total else 1.0


def pace(*, done: int, total: int, started_at: datetime | None, now: datetime) -> Pace:
    """Return the mean pace since the start."""
    elapsed = (now - started_at).total_seconds() if started_at else 0.0
    rate = done / elapsed if elapsed > 0 else 0.0
    left = max(total - done, 0)
    if left == 0:
        return Pace(done, total, rate, 0.0)
    return Pace(done, total, rate, left / rate if rate > 0 else None)
