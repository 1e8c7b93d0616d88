"""Who asks, and what a browser is allowed to do on our pages."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, TypeVar
from urllib.parse import urlsplit

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.orm import Session, sessionmaker
from starlette.concurrency import run_in_threadpool

from app.accounts import signin, tokens
from app.accounts.roles import Role
from app.accounts.tables import User
from app.db.engine import MAY_BE_LOST
from app.problems import Problem
from app.web.cookies import token_of
from app.web.house import House, house_of
from app.words import speaking

Route = TypeVar("Route", bound=Callable[..., object])
T = TypeVar("T")

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
        "connect-src 'self'; font-src 'self'; worker-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class SignInNeeded(Problem):
    """Nobody is signed in, or no longer."""

    code = "sign-in-needed"
    status = 401


class Forbidden(Problem):
    """The account's role does not reach here."""

    code = "forbidden"
    status = 403


class CrossSite(Problem):
    """Another site sent the request."""

    code = "cross-site"
    status = 403


HouseDep = Annotated[House, Depends(house_of)]


def writes(route: Route) -> Route:
    """Mark the function of a GET route that writes: `next` deals a ballot."""
    route.writes = True  # type: ignore[attr-defined]
    return route


def _only_reads(request: Request) -> bool:
    """Say whether the request takes no write lock on SQLite, so that it waits for nobody."""
    route = getattr(request.scope.get("route"), "endpoint", None)
    return request.method in SAFE_METHODS and not getattr(route, "writes", False)


def _database_session(sessions: sessionmaker[Session], request: Request) -> Iterator[Session]:
    with sessions.begin() as session:
        if _only_reads(request):
            session.connection(execution_options={"sqlite_begin": "DEFERRED"})
        yield session


def reading_session(request: Request, house: HouseDep) -> Iterator[Session]:
    """A database session that cannot read origins; committed before the answer is sent."""
    yield from _database_session(house.reading_sessions, request)


def full_session(request: Request, house: HouseDep) -> Iterator[Session]:
    """A database session for admins' requests; committed before the answer is sent."""
    yield from _database_session(house.sessions, request)


# Scope "function": FastAPI ends these before it sends the answer. With the default scope it would
# acknowledge a vote first and commit it afterwards.
Reading = Annotated[Session, Depends(reading_session, scope="function")]
Full = Annotated[Session, Depends(full_session, scope="function")]


@dataclass(frozen=True)
class Visitor:
    """Who is signed in, as the frame of a page shows it.

    A copy, because an error page is drawn after the database session has been rolled back.
    """

    full_name: str
    role: str


def _signed_in(request: Request, house: House, session: Session) -> User:
    token = token_of(request, house)
    user = signin.user_of_session(session, token=token, clock=house.clock) if token else None
    if user is None:
        raise SignInNeeded("You are not signed in.", cure="Sign in and try again.")
    request.state.user = Visitor(full_name=user.full_name, role=user.role)
    speaking.speak(user.language)
    return user


def anyone(request: Request, house: HouseDep, session: Reading) -> User | None:
    """Whoever is signed in, or nobody: for pages that are everybody's."""
    try:
        return _signed_in(request, house, session)
    except SignInNeeded:
        return None


def someone(request: Request, house: HouseDep, session: Reading) -> User:
    """Whoever is signed in. Raises `SignInNeeded`."""
    return _signed_in(request, house, session)


def physician(user: Annotated[User, Depends(someone, scope="function")]) -> User:
    """A signed-in physician. Raises `SignInNeeded` or `Forbidden`."""
    if user.role != Role.PHYSICIAN:
        raise Forbidden("This page is for physicians.")
    return user


def admin(request: Request, house: HouseDep, session: Full) -> User:
    """A signed-in admin. Raises `SignInNeeded` or `Forbidden`."""
    user = _signed_in(request, house, session)
    if user.role != Role.ADMIN:
        raise Forbidden("This page is for admins.")
    return user


_bearer = HTTPBearer(auto_error=False, description="A token from your account page.")
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


def _token_user(session: Session, credentials: HTTPAuthorizationCredentials | None) -> User:
    if credentials is None:
        raise tokens.TokenRefused(
            "The request carries no token.", cure="Send `Authorization: Bearer TOKEN`."
        )
    return tokens.user_of_token(session, token=credentials.credentials)


def program(session: Reading, credentials: Credentials) -> User:
    """The user whose token a program sent. Raises `TokenRefused`."""
    return _token_user(session, credentials)


def admin_program(session: Full, credentials: Credentials) -> User:
    """The admin whose token a program sent. Raises `TokenRefused` or `Forbidden`."""
    user = _token_user(session, credentials)
    if user.role != Role.ADMIN:
        raise Forbidden("This part of the API is for admins' tokens.")
    return user


Anyone = Annotated[User | None, Depends(anyone, scope="function")]


async def at_once(
    request: Request,
    house: House,
    work: Callable[[Session, User], T],
    *,
    acknowledges: bool = True,
) -> T:
    """Do the whole of a physician's request in one thread: sign-in, ``work``, commit.

    What ``acknowledges`` nothing is answered before its commit is flushed.

    As dependencies, each step would wait for a thread of its own and hold SQLite's write lock
    meanwhile; with many readers at once that is most of the time. Raises what the steps raise.
    """

    def whole() -> T:
        with house.reading_sessions.begin() as session:
            if not acknowledges:
                session.connection(execution_options=MAY_BE_LOST)
            return work(session, physician(_signed_in(request, house, session)))

    return await run_in_threadpool(whole)


SignedIn = Annotated[User, Depends(someone, scope="function")]
Physician = Annotated[User, Depends(physician, scope="function")]
Admin = Annotated[User, Depends(admin, scope="function")]
Program = Annotated[User, Depends(program, scope="function")]
AdminProgram = Annotated[User, Depends(admin_program, scope="function")]


def refuse_cross_site(request: Request) -> None:
    """Raise `CrossSite` where a browser says that another site sent an unsafe request.

    Every browser in use sends ``Sec-Fetch-Site`` or, failing that, ``Origin``; a program that
    sends neither has no cookie of ours to misuse (after datasette's ``csrf.py``).
    """
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        allowed = site in ("same-origin", "none")
    else:
        origin = request.headers.get("origin")
        allowed = origin is None or urlsplit(origin).netloc == request.headers.get("host")
    if not allowed:
        raise CrossSite("The request came from another site and was not carried out.")
