"""The application: one function that puts the parts together."""

import gc
from importlib import import_module

from fastapi import APIRouter, FastAPI
from fastapi.staticfiles import StaticFiles

from app import RESEARCH_ONLY, __version__
from app.logs import configure_logs
from app.settings import REPOSITORY
from app.web.errors import add_handlers
from app.web.guard import Guard, RequestLog
from app.web.house import House

ROUTERS = (
    "app.web.pages.account",
    "app.web.pages.keys",
    "app.web.pages.about",
    "app.web.pages.words",
    "app.web.pages.physician",
    "app.web.pages.ballot",
    "app.web.pages.practice",
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
    "app.web.pages.admin.reports",
    "app.web.pages.admin.history",
    "app.web.pages.admin.accounts",
    "app.web.events",
    "app.web.health",
    "app.web.api.infection_maps",
    "app.web.api.studies",
    "app.web.api.exports",
    "app.web.api.reports",
    "app.web.api.networks",
)

# Forms are small, and a drawing of the largest film is below this. A route that takes films sets an
# own limit; it is checked while the body comes in, before anything is stored.
MAX_BODY = 16 * 1024 * 1024


def settle_memory() -> None:
    """Take what is imported out of the collector's rounds, which a physician would wait for."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


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
    app.add_middleware(Guard)
    if house.settings.log_requests:
        app.add_middleware(RequestLog)
    for name in ROUTERS:
        router: APIRouter = import_module(name).router
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=REPOSITORY / "static"), name="static")
    return app
