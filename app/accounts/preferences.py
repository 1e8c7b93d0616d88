"""What a person wants their pages to be like: keys, and whether practice is behind them."""

from sqlalchemy.orm import Session

from app.accounts.keys import KeySettings
from app.accounts.tables import Preferences, User
from app.clock import Clock


def key_settings(session: Session, *, user: User) -> KeySettings:
    """Return the user's keys; the first preset where nothing was ever chosen."""
    row = session.get(Preferences, user.id)
    return KeySettings.model_validate(row.keys) if row else KeySettings()


def keep_key_settings(session: Session, *, user: User, settings: KeySettings) -> None:
    """Keep the user's keys in place of what they were."""
    _row(session, user).keys = settings.model_dump(mode="json")


def has_practised(session: Session, *, user: User) -> bool:
    """Say whether the practice round was done, or put aside for good."""
    row = session.get(Preferences, user.id)
    return row is not None and row.practised_at is not None


def note_practice(session: Session, *, user: User, clock: Clock) -> None:
    """Remember that the practice round was done, or is not wanted. Nothing else is kept of it."""
    row = _row(session, user)
    row.practised_at = row.practised_at or clock.now()


def _row(session: Session, user: User) -> Preferences:
    row = session.get(Preferences, user.id)
    if row is None:
        row = Preferences(user_id=user.id, keys={})
        session.add(row)
    return row
