"""What stands around every answer: cross-site requests refused, headers set, times logged.

Written against ASGI itself: starlette's ``BaseHTTPMiddleware`` starts tasks and pipes each answer
through a queue, which costs a vote a third of its time.
"""

import time

import structlog
from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.problems import Problem
from app.web.errors import on_problem
from app.web.security import HEADERS, refuse_cross_site
from app.words import speaking

log = structlog.get_logger("maskballot.web")


class Guard:
    """Refuses what another site sent, and gives every answer the same headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        stays = scope["path"].startswith("/static/")

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                # Only what is the same for everybody may be kept, and says so.
                if not stays and not headers.get("Cache-Control", "").startswith("public"):
                    headers["Cache-Control"] = "no-store"
            await send(message)

        request = Request(scope, receive)
        speaking.begin(request.headers.get("accept-language", ""))
        try:
            refuse_cross_site(request)
        except Problem as problem:
            refused = await on_problem(request, problem)
            return await refused(scope, receive, with_headers)
        return await self.app(scope, receive, with_headers)


class RequestLog:
    """Logs each request with its route, status and milliseconds.

    The time is the server's own, from the request's head to the answer's last byte. It goes into
    the log and never over the wire, where it could tell a reader something. The route is logged
    as it is written in the code: no key of a study or a ballot.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        start = time.perf_counter()
        status = 0

        async def noting(message: Message) -> None:
            nonlocal status
            await send(message)
            if message["type"] == "http.response.start":
                status = message["status"]
            elif not message.get("more_body"):
                route = getattr(scope.get("route"), "path", "")
                ms = round(1000 * (time.perf_counter() - start), 2)
                log.info("request", method=scope["method"], route=route, status=status, ms=ms)

        await self.app(scope, receive, noting)
