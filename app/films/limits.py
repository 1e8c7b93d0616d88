"""How large a file and a film may be. Both hold before anything is decoded."""

from dataclasses import dataclass
from typing import Self

from app.films.refusals import BadHeader, TooManyBytes, TooManyPixels


@dataclass(frozen=True)
class Limits:
    """Largest file in bytes (packed and unpacked), largest film in pixels."""

    max_bytes: int = 128 * 1024 * 1024
    max_pixels: int = 64_000_000

    @classmethod
    def default(cls) -> Self:
        """Return the limits of an installation that sets none."""
        return cls()

    def check_bytes(self, size: int) -> None:
        """Raise `TooManyBytes` if a file of ``size`` bytes is too large."""
        if size > self.max_bytes:
            raise TooManyBytes(
                "The file holds {size} MB; the limit is {limit} MB.",
                size=megabytes(size),
                limit=megabytes(self.max_bytes),
            )

    def check_pixels(self, rows: int, columns: int) -> None:
        """Raise `TooManyPixels` or `BadHeader` if ``rows`` by ``columns`` cannot be taken."""
        if rows < 1 or columns < 1:
            raise BadHeader(
                "The header says {rows} rows and {columns} columns.", rows=rows, columns=columns
            )
        if rows * columns > self.max_pixels:
            raise TooManyPixels(
                "The header says {rows} by {columns} pixels; the limit is {limit} million.",
                rows=rows,
                columns=columns,
                limit=self.max_pixels / 1e6,
            )


def megabytes(size: int) -> float:
    """Return ``size`` in bytes as a person reads it, in MB."""
    return round(size / 1024 / 1024, 1)
