"""Users: made, changed, shut out, and what they did."""

import re
from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.accounts import passwords
from app.accounts.roles import Role
from app.accounts.tables import AuditEvent, User, UserSession
from app.clock import Clock
from app.problems import NotFound, Problem

# Names stand in addresses, so none may look like a path.
NAME = re.compile(r"\w[\w.@+-]{0,79}")


class UserRefused(Problem):
    """The account cannot be made or changed so."""

    code = "user-refused"
    status = 422


def add_user(
    session: Session, *, name: str, full_name: str, role: Role, password: str, clock: Clock
) -> User:
    """Add an account. Raises `UserRefused` or `PasswordRefused`."""
    name = name.strip().lower()
    if not NAME.fullmatch(name):
        raise UserRefused(
            "A user's name has 1 to 80 letters or digits, and . _ - @ + within, but no spaces."
        )
    if session.scalar(select(User.id).where(User.name == name)) is not None:
        raise UserRefused(
            "There is already a user called {name}.", cure="Choose another name.", name=name
        )
    user = User(
        name=name,
        full_name=full_name.strip() or name,
        role=role,
        password_hash=passwords.hash_password(password),
        disabled=False,
        created_at=clock.now(),
    )
    session.add(user)
    session.flush()
    return user


def user_named(session: Session, name: str) -> User:
    """Return the user ``name``. Raises `NotFound`."""
    user = session.scalar(select(User).where(User.name == name.strip().lower()))
    if user is None:
        raise NotFound("There is no user called {name}.", name=name)
    return user


def count_users(session: Session) -> int:
    """Return how many users there are."""
    return session.scalar(select(func.count()).select_from(User)) or 0


def list_users(session: Session, *, offset: int = 0, limit: int = 50) -> tuple[Sequence[User], int]:
    """Return one page of users by name, and how many there are."""
    total = count_users(session)
    page = session.scalars(select(User).order_by(User.name).offset(offset).limit(limit))
    return page.all(), total


def users_of_role(session: Session, role: Role) -> Sequence[User]:
    """Return all users with ``role`` who are not shut out, by name."""
    query = select(User).where(User.role == role, User.disabled.is_(False)).order_by(User.name)
    return session.scalars(query).all()


def set_password(session: Session, *, user: User, password: str, clock: Clock) -> None:
    """Set a password and end every sign-in of the user, since one may be a thief's."""
    user.password_hash = passwords.hash_password(password)
    end_all_sessions(session, user=user, clock=clock)


def set_disabled(session: Session, *, user: User, disabled: bool, clock: Clock) -> None:
    """Shut a user out, or let them in again; nothing they did is lost."""
    user.disabled = disabled
    if disabled:
        end_all_sessions(session, user=user, clock=clock)


def set_language(session: Session, *, user: User, language: str) -> None:
    """Choose the language of the user's pages, by its tag; empty: as the browser asks for."""
    user.language = language
    session.flush()


def end_all_sessions(session: Session, *, user: User, clock: Clock) -> None:
    """End every sign-in of ``user``."""
    session.execute(
        update(UserSession)
        .where(UserSession.user_id == user.id, UserSession.expires_at > clock.now())
        .values(expires_at=clock.now())
    )


def record(
    session: Session,
    *,
    user: User | None,
    action: str,
    subject: str,
    clock: Clock,
    detail: str = "",
) -> None:
    """Write one line of the audit trail."""
    event = AuditEvent(
        at=clock.now(),
        user_id=user.id if user else None,
        action=action,
        subject=subject[:200],
        detail=detail,
    )
    session.add(event)
