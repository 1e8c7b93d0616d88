"""A physician's whole day as a script: every page, every answer, every mistake.

The same script reads both twins. What came back is kept byte for byte.
"""

import json
import re
import uuid
import zlib
from dataclasses import dataclass, field

import numpy as np
from httpx2 import Response
from starlette.testclient import TestClient

from app.ballots.bundle import HEADER
from app.web.cookies import cookie_name, sealed
from app.web.house import House
from app.web.main import create_app
from tests.blind.twins import COOKIE, TOKEN
from tests.support.answers import drawing
from tests.support.routes import route_table

NAMESPACE = uuid.UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")
JSON = {"accept": "application/json"}
BEARER = {**JSON, "authorization": f"Bearer {TOKEN}"}


@dataclass(frozen=True)
class Heard:
    """One answer of the server, whole."""

    asked: str
    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


@dataclass
class Script:
    """The physician at the browser; ``heard`` is all the server said, in order."""

    house: House
    heard: list[Heard] = field(default_factory=list)
    last: str = ""
    """The address of the ballot read last."""

    def __post_init__(self) -> None:
        self.app = create_app(self.house)
        self.client = TestClient(self.app, raise_server_exceptions=False, follow_redirects=False)
        self.client.cookies.set(cookie_name(self.house), sealed(self.house, COOKIE))

    def ask(self, method: str, path: str, **rest: object) -> Response:
        """Ask, and keep every byte of the answer."""
        response: Response = self.client.request(method, path, **rest)  # type: ignore[arg-type]
        headers = tuple(response.headers.raw)
        self.heard.append(
            Heard(f"{method} {path}", response.status_code, headers, response.content)
        )
        return response

    def read_study(self, key: str, *, cases: int) -> None:
        """Read ``cases`` ballots from the first page to the last, and all that come again."""
        self.ask("GET", "/")
        self.ask("GET", "/account/who")
        self.ask("GET", f"/studies/{key}")
        for number in range(2 * cases):
            ballot = self.ask("GET", f"/studies/{key}/next").headers["location"]
            if number >= cases and not ballot.startswith("/ballots/"):
                break
            self._read_ballot(key, ballot, number)
            self.last = ballot
        self.ask("POST", f"/studies/{key}/next", headers=JSON)
        self.ask("GET", f"/studies/{key}/ahead", headers=JSON)
        self.ask("GET", f"/studies/{key}")
        self.ask("GET", f"/studies/{key}?page=2")
        self.ask("GET", f"/studies/{key}?waits=true")
        self._practise()
        self._set_up_the_room()

    def _practise(self) -> None:
        """Walk through the practice round, which knows no study."""
        for path in ("", "/ahead", "/ballots/1", "/ballots/1/film", "/ballots/1/bundle"):
            self.ask("GET", f"/practice{path}", headers=JSON)
        self.answer("/practice/ballots/1", 0, answer={"kind": "slot", "slots": ["B"]})
        self.ask("POST", "/practice/next?answered=1", headers=JSON)
        self.answer("/practice/ballots/3", 0, answer={"kind": "no_infection"})
        self.ask("GET", "/practice/done")
        self.ask("GET", "/")

    def _set_up_the_room(self) -> None:
        """Choose keys and a language, and look what they are."""
        self.ask("PUT", "/account/keys/settings", json={"changes": {"invert": "KeyJ"}})
        for path in ("/account/keys", "/account/keys/settings", "/accessibility"):
            self.ask("GET", path)
        for language in ("de", ""):
            self.ask("POST", "/account/language", data={"tag": language})
            self.ask("GET", "/")

    def _read_ballot(self, study: str, ballot: str, number: int) -> None:
        assert ballot.startswith("/ballots/"), f"case {number}: sent to {ballot}"
        self.ask("POST", f"/studies/{study}/next", headers=JSON)
        self._look_ahead(study)
        self.ask("GET", ballot)
        film = self.ask("GET", f"{ballot}/film")
        slots = slots_of(self.ask("GET", f"{ballot}/bundle").content)
        self.ask("GET", f"{ballot}/lungs")
        self.ask("GET", f"{ballot}/drawing")
        if number % 10 == 0:
            self._make_mistakes(ballot)
        said = answer_number(number, shape_of(film.content), slots=slots)
        if number % 3 == 0:
            # Most ballots do not ask for it: they refuse the whole answer.
            self.answer(ballot, 30_000 + number, **said, guess="unknown" if number % 2 else "A")
        self.answer(ballot, number, **said)
        if "drawing" in said:
            self.ask("GET", f"{ballot}/drawing")
        if number % 10 == 5:
            self._come_back(ballot, number)

    def _look_ahead(self, study: str) -> None:
        """Make ready what comes, as the page does while its physician reads."""
        for coming in self.ask("GET", f"/studies/{study}/ahead", headers=JSON).json():
            ballot = f"/ballots/{coming['key']}"
            for part in ("", "/film", "/bundle", "/lungs", "/drawing"):
                self.ask("GET", f"{ballot}{part}")
            self.ask("POST", f"{ballot}/lease")
            self.ask("POST", f"{ballot}/answers", json={}, headers=JSON)

    def answer(self, ballot: str, number: int, **answer: object) -> Response:
        """Send an answer with a key that both twins share."""
        body = {"idempotency_key": str(uuid.uuid5(NAMESPACE, f"{ballot}{number}")), **answer}
        return self.ask("POST", f"{ballot}/answers", json=body, headers=JSON)

    def _make_mistakes(self, ballot: str) -> None:
        self.answer(ballot, -1, answer={"kind": "slot", "slots": ["H"]})
        self.answer(ballot, -2, answer={"kind": "tie", "slots": ["A"]})
        self.answer(ballot, -3, answer={"kind": "nonsense"})
        self.ask("POST", f"{ballot}/answers", content=b"{", headers=JSON)
        self.ask("POST", f"{ballot}/lease")
        self.ask("GET", f"{ballot}/bundle", headers={"if-none-match": "*", "range": "bytes=0-9"})
        self.ask("HEAD", f"{ballot}/bundle")
        self.ask("DELETE", ballot)
        self.ask("GET", "/ballots/aaaaaaaaaaaaaaaaaaaaaaaaaa")
        self.ask("GET", "/ballots/aaaaaaaaaaaaaaaaaaaaaaaaaa/bundle", headers=JSON)

    def _come_back(self, ballot: str, number: int) -> None:
        for _ in range(2):
            # Sent twice, as after a lost connection.
            self.answer(ballot, number, answer={"kind": "slot", "slots": ["A"]})
        self.ask("GET", ballot)
        self.ask("GET", f"{ballot}/drawing")
        self.answer(ballot, 10_000 + number, answer={"kind": "slot", "slots": ["B"]}, sure=True)
        self.answer(ballot, 20_000 + number, answer={"kind": "later"})

    def knock_everywhere(self, study: str) -> None:
        """Ask every route of the application's table, with the cookie and with the token."""
        known = {"key": study, "study_key": study}
        # Signing out comes last: after it, every page would only ask for the password.
        for entry in sorted(route_table(self.app), key=lambda one: one.path == "/sign-out"):
            where = re.sub(r"\{(\w+)(:\w+)?\}", lambda found: known.get(found[1], "1"), entry.path)
            self.ask(entry.method, where)
            self.ask(entry.method, where, headers=BEARER)


def shape_of(film: bytes) -> tuple[int, int]:
    """Return the native size of a film on the wire (`app.films.wire`)."""
    end = 8 + int.from_bytes(film[4:8])
    header = json.loads(film[8:end])
    return header["height"], header["width"]


def slots_of(bundle: bytes) -> int:
    """Return how many masks a bundle holds."""
    count: int = HEADER.unpack_from(zlib.decompress(bundle))[1] if bundle[:1] == b"x" else 4
    return count


def answer_number(number: int, shape: tuple[int, int], *, slots: int) -> dict[str, object]:
    """Return one of all kinds of answers, in turn, that a ballot of ``slots`` takes."""
    kind = ("slot", "none", "slot", "no_infection", "slot", "slot", "unreadable", "tie", "later")[
        number % 9
    ]
    if slots < 2 and kind in ("slot", "tie"):
        kind = "slot" if slots else "none"
    shown = "ABCD"[:slots]
    letters = {"slot": [*shown[number % max(slots, 1) :][:1]], "tie": [shown[:1], shown[-1:]]}
    body: dict[str, object] = {"answer": {"kind": kind, "slots": letters.get(kind, [])}}
    others = [letter for letter in shown if letter not in letters.get(kind, shown)]
    if others and number % 2:
        body["worst"] = others[-1]
    body |= {"reading_ms": 1000 + number, "sitting": number + 1, "paused_ms": 0}
    if kind == "none" and (number % 2 or not slots):
        mask = np.zeros(shape, np.bool_)
        mask[4 : 4 + number % 20, 5:20] = True
        body["drawing"] = json.loads(drawing(mask).model_dump_json())
    if number % 4 == 0:
        body["comment"] = f"case {number}"
    return body
