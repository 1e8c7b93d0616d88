"""The API's page: every route with what it does, and how to begin."""

from dataclasses import dataclass
from typing import Any, ClassVar

from fastapi import APIRouter, Request, Response

from app.web.render import render
from app.web.security import SignedIn

router = APIRouter(include_in_schema=False)

METHODS = ("get", "post", "put", "delete")


@dataclass(frozen=True)
class RouteRow:
    """One route of the API."""

    method: str
    path: str
    summary: str
    words: str


@dataclass(frozen=True)
class ApiPage:
    """All routes of the API; ``base`` is this server's address, as examples need it."""

    template: ClassVar[str] = "api/api.html"

    base: str
    routes: list[RouteRow]


def route_rows(document: dict[str, Any]) -> list[RouteRow]:
    """Return the routes of an OpenAPI document, by path."""
    return [
        RouteRow(method.upper(), path, said.get("summary", ""), said.get("description", ""))
        for path, methods in sorted(document["paths"].items())
        for method, said in methods.items()
        if method in METHODS
    ]


@router.get("/api")
def show_api(request: Request, user: SignedIn) -> Response:
    """Show how to use the API."""
    base = str(request.base_url).rstrip("/")
    page = ApiPage(base=base, routes=route_rows(request.app.openapi()))
    return render(request, ApiPage.template, page)
