"""Column types that hold on SQLite and PostgreSQL alike."""

from datetime import UTC, datetime
from typing import Annotated, Any

from sqlalchemy import JSON, DateTime, Dialect, String, TypeDecorator
from sqlalchemy.orm import mapped_column


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time. SQLite has no zones, so it is given back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a time without zone: it would be read as another time elsewhere."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Return the stored time, aware."""
        if value is None:
            return None
        stored: datetime = value
        return stored.replace(tzinfo=UTC) if stored.tzinfo is None else stored.astimezone(UTC)


Sha256 = Annotated[str, mapped_column(String(64))]
"""A sha256 in lower-case hexadecimal."""

Name = Annotated[str, mapped_column(String(200))]
Word = Annotated[str, mapped_column(String(40))]
Utc = Annotated[datetime, mapped_column(UtcDateTime)]
Json = Annotated[dict[str, Any], mapped_column(JSON)]
