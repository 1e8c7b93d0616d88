"""The application's route table, as tests walk it: whatever is added is found."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module

from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Route

from app.web.main import ROUTERS


@dataclass(frozen=True, order=True)
class RouteEntry:
    """One path with one method."""

    path: str
    method: str


def route_table(app: FastAPI) -> list[RouteEntry]:
    """Return every path and method that ``app`` answers, without the static files.

    The framework keeps included routers folded up, so they are asked themselves.
    """
    found = {
        RouteEntry(route.path, method)
        for route in _all_routes(app)
        if isinstance(route, Route)
        for method in route.methods or ()
    }
    return sorted(found)


def routes_with(app: FastAPI, dependency: Callable[..., object]) -> set[RouteEntry]:
    """Return the routes that get what ``dependency`` finds."""
    return {
        RouteEntry(route.path, method)
        for route in _all_routes(app)
        if isinstance(route, APIRoute) and _uses(route.dependant, dependency)
        for method in route.methods or ()
    }


def _uses(dependant: Dependant, dependency: Callable[..., object]) -> bool:
    return dependant.call is dependency or any(
        _uses(inner, dependency) for inner in dependant.dependencies
    )


def _all_routes(app: FastAPI) -> Iterator[BaseRoute]:
    yield from app.routes
    for name in ROUTERS:
        router: APIRouter = import_module(name).router
        assert router.routes, f"{name} has no routes"
        yield from router.routes
