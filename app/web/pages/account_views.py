"""What the pages of one's own account show."""

from dataclasses import dataclass
from typing import ClassVar

from app.accounts import passwords
from app.accounts.roles import Role
from app.accounts.tables import ApiToken, User
from app.problems import Problem
from app.web.words import when
from app.words.catalogue import catalogues
from app.words.speaking import _, said


@dataclass(frozen=True)
class SignInPage:
    """The door. ``next`` is the local address to go on to; ``refused`` says why it stayed shut."""

    template: ClassVar[str] = "account/sign_in.html"

    next: str
    name: str = ""
    refused: str = ""


@dataclass(frozen=True)
class TokenRow:
    """One token of a program; its letters are never shown again."""

    id: int
    title: str
    made: str
    revoked: str


@dataclass(frozen=True)
class AccountPage:
    """Who one is, one's language, password and tokens.

    ``reads`` is true of physicians, who have keys; ``fresh_token`` is shown once, in the answer to
    its making; ``done`` and ``refused`` say what came of the last act.
    """

    template: ClassVar[str] = "account/account.html"

    name: str
    full_name: str
    role: str
    tokens: list[TokenRow]
    password_hint: str
    reads: bool
    language: str
    languages: list[tuple[str, str]]
    fresh_token: str = ""
    done: str = ""
    refused: str = ""


def token_row(token: ApiToken) -> TokenRow:
    """Return what is shown of ``token``."""
    revoked = when(token.revoked_at) if token.revoked_at else ""
    return TokenRow(token.id, token.title, when(token.created_at), revoked)


def account_page(
    user: User,
    tokens: list[ApiToken],
    *,
    fresh_token: str = "",
    done: str = "",
    refused: Problem | None = None,
) -> AccountPage:
    """Return the page of ``user``."""
    return AccountPage(
        name=user.name,
        full_name=user.full_name,
        role=user.role,
        tokens=[token_row(token) for token in tokens],
        password_hint=_(
            "{shortest} to {longest} characters; length is all that counts.",
            shortest=passwords.SHORTEST,
            longest=passwords.LONGEST,
        ),
        reads=user.role == Role.PHYSICIAN,
        language=user.language,
        languages=[(tag, one.name) for tag, one in catalogues().items()],
        fresh_token=fresh_token,
        done=done,
        refused=" ".join(said(refused)).strip() if refused else "",
    )
