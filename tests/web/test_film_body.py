"""A film is counted while it comes in: nobody fills the memory with a body that never ends."""

import itertools

import pytest
from fastapi import Request
from starlette.types import Message

from app.web.film_body import FRAME, FilmBody, FilmTooLarge, film_body
from tests.support import loops

MOST = 10_000
PIECE = 1_000
FORM = "multipart/form-data; boundary=edge"
HEAD = b'--edge\r\nContent-Disposition: form-data; name="film"; filename="a.png"\r\n\r\n'


class Sender:
    """Sends a body in pieces, and counts how many were taken."""

    def __init__(self, kind: str, *, head: bytes = b"", pieces: int | None = None) -> None:
        self.kind = kind
        self.taken = 0
        endless = itertools.repeat(bytes(PIECE)) if pieces is None else [bytes(PIECE)] * pieces
        self._pieces = itertools.chain([head] if head else [], endless)

    async def receive(self) -> Message:
        self.taken += 1
        piece = next(self._pieces, None)
        return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}

    def film(self) -> FilmBody:
        headers = [(b"content-type", self.kind.encode())]
        request = Request({"type": "http", "method": "POST", "headers": headers}, self.receive)

        async def read() -> FilmBody:
            return await film_body(request, most=MOST)

        return loops.run(read)


@pytest.mark.parametrize(("kind", "head"), [("image/png", b""), (FORM, HEAD)])
def test_a_body_that_never_ends_is_stopped(kind: str, head: bytes) -> None:
    sender = Sender(kind, head=head)
    with pytest.raises(FilmTooLarge):
        sender.film()
    assert sender.taken <= (MOST + FRAME) / PIECE + 3


def test_a_body_as_large_as_allowed_is_taken() -> None:
    assert Sender("image/png", pieces=MOST // PIECE).film().data == bytes(MOST)
    with pytest.raises(FilmTooLarge):
        Sender("image/png", pieces=MOST // PIECE + 1).film()
