"""Exports that were made."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.types import Sha256, Utc, Word


class Export(Base):
    """One export; ``manifest_sha256`` says whether a folder is still the one that was written."""

    __tablename__ = "exports"

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id"), index=True)
    kind: Mapped[Word]
    films: Mapped[int]
    manifest_sha256: Mapped[Sha256]
    made_at: Mapped[Utc]
    version: Mapped[Word]
