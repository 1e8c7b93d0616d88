"""Signing in and out, and one's own account: password and tokens."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.accounts import signin, tokens, users
from app.accounts.passwords import PasswordRefused
from app.accounts.roles import Role
from app.accounts.tables import User
from app.problems import Problem
from app.web.cookies import drop_cookie, give_cookie, token_of
from app.web.errors import wants_json
from app.web.fields import FolderPath, Line, RowId
from app.web.house import House
from app.web.pages.account_views import AccountPage, SignInPage, account_page
from app.web.render import render
from app.web.security import HouseDep, Reading, SignedIn
from app.words import N_
from app.words.catalogue import catalogues
from app.words.speaking import _, said

router = APIRouter(include_in_schema=False)

HOMES = {Role.ADMIN: "/admin", Role.PHYSICIAN: "/"}
DONE = {
    "password": N_("The new password counts from now on. Everywhere else you were signed out."),
    "revoked": N_("The token was revoked; programs that send it are refused from now on."),
    "language": N_("The pages speak this language from now on."),
}


class SignInForm(BaseModel):
    """What the door asks for."""

    name: Line = ""
    password: Line = ""
    next: FolderPath = ""


class PasswordForm(BaseModel):
    """A change of one's own password."""

    current: Line = ""
    fresh: str = ""
    again: str = ""


class LanguageForm(BaseModel):
    """The tag of a language; empty for whatever the browser asks for."""

    tag: Line = ""


class TokenForm(BaseModel):
    """The name of a new token."""

    title: Line = ""


def local_path(address: str) -> str:
    """Return ``address`` if it is a path of this site, else nothing.

    Browsers read ``//`` and ``/\\`` as another host, and drop tabs and line ends before they look.
    """
    local = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if local and address.isprintable() else ""


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"


@router.get("/sign-in")
def door(request: Request, next: str = "") -> Response:
    """Show the door."""
    return render(request, SignInPage.template, SignInPage(next=local_path(next)))


@router.post("/sign-in")
def sign_in(
    request: Request, form: Annotated[SignInForm, Form()], house: HouseDep, session: Reading
) -> Response:
    """Open the door, or say that it stays shut."""
    try:
        user = signin.check_password(
            session,
            name=form.name,
            password=form.password,
            address=_address(request),
            clock=house.clock,
        )
    except (signin.SignInRefused, signin.TooManyAttempts) as refused:
        # Answered here and not raised, so that the noted attempt is committed.
        if wants_json(request):
            return JSONResponse({"title": " ".join(said(refused))}, status_code=refused.status)
        page = SignInPage(
            next=local_path(form.next), name=form.name[:80], refused=" ".join(said(refused))
        )
        return render(request, SignInPage.template, page, status=refused.status)
    users.record(session, user=user, action="signed-in", subject=user.name, clock=house.clock)
    return _enter(session, house, user, to=local_path(form.next))


def _enter(session: Session, house: House, user: User, *, to: str) -> Response:
    home = HOMES[Role(user.role)]
    response = RedirectResponse(home if to in ("", "/") else to, status_code=303)
    hours = house.settings.session_hours
    token = signin.open_session(session, user=user, hours=hours, clock=house.clock)
    give_cookie(response, house=house, token=token)
    return response


@router.post("/sign-out")
def sign_out(request: Request, house: HouseDep, session: Reading) -> Response:
    """Sign this browser out; one that is not signed in is out already."""
    signin.close_session(session, token=token_of(request, house))
    response = RedirectResponse("/sign-in", status_code=303)
    drop_cookie(response, house=house)
    return response


class Who(BaseModel):
    """Whose the session is: a page asks before it sends answers that it kept."""

    reader: str
    full_name: str


@router.get("/account/who")
def who(user: SignedIn) -> Who:
    """Say who is signed in."""
    return Who(reader=user.name, full_name=user.full_name)


@router.get("/account")
def show_account(request: Request, user: SignedIn, session: Reading, done: str = "") -> Response:
    """Show one's own account."""
    return _account(request, session, user, done=_(DONE.get(done, "")))


def _account(
    request: Request,
    session: Session,
    user: User,
    *,
    fresh_token: str = "",
    done: str = "",
    refused: Problem | None = None,
) -> Response:
    page = account_page(
        user,
        list(tokens.own_tokens(session, user=user)),
        fresh_token=fresh_token,
        done=done,
        refused=refused,
    )
    return render(request, AccountPage.template, page, status=refused.status if refused else 200)


@router.post("/account/password")
def change_password(
    request: Request,
    form: Annotated[PasswordForm, Form()],
    user: SignedIn,
    house: HouseDep,
    session: Reading,
) -> Response:
    """Change one's own password; guesses at the present one are limited like those at the door."""
    try:
        if form.fresh != form.again:
            raise PasswordRefused("The two new passwords differ.", cure="Type both again.")
        _check_own_password(request, session, house, user, form.current)
        users.set_password(session, user=user, password=form.fresh, clock=house.clock)
    except (PasswordRefused, signin.TooManyAttempts) as refused:
        return _account(request, session, user, refused=refused)
    users.record(
        session, user=user, action="password-changed", subject=user.name, clock=house.clock
    )
    return _enter(session, house, user, to="/account?done=password")


def _check_own_password(
    request: Request, session: Session, house: House, user: User, password: str
) -> None:
    try:
        signin.check_password(
            session,
            name=user.name,
            password=password,
            address=_address(request),
            clock=house.clock,
        )
    except signin.SignInRefused as refused:
        raise PasswordRefused("The present password is wrong.", cure="Try again.") from refused


@router.post("/account/language")
def change_language(
    form: Annotated[LanguageForm, Form()], user: SignedIn, session: Reading
) -> Response:
    """Choose the language of one's pages; one that is not there is as none chosen."""
    users.set_language(session, user=user, language=form.tag if form.tag in catalogues() else "")
    return RedirectResponse("/account?done=language", status_code=303)


@router.post("/account/tokens")
def make_token(
    request: Request,
    form: Annotated[TokenForm, Form()],
    user: SignedIn,
    house: HouseDep,
    session: Reading,
) -> Response:
    """Make a token and show it, this once."""
    token = tokens.add_token(session, user=user, title=form.title, clock=house.clock)
    users.record(
        session,
        user=user,
        action="token-made",
        subject=user.name,
        detail=form.title[:200],
        clock=house.clock,
    )
    session.flush()
    return _account(request, session, user, fresh_token=token)


@router.post("/account/tokens/{token_id}/revoke")
def revoke_token(token_id: RowId, user: SignedIn, house: HouseDep, session: Reading) -> Response:
    """Revoke an own token."""
    tokens.revoke(session, user=user, token_id=token_id, clock=house.clock)
    users.record(
        session,
        user=user,
        action="token-revoked",
        subject=user.name,
        detail=str(token_id),
        clock=house.clock,
    )
    return RedirectResponse("/account?done=revoked", status_code=303)
