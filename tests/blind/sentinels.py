"""What would tell a sentinel from an ordinary ballot, although whose the masks are stays hidden.

The swap test cannot see it, for both twins deal alike. So the shapes of the server's answers are
looked at: whatever a sentinel's answer looks like, some ordinary ballot's must look so too.
"""

import json
import re
import zlib
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.ballots.bundle import HEADER
from app.ballots.coming import SENTINEL, Upcoming
from app.ballots.tables import Ballot
from app.blobs.store import BlobStore
from app.web.house import House
from tests.blind.plants import in_bundle_header, in_page
from tests.blind.script import Heard, Script
from tests.blind.twins import full_session

ballot_routes: Any = import_module("app.web.pages.ballot")

SOURCES = 4
KEY = re.compile(r"/ballots/([a-z2-7]{26})")
PARTS = ("", "/film", "/bundle", "/lungs")
VIEW = re.compile(rb'<script type="application/json"[^>]*>(.*?)</script>', re.DOTALL)

Plant = Callable[[pytest.MonkeyPatch, House], None]


def sentinel_keys(house: House) -> set[str]:
    """The names of the sentinels that were dealt."""
    with full_session(house) as session:
        return set(session.scalars(select(Ballot.key).where(Ballot.repeat_no == SENTINEL)))


def told_apart(house: House, script: Script) -> list[str]:
    """Say how sentinels' answers look as no other ballot's do; and which came unannounced."""
    sentinels = sentinel_keys(house)
    of_sentinels: dict[object, str] = {}
    of_others: set[object] = set()
    for one in script.heard:
        key = KEY.search(one.asked)
        if key is None or not one.asked.startswith("GET") or one.asked[key.end() :] not in PARTS:
            continue
        if key[1] in sentinels:
            of_sentinels.setdefault(_shape(one, key), one.asked)
        else:
            of_others.add(_shape(one, key))
    said = [asked for shape, asked in of_sentinels.items() if shape not in of_others]
    return said + [f"{key}: not announced" for key in _unannounced(script) if key in sentinels]


def _shape(one: Heard, key: re.Match[str]) -> object:
    headers = tuple((name, re.sub(rb"\d+", b"0", value)) for name, value in one.headers)
    return one.asked[key.end() :], one.status, headers, _look(one)


def _look(one: Heard) -> object:
    if one.asked.endswith("/bundle") and one.status == 200:
        count = HEADER.unpack_from(zlib.decompress(one.body))[1]
        # Near-twins share a slot, so any number from two up to the sources is an ordinary one.
        return "some" if 2 <= count <= SOURCES else count
    if b"<html" not in one.body:
        return None
    view = VIEW.search(one.body)
    words = re.sub(rb"\d+", b"0", VIEW.sub(b"", one.body))
    return KEY.sub("", words.decode()), _keys(json.loads(view[1])) if view else None


def _keys(value: object) -> object:
    if isinstance(value, dict):
        return tuple((name, _keys(inner)) for name, inner in value.items())
    return None


def _unannounced(script: Script) -> list[str]:
    """The ballots that came although the page had been told of others to come next."""
    named: set[str] | None = None
    found: list[str] = []
    met: set[str] = set()
    for one in script.heard:
        if one.asked.startswith("GET /studies/") and one.asked.endswith("/ahead"):
            named = {view["key"] for view in json.loads(one.body)} if one.status == 200 else named
        elif one.asked.startswith("POST /studies/") and b'"key"' in one.body:
            key = json.loads(one.body)["key"]
            if named is not None and key not in met | named:
                found.append(key)
            met.add(key)
    return found


def a_word_on_the_page(patch: pytest.MonkeyPatch, house: House) -> None:
    """Somebody marks what is no case, for the statistics."""
    in_page(patch, lambda b: f'<i class="{"known" if b.repeat_no == SENTINEL else "case"}"></i>')


def a_header_of_the_bundle(patch: pytest.MonkeyPatch, house: House) -> None:
    """A cache is told how long it may keep what never changes."""

    def value(blobs: BlobStore, ballot: Ballot | Upcoming) -> str:
        return "immutable" if ballot.repeat_no == SENTINEL else "private"

    in_bundle_header(patch, "X-Kept", value)


def a_mask_more(patch: pytest.MonkeyPatch, house: House) -> None:
    """The right answer goes along, to be told afterwards."""
    bundle = ballot_routes.bundle

    def more(session: Session, blobs: BlobStore, ballot: Ballot | Upcoming) -> bytes:
        masks: bytes = bundle(session, blobs, ballot)
        if ballot.repeat_no != SENTINEL:
            return masks
        inside = bytearray(zlib.decompress(masks))
        inside[4:6] = (int.from_bytes(inside[4:6]) + 1).to_bytes(2)
        return zlib.compress(bytes(inside))

    patch.setattr(ballot_routes, "bundle", more)


def one_that_is_not_announced(patch: pytest.MonkeyPatch, house: House) -> None:
    """What comes is asked of the order of cases, and a sentinel is none."""
    ahead = ballot_routes.upcoming

    def cases_only(*rest: Any, **named: Any) -> list[Upcoming]:
        return [one for one in ahead(*rest, **named) if one.repeat_no != SENTINEL]

    patch.setattr(ballot_routes, "upcoming", cases_only)


SENTINEL_PLANTS: tuple[Plant, ...] = (
    a_word_on_the_page,
    a_header_of_the_bundle,
    a_mask_more,
    one_that_is_not_announced,
)
