"""Studies and who takes part in them."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.tables import User
from app.db.base import Base
from app.db.types import Json, Name, Sha256, Utc, UtcDateTime, Word


class Study(Base):
    """Films, physicians, networks and a protocol. ``key`` stands in addresses, ``id`` never does.

    ``seed`` is the secret from which orders and slots are drawn; it is stored, so they can be
    drawn again.
    """

    __tablename__ = "studies"
    __table_args__ = (UniqueConstraint("key"), UniqueConstraint("name"))

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[Word]
    name: Mapped[Name]
    stage: Mapped[int]
    state: Mapped[Word]
    protocol: Mapped[Json]
    networks: Mapped[list[str]] = mapped_column(JSON)
    seed: Mapped[Sha256]
    created_at: Mapped[Utc]
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    locked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Member(Base):
    """A user's one role in a study. The key allows only one, so an admin cannot vote there."""

    __tablename__ = "members"

    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    role: Mapped[Word]

    user: Mapped[User] = relationship()
    study: Mapped[Study] = relationship()
