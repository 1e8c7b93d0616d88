"""Tokens of programs."""

import secrets
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.signin import digest
from app.accounts.tables import ApiToken, User
from app.clock import Clock
from app.problems import NotFound, Problem

PREFIX = "mb_"


class TokenRefused(Problem):
    """The request carries no token that counts."""

    code = "token-refused"
    status = 401


def add_token(session: Session, *, user: User, title: str, clock: Clock) -> str:
    """Make a token for ``user`` and return it: the only time it can be read."""
    token = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(
        token_sha256=digest(token),
        user_id=user.id,
        title=title.strip()[:200] or "token",
        created_at=clock.now(),
    )
    session.add(row)
    return token


def user_of_token(session: Session, *, token: str) -> User:
    """Return whose token it is. Raises `TokenRefused`."""
    query = (
        select(User)
        .join(ApiToken, ApiToken.user_id == User.id)
        .where(ApiToken.token_sha256 == digest(token), ApiToken.revoked_at.is_(None))
        .where(User.disabled.is_(False))
    )
    user = session.scalar(query)
    if user is None:
        raise TokenRefused(
            "The token is unknown or was revoked.", cure="Make one on your account page."
        )
    return user


def own_tokens(session: Session, *, user: User) -> Sequence[ApiToken]:
    """Return the tokens of ``user``, newest first."""
    query = select(ApiToken).where(ApiToken.user_id == user.id).order_by(ApiToken.id.desc())
    return session.scalars(query).all()


def revoke(session: Session, *, user: User, token_id: int, clock: Clock) -> None:
    """Revoke an own token. Raises `NotFound` for anyone else's."""
    row = session.scalar(
        select(ApiToken).where(ApiToken.id == token_id, ApiToken.user_id == user.id)
    )
    if row is None:
        raise NotFound("There is no such token of yours.")
    row.revoked_at = row.revoked_at or clock.now()
