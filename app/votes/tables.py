"""Votes and drawings. Both are append-only: a trigger refuses to change or delete a row."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base
from app.db.types import Sha256, Utc, UtcDateTime, Word


class Drawing(Base):
    """A mask drawn by a physician: 1-bit PNG at native size, in the database with its vote."""

    __tablename__ = "drawings"

    id: Mapped[int] = mapped_column(primary_key=True)
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballots.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    mask_png: Mapped[bytes] = mapped_column(LargeBinary)
    bits_sha256: Mapped[Sha256]
    area: Mapped[int]
    started_from: Mapped[Word]
    made_at: Mapped[Utc]


class Vote(Base):
    """One answer to one ballot; the newest of a ballot counts.

    ``guess_position`` is the slot that the physician took for hand-drawn, -1 for "don't know".
    ``reading_ms`` is how long the ballot was visible, ``paused_ms`` how long it was hidden;
    ``sitting`` is the position, from 1, in the sitting.
    """

    __tablename__ = "votes"
    __table_args__ = (UniqueConstraint("idempotency_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballots.id"), index=True)
    idempotency_key: Mapped[Word]
    request_sha256: Mapped[Sha256]
    answer: Mapped[Word]
    positions: Mapped[list[int]] = mapped_column(JSON)
    drawing_id: Mapped[int | None] = mapped_column(ForeignKey("drawings.id"))
    sure: Mapped[bool | None]
    comment: Mapped[str] = mapped_column(Text, default="")
    shown_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[Utc]
    protocol_version: Mapped[int]
    worst_position: Mapped[int | None]
    guess_position: Mapped[int | None]
    reading_ms: Mapped[int | None]
    paused_ms: Mapped[int | None]
    sitting: Mapped[int | None]

    drawing: Mapped[Drawing | None] = relationship()
