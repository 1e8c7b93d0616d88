"""Runs and the chunks that they are cut into."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.tables import User
from app.db.base import Base
from app.db.types import Json, Utc, UtcDateTime, Word
from app.studies.tables import Study


class Run(Base):
    """One piece of work in the background. ``done`` and ``total`` count items, films mostly.

    ``error`` is what it has to say, in English, a line each; ``told`` the same, to be said in
    another language. Runs of older releases have no ``told``.
    """

    __tablename__ = "runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Word]
    study_id: Mapped[int | None] = mapped_column(ForeignKey(Study.id), index=True)
    arguments: Mapped[Json]
    state: Mapped[Word] = mapped_column(index=True)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    created_by: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    created_at: Mapped[Utc]
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    heartbeat_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str | None] = mapped_column(Text)
    told: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))


class RunChunk(Base):
    """Some items of a run; ``claim`` proves who holds it, ``heartbeat_at`` that they live."""

    __tablename__ = "run_chunks"
    __table_args__ = (Index("ix_run_chunks_run_id_state", "run_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"))
    items: Mapped[list[Any]] = mapped_column(JSON)
    state: Mapped[Word]
    done: Mapped[int] = mapped_column(default=0)
    claim: Mapped[Word | None]
    heartbeat_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
