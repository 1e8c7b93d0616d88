"""Users, sign-ins, tokens and the audit trail."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base
from app.db.types import Json, Name, Sha256, Utc, UtcDateTime, Word


class User(Base):
    """A person. ``role`` is what the account may do at most; a study's roles are in `Member`.

    ``language`` is a tag such as "de"; empty, the browser says what its reader reads.
    """

    __tablename__ = "users"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[Name]
    full_name: Mapped[Name]
    role: Mapped[Word]
    password_hash: Mapped[str] = mapped_column(String(200))
    disabled: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(16), default="", server_default="")
    created_at: Mapped[Utc]


class Preferences(Base):
    """What a person wants their pages to be like; no row as long as nothing was chosen.

    ``keys`` is a `KeySettings` as JSON; ``practised_at`` says that the practice round was done.
    """

    __tablename__ = "preferences"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    keys: Mapped[Json]
    practised_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class UserSession(Base):
    """One sign-in of one browser. A row, so that it can be revoked; only its digest is kept."""

    __tablename__ = "user_sessions"
    __table_args__ = (UniqueConstraint("token_sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_sha256: Mapped[Sha256]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[Utc]
    expires_at: Mapped[Utc]


class ApiToken(Base):
    """A program's key. Shown once; only its digest is kept."""

    __tablename__ = "api_tokens"
    __table_args__ = (UniqueConstraint("token_sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_sha256: Mapped[Sha256]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    title: Mapped[Name]
    created_at: Mapped[Utc]
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LoginAttempt(Base):
    """A failed sign-in, kept as long as it counts towards the limit."""

    __tablename__ = "login_attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(200), index=True)
    at: Mapped[Utc]


class AuditEvent(Base):
    """Who did what and when; append-only."""

    __tablename__ = "audit_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[Utc]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    action: Mapped[Word]
    subject: Mapped[Name]
    detail: Mapped[str] = mapped_column(Text, default="")
