"""Errors: a page for people, ``application/problem+json`` (RFC 9457) for programs."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException

from app.problems import Problem
from app.web.render import render
from app.web.security import HEADERS, SignInNeeded
from app.words import N_
from app.words.faults import fault_of
from app.words.speaking import _, said, told

SENTENCES = {
    404: N_("There is no such page."),
    405: N_("This address does not take that method."),
    413: N_("The request is larger than is taken here."),
}

log = structlog.get_logger("maskballot.web")


@dataclass(frozen=True)
class ErrorPage:
    """What an error page says. ``reference`` finds the line in the log; a Problem has none."""

    template: ClassVar[str] = "errors/problem.html"

    status: int
    sentence: str
    cure: str
    reference: str


def wants_json(request: Request) -> bool:
    """Say whether the asker is a program or a script of a page."""
    accept = request.headers.get("accept", "")
    return request.url.path.startswith("/api/") or "json" in accept


def _local(request: Request) -> str:
    query = f"?{request.url.query}" if request.url.query else ""
    return request.url.path + query


def _answer(request: Request, page: ErrorPage, code: str) -> Response:
    if not wants_json(request):
        return render(request, ErrorPage.template, page, status=page.status)
    body = {
        "type": f"urn:maskballot:problem:{code}",
        "title": page.sentence,
        "status": page.status,
        "code": code,
        "detail": page.cure,
    }
    if page.reference:
        body["reference"] = page.reference
    headers = {"WWW-Authenticate": "Bearer"} if page.status == 401 else None
    return JSONResponse(
        body, status_code=page.status, media_type="application/problem+json", headers=headers
    )


async def on_problem(request: Request, error: Exception) -> Response:
    """A user's error: say it. One that only an operator can mend is told as our own."""
    assert isinstance(error, Problem)
    if error.retry_after is not None:
        page = ErrorPage(error.status, *said(error), "")
        response = _answer(request, page, error.code)
        response.headers["Retry-After"] = str(error.retry_after)
        return response
    if error.status >= 500:
        # Its sentence names digests and places, which are none of a physician's business.
        return _ours(request, error, status=error.status)
    if isinstance(error, SignInNeeded) and not wants_json(request) and request.method == "GET":
        return RedirectResponse(f"/sign-in?next={quote(_local(request))}", status_code=303)
    page = ErrorPage(error.status, *said(error), "")
    return _answer(request, page, error.code)


async def on_invalid(request: Request, error: Exception) -> Response:
    """A request that does not fit its schema: name the fields.

    Programs of the API are told in pydantic's own words, which they may know.
    """
    assert isinstance(error, RequestValidationError)
    say = _as_pydantic_says if request.url.path.startswith("/api/") else _in_our_words
    fields = "; ".join(
        say(".".join(str(part) for part in item["loc"][1:]) or "body", item)
        for item in error.errors()[:8]
    )
    page = ErrorPage(422, _("The request is not as expected."), fields, "")
    return _answer(request, page, "invalid-request")


def _as_pydantic_says(field: str, fault: Mapping[str, Any]) -> str:
    return f"{field}: {fault['msg']}"


def _in_our_words(field: str, fault: Mapping[str, Any]) -> str:
    return _("“{field}”: {fault}", field=field, fault=told(fault_of(fault)))


async def on_http(request: Request, error: Exception) -> Response:
    """What the framework raises: no such page, no such method."""
    assert isinstance(error, HTTPException)
    sentence = SENTENCES.get(error.status_code, N_("The request could not be answered."))
    return _answer(request, ErrorPage(error.status_code, _(sentence), "", ""), "http")


async def on_crash(request: Request, error: Exception) -> Response:
    """Our own error, which nothing foresaw."""
    response = _ours(request, error, status=500)
    # This handler stands outside the middleware that adds them.
    response.headers.update(HEADERS)
    response.headers["Cache-Control"] = "no-store"
    return response


def _ours(request: Request, error: Exception, *, status: int) -> Response:
    """Answer with a reference, and not one word of what happened inside."""
    reference = secrets.token_hex(4)
    log.error("crash", reference=reference, path=request.url.path, exc_info=error)
    page = ErrorPage(
        status,
        _("Something went wrong on our side. Nothing that was saved is lost."),
        _("Try again; if it happens again, tell the admin this reference."),
        reference,
    )
    return _answer(request, page, "internal")


def add_handlers(app: FastAPI) -> None:
    """Register all of the above."""
    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(Exception, on_crash)
