"""The application: one function that puts the parts together."""

from collections.abc import Awaitable, Callable
from importlib import import_module

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.staticfiles import StaticFiles

from app import RESEARCH_ONLY, __version__
from app.logs import configure_logs
from app.problems import Problem
from app.settings import REPOSITORY
from app.web import speaking
from app.web.errors import add_handlers, on_problem
from app.web.house import House
from app.web.security import HEADERS, refuse_cross_site

ROUTERS = (
    "app.web.pages.account",
    "app.web.pages.words",
    "app.web.pages.physician",
    "app.web.pages.ballot",
    "app.web.pages.maps",
    "app.web.pages.networks",
    "app.web.pages.api_docs",
    "app.web.pages.admin.new_study",
    "app.web.pages.admin.studies",
    "app.web.pages.admin.imports",
    "app.web.pages.admin.films",
    "app.web.pages.admin.propose",
    "app.web.pages.admin.runs",
    "app.web.pages.admin.members",
    "app.web.pages.admin.acts",
    "app.web.pages.admin.exports",
    "app.web.pages.admin.history",
    "app.web.pages.admin.accounts",
    "app.web.events",
    "app.web.health",
    "app.web.api.infection_maps",
    "app.web.api.studies",
    "app.web.api.exports",
    "app.web.api.networks",
)

# Forms are small, and a drawing of the largest film is below this. A route that takes films sets an
# own limit; it is checked while the body comes in, before anything is stored.
MAX_BODY = 16 * 1024 * 1024


def create_app(house: House) -> FastAPI:
    """Return the application that serves ``house``."""
    configure_logs()
    app = FastAPI(
        title="maskballot",
        version=__version__,
        summary="Infection maps of chest films, and the blind ballots behind them.",
        description=f"**{RESEARCH_ONLY[0].upper()}{RESEARCH_ONLY[1:]}.**",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        max_body_size=MAX_BODY,
        form_limits={"max_files": 0, "max_fields": 2000},
    )
    app.state.house = house
    add_handlers(app)
    app.middleware("http")(_guard)
    for name in ROUTERS:
        router: APIRouter = import_module(name).router
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=REPOSITORY / "static"), name="static")
    return app


async def _guard(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    speaking.begin(request.headers.get("accept-language", ""))
    try:
        refuse_cross_site(request)
        response = await call_next(request)
    except Problem as problem:
        response = await on_problem(request, problem)
    for name, value in HEADERS.items():
        response.headers[name] = value
    if not request.url.path.startswith("/static/"):
        # A route that knows better has said so already.
        response.headers.setdefault("Cache-Control", "no-store")
    return response
