"""What the admin's pages of accounts show."""

from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import quote

from app.accounts.tables import User
from app.web.pages.admin.confirming import ConfirmPage
from app.web.paging import Paging
from app.web.words import when
from app.words.speaking import _


@dataclass(frozen=True)
class AccountRow:
    """One account in the list; ``address`` is where its acts are found."""

    name: str
    full_name: str
    role: str
    disabled: bool
    made: str
    address: str
    own: bool


@dataclass(frozen=True)
class AccountsPage:
    """All accounts. ``secret_of`` and ``secret`` are shown once, in the answer to their making."""

    template: ClassVar[str] = "admin/accounts.html"

    rows: list[AccountRow]
    paging: Paging
    done: str = ""
    refused: str = ""
    name: str = ""
    full_name: str = ""
    role: str = "physician"
    secret_of: str = ""
    secret: str = ""


def address_of(user: User) -> str:
    """Return the address below which ``user``'s acts stand."""
    return f"/admin/accounts/{quote(user.name, safe='')}"


def account_row(user: User, *, seen_by: User) -> AccountRow:
    """Return what the list shows of ``user``."""
    return AccountRow(
        name=user.name,
        full_name=user.full_name,
        role=user.role,
        disabled=user.disabled,
        made=when(user.created_at),
        address=address_of(user),
        own=user.id == seen_by.id,
    )


def confirm_reset(user: User) -> ConfirmPage:
    """Ask before a password is reset."""
    return ConfirmPage(
        title=_("Reset the password of {name}?", name=user.full_name),
        words=[
            _("A new random password is made and shown once; the present one stops working."),
            _(
                "Everywhere they are signed in, they are signed out. Answers that wait in their "
                "browser are kept there until they sign in again."
            ),
        ],
        action=f"{address_of(user)}/reset",
        label=_("Reset the password"),
        back="/admin/accounts",
        kind="danger",
    )


def confirm_disable(user: User) -> ConfirmPage:
    """Ask before an account is shut."""
    return ConfirmPage(
        title=_("Shut out {name}?", name=user.full_name),
        words=[
            _("They are signed out everywhere, and their tokens stop working."),
            _("Nothing they did is lost, and you can let them in again."),
        ],
        action=f"{address_of(user)}/disable",
        label=_("Shut out"),
        back="/admin/accounts",
        kind="danger",
    )
