"""The application's route table, as tests walk it: whatever is added is found."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from types import FunctionType

from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Match, Route

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


def page_routes(app: FastAPI) -> set[RouteEntry]:
    """Return the routes that answer with a page: what they run says `render`."""
    return {
        RouteEntry(route.path, method)
        for route in _all_routes(app)
        if isinstance(route, APIRoute) and _renders(route.endpoint)
        for method in route.methods or ()
    }


def route_of(app: FastAPI, address: str, *, method: str = "GET") -> RouteEntry:
    """Return the route that answers ``address``, whose ``{names}`` stand for anything."""
    path = address.partition("?")[0]
    scope = {"type": "http", "method": method, "path": path, "headers": []}
    for route in _all_routes(app):
        if isinstance(route, Route) and route.matches(scope)[0] is Match.FULL:
            return RouteEntry(route.path, method)
    raise LookupError(f"no route answers {method} {address}")


def _renders(run: Callable[..., object], seen: frozenset[str] = frozenset()) -> bool:
    """Say whether a function draws a page, itself or through others of its module."""
    if not isinstance(run, FunctionType) or run.__name__ in seen:
        return False
    names = run.__code__.co_names
    own = [run.__globals__.get(name) for name in names]
    inside = [one for one in own if isinstance(one, FunctionType)]
    return bool({"render", "HTMLResponse"} & set(names)) or any(
        one.__module__ == run.__module__ and _renders(one, seen | {run.__name__}) for one in inside
    )


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
