"""Numbers and times as a person reads them, in the language of the answer."""

from datetime import datetime

from app.words.speaking import dated, decimal

MINUTE = 60
HOUR = 60 * MINUTE


def when(time: datetime | None) -> str:
    """Return ``time`` (aware, UTC) as "23 Nov 2026, 14:02 UTC", or a dash."""
    return dated(time) if time else "–"


def how_long(seconds: float) -> str:
    """Return a length of time in the one or two units that matter."""
    whole = max(0, round(seconds))
    if whole < MINUTE:
        return f"{whole} s"
    if whole < HOUR:
        return f"{whole // MINUTE} min {whole % MINUTE} s"
    return f"{whole // HOUR} h {whole % HOUR // MINUTE} min"


def size(bytes_: int) -> str:
    """Return a number of bytes in the unit that fits, in steps of 1024."""
    amount = float(bytes_)
    for unit in ("bytes", "KiB", "MiB"):
        if amount < 1024:
            return f"{amount:.0f} {unit}"
        amount /= 1024
    return f"{decimal(amount, 1)} GiB"
