"""Signing in and out, and the limit on guesses."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.orm import Session

from app.accounts import passwords
from app.accounts.tables import LoginAttempt, User, UserSession
from app.clock import Clock
from app.problems import Problem

ATTEMPTS = 10
WITHIN = timedelta(minutes=10)

# Asked by every request, so put together once.
_SIGNED_IN = (
    select(User)
    .join(UserSession, UserSession.user_id == User.id)
    .where(UserSession.token_sha256 == bindparam("token"))
    .where(UserSession.expires_at > bindparam("now"))
    .where(User.disabled.is_(False))
)


class SignInRefused(Problem):
    """Name and password do not belong together; which of them is wrong is not said."""

    code = "sign-in-refused"
    status = 401


class TooManyAttempts(Problem):
    """Too many guesses; the door stays shut for a while."""

    code = "too-many-attempts"
    status = 429


def digest(token: str) -> str:
    """Return the sha256 under which a token is kept; a stolen database opens no door."""
    return hashlib.sha256(token.encode()).hexdigest()


def check_password(
    session: Session, *, name: str, password: str, address: str, clock: Clock
) -> User:
    """Return the user. Raises `TooManyAttempts`, or `SignInRefused` after noting the attempt.

    The caller commits in either case: a failed attempt that is rolled back is not counted.
    """
    name = name.strip().lower()[:80]
    subjects = (f"name:{name}", f"address:{address}")
    _refuse_guessing(session, subjects, clock)
    user = session.scalar(select(User).where(User.name == name))
    known = user.password_hash if user and not user.disabled else None
    if not passwords.verify(password, known) or user is None:
        session.add_all(LoginAttempt(subject=subject, at=clock.now()) for subject in subjects)
        raise SignInRefused("The name or the password is wrong.", cure="Try again.")
    session.execute(delete(LoginAttempt).where(LoginAttempt.subject == subjects[0]))
    return user


def _refuse_guessing(session: Session, subjects: tuple[str, str], clock: Clock) -> None:
    since = clock.now() - WITHIN
    session.execute(delete(LoginAttempt).where(LoginAttempt.at < since))
    for subject, most in zip(subjects, (ATTEMPTS, ATTEMPTS * 5), strict=True):
        query = select(func.count()).where(LoginAttempt.subject == subject)
        if (session.scalar(query) or 0) >= most:
            raise TooManyAttempts(
                "Too many failed attempts to sign in.", cure="Wait ten minutes and try again."
            )


def open_session(session: Session, *, user: User, hours: int, clock: Clock) -> str:
    """Return a fresh token for a cookie; the row keeps only its digest."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    row = UserSession(
        token_sha256=digest(token),
        user_id=user.id,
        created_at=now,
        expires_at=now + timedelta(hours=hours),
    )
    session.add(row)
    return token


def user_of_session(session: Session, *, token: str, clock: Clock) -> User | None:
    """Return whose cookie it is, or nobody."""
    return session.scalar(_SIGNED_IN, {"token": digest(token), "now": clock.now()})


def close_session(session: Session, *, token: str) -> None:
    """Sign one browser out."""
    session.execute(delete(UserSession).where(UserSession.token_sha256 == digest(token)))
