"""Settlements."""

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.types import Json, Utc, Word


class Settlement(Base):
    """What one case came to, and from which votes it can be computed again."""

    __tablename__ = "settlements"
    __table_args__ = (UniqueConstraint("film_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id"), index=True)
    film_id: Mapped[int] = mapped_column(ForeignKey("films.id"))
    rule: Mapped[Json]
    outcome: Mapped[Word]
    candidate_id: Mapped[int | None] = mapped_column(ForeignKey("candidates.id"))
    drawing_id: Mapped[int | None] = mapped_column(ForeignKey("drawings.id"))
    votes_used: Mapped[list[int]] = mapped_column(JSON)
    agreement: Mapped[float | None]
    settled_at: Mapped[Utc]
    version: Mapped[Word]
