"""Accounts: listed, made, given a new password, shut out and let in again."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.accounts import passwords, users
from app.accounts.roles import Role
from app.accounts.tables import User
from app.problems import Problem
from app.web.fields import Line
from app.web.house import House
from app.web.pages.admin import accounts_views as views
from app.web.pages.admin.confirming import ConfirmPage
from app.web.paging import Paging
from app.web.render import render
from app.web.security import Admin, Full, HouseDep
from app.words import N_
from app.words.speaking import _, told

router = APIRouter(prefix="/admin/accounts", include_in_schema=False)

DONE = {"disabled": N_("The account was shut."), "enabled": N_("The account is open again.")}


class AccountForm(BaseModel):
    """A new account."""

    name: Line = ""
    full_name: Line = ""
    role: Role = Role.PHYSICIAN


def named_account(
    name: Annotated[str, Path(pattern=f"^{users.NAME.pattern}$")], admin: Admin, session: Full
) -> User:
    """The account that an admin's request names. Raises `NotFound`."""
    return users.user_named(session, name)


Named = Annotated[User, Depends(named_account, scope="function")]
PageNumber = Annotated[int, Query(ge=1, le=10_000_000)]


@router.get("")
def show_accounts(
    request: Request, admin: Admin, session: Full, page: PageNumber = 1, done: str = ""
) -> Response:
    """Show one page of the accounts."""
    return _accounts(request, session, admin, number=page, done=_(DONE.get(done, "")))


def _accounts(
    request: Request,
    session: Session,
    admin: User,
    *,
    number: int = 1,
    done: str = "",
    form: AccountForm | None = None,
    refused: Problem | None = None,
    secret: tuple[User, str] | None = None,
) -> Response:
    paging = Paging(total=users.count_users(session), number=number, address="/admin/accounts")
    rows, _total = users.list_users(session, offset=paging.offset, limit=paging.size)
    form = form or AccountForm()
    shown = views.AccountsPage(
        rows=[views.account_row(user, seen_by=admin) for user in rows],
        paging=paging,
        done=done,
        refused=told(refused) if refused else "",
        name=form.name,
        full_name=form.full_name,
        role=form.role,
        secret_of=f"{secret[0].full_name} ({secret[0].name})" if secret else "",
        secret=secret[1] if secret else "",
    )
    status = refused.status if refused else 200
    return render(request, views.AccountsPage.template, shown, status=status)


@router.post("")
def make_account(
    request: Request,
    form: Annotated[AccountForm, Form()],
    admin: Admin,
    house: HouseDep,
    session: Full,
) -> Response:
    """Make an account and show its random password, this once."""
    password = passwords.generate()
    try:
        user = users.add_user(
            session,
            name=form.name,
            full_name=form.full_name,
            role=form.role,
            password=password,
            clock=house.clock,
        )
    except users.UserRefused as refused:
        return _accounts(request, session, admin, form=form, refused=refused)
    _note(session, house, admin, "account-made", user)
    return _accounts(request, session, admin, secret=(user, password))


def _note(session: Session, house: House, admin: User, action: str, account: User) -> None:
    users.record(
        session,
        user=admin,
        action=action,
        subject=account.name,
        detail=account.role,
        clock=house.clock,
    )


@router.get("/{name}/reset")
def ask_reset(request: Request, account: Named) -> Response:
    """Ask before a password is reset."""
    return render(request, ConfirmPage.template, views.confirm_reset(account))


@router.post("/{name}/reset")
def reset_password(
    request: Request, account: Named, admin: Admin, house: HouseDep, session: Full
) -> Response:
    """Give the account a random password and show it, this once."""
    password = passwords.generate()
    users.set_password(session, user=account, password=password, clock=house.clock)
    _note(session, house, admin, "password-reset", account)
    return _accounts(request, session, admin, secret=(account, password))


@router.get("/{name}/disable")
def ask_disable(request: Request, account: Named) -> Response:
    """Ask before an account is shut."""
    return render(request, ConfirmPage.template, views.confirm_disable(account))


@router.post("/{name}/disable")
def disable(account: Named, admin: Admin, house: HouseDep, session: Full) -> Response:
    """Shut an account; never one's own, so that somebody can always let others in."""
    if account.id == admin.id:
        raise users.UserRefused(
            "You cannot shut your own account.", cure="Another admin can do that."
        )
    users.set_disabled(session, user=account, disabled=True, clock=house.clock)
    _note(session, house, admin, "account-disabled", account)
    return RedirectResponse("/admin/accounts?done=disabled", status_code=303)


@router.post("/{name}/enable")
def enable(account: Named, admin: Admin, house: HouseDep, session: Full) -> Response:
    """Let an account in again."""
    users.set_disabled(session, user=account, disabled=False, clock=house.clock)
    _note(session, house, admin, "account-enabled", account)
    return RedirectResponse("/admin/accounts?done=enabled", status_code=303)
