"""Which of a reader's routes the script was let in to: of any other, nobody would see a leak."""

import json
import re
from collections.abc import Iterable, Iterator

from app.web.pages.ballot import own_or_coming
from tests.blind.script import Heard, Script
from tests.support.routes import RouteEntry, route_table, routes_with
from tests.web.access import OWNER, RULES

READERS = ("alpha-1", "token of alpha-1")
KEY = re.compile(r" /ballots/([a-z2-7]{26})")

REFUSED = {"POST /maps", "POST /account/password", "POST /api/v1/infection-maps"}
"""What the script does wrongly on purpose: told, not shown."""


def unread(script: Script, *more: RouteEntry) -> list[str]:
    """Return the reader's routes that the script has not been let in to."""
    readers = [entry for entry in [*route_table(script.app), *more] if is_a_readers(entry)]
    return missed(readers, script.heard)


def unread_before_dealing(script: Script) -> list[str]:
    """Return the routes that show a coming ballot, and showed the script none."""
    coming = list(before_dealing(script.heard))
    return missed(routes_with(script.app, own_or_coming), coming)


def is_a_readers(entry: RouteEntry) -> bool:
    """Say whether a physician gets an answer there, by cookie or by token.

    A route without a rule is new: it counts as a reader's until a rule says whose it is. What
    belongs to its owner belongs to readers, too.
    """
    rule = RULES.get(f"{entry.method} {entry.path}")
    return rule is None or rule is OWNER or not all(rule.expected(one) for one in READERS)


def missed(routes: Iterable[RouteEntry], heard: list[Heard]) -> list[str]:
    """Return the ``routes`` that answered nothing in ``heard``, or only refusals."""
    found = []
    for entry in sorted(routes):
        name = f"{entry.method} {entry.path}"
        pattern = re.compile(f"{entry.method} {re.sub('{[^}]+}', '[^/]+', entry.path)}(\\?.*)?")
        answers = [one.status for one in heard if pattern.fullmatch(one.asked)]
        if not any(status < 400 or name in REFUSED for status in answers):
            found.append(name)
    return found


def before_dealing(heard: Iterable[Heard]) -> Iterator[Heard]:
    """Yield what was said of ballots that were not dealt yet."""
    dealt: set[str] = set()
    for one in heard:
        key = KEY.search(one.asked)
        if key is not None and key[1] not in dealt:
            yield one
        dealt |= _dealt_by(one)


def _dealt_by(one: Heard) -> set[str]:
    """Return the key of the ballot that this answer dealt, if it did."""
    if not re.fullmatch(r"(GET|POST) /studies/[^/]+/next", one.asked):
        return set()
    if one.status == 303:
        to = KEY.search(" " + dict(one.headers)[b"location"].decode())
        return {to[1]} if to else set()
    said = json.loads(one.body) if one.status == 200 else {}
    return {said["key"]} if "key" in said else set()
