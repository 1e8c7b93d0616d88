"""A browser without a browser: what a physician would receive of a study, asked in this process.

It plays on a copy of the database: dealing, leases and sign-ins of the real one stay untouched.
The blobs are read where they are.
"""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from anyio.from_thread import start_blocking_portal
from fastapi import FastAPI

from app.db.engine import make_engine
from app.probe.transport import Heard
from app.upkeep.copying import copy_database
from app.web.cookies import cookie_name
from app.web.house import House
from app.web.main import create_app


@contextmanager
def copied(house: House) -> Iterator[House]:
    """Hand out a house over a copy of the database, which is deleted afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="maskballot-probe-"))
    url = f"sqlite:///{folder / 'copy.sqlite'}"
    try:
        copy_database(house.settings.database, url, progress=lambda done, total: None)
        copy = replace(house, engine=make_engine(url), reader=make_engine(url, reading=True))
        try:
            yield copy
        finally:
            copy.reader.dispose()
            copy.engine.dispose()
    finally:
        shutil.rmtree(folder)


@dataclass
class Listener:
    """Asks an application as a signed-in browser does, and takes down every answer."""

    app: FastAPI
    cookie: str

    @classmethod
    def at(cls, house: House, *, cookie: str) -> "Listener":
        """Return a listener that carries the sealed sign-in ``cookie``."""
        return cls(create_app(house), f"{cookie_name(house)}={cookie}")

    def ask(self, method: str, path: str, *, name: str, body: bytes = b"") -> tuple[int, Heard]:
        """Return the status and what was heard; it counts how long the answer took."""
        # A thread of its own: whoever asks may stand in a loop that runs already.
        with start_blocking_portal() as portal:
            started = time.perf_counter()
            status, headers, answer = portal.call(self._call, method, path, body)
            return status, Heard(name, headers, answer, time.perf_counter() - started)

    async def _call(
        self, method: str, path: str, body: bytes
    ) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
        address = urlsplit(path)
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "server": ("probe", 80),
            "client": ("127.0.0.1", 1),
            "root_path": "",
            "path": address.path,
            "raw_path": address.path.encode(),
            "query_string": address.query.encode(),
            "headers": [
                (b"host", b"probe"),
                (b"accept", b"application/json, text/html"),
                (b"cookie", self.cookie.encode()),
                (b"content-type", b"application/json"),
                (b"content-length", str(len(body)).encode()),
            ],
        }
        sent: list[dict[str, Any]] = []
        bodies = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def receive() -> dict[str, Any]:
            return next(bodies, {"type": "http.disconnect"})

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await self.app(scope, receive, send)  # type: ignore[arg-type]
        headers = tuple((name.decode(), value.decode()) for name, value in sent[0]["headers"])
        return sent[0]["status"], headers, b"".join(part.get("body", b"") for part in sent[1:])
