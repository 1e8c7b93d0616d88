"""What would tell a hidden repeat from a first ballot, although whose the masks are stays hidden.

The swap test cannot see it, for both twins repeat alike. So the steps from ballot to ballot are
looked at: a repeat must make the same step as any other.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from itertools import pairwise
from typing import Any

import pytest

from app.ballots.coming import Upcoming
from app.ballots.tables import Ballot
from app.web.house import House
from tests.blind.script import Script

ballot_routes: Any = import_module("app.web.pages.ballot")
physician_routes: Any = import_module("app.web.pages.physician")

Plant = Callable[[pytest.MonkeyPatch, House], None]


def steps_that_tell(script: Script) -> list[str]:
    """Say how ballots differ, from one to the next, in what every ballot should have alike."""
    dealt = [
        json.loads(one.body)
        for one in script.heard
        if one.asked.startswith("POST /studies/") and one.status == 200 and b'"key"' in one.body
    ]
    headers = {
        tuple(name for name, _ in one.headers)
        for one in script.heard
        if one.asked.startswith("POST /studies/") and one.status == 200
    }
    said = [] if len(headers) == 1 else [f"headers: {headers}"]
    met: set[str] = set()
    for before, after in pairwise(dealt):
        met.add(before["key"])
        # Asked twice, it is the same; and one that was put aside comes again at the end, as it was.
        if after["key"] in met:
            continue
        said += _differences(before, after)
    return said


def _differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    said = []
    if set(before) != set(after):
        said.append(f"{after['key']}: has other fields")
    if after["number"] != before["number"] + 1:
        said.append(f"{after['key']}: number {after['number']} after {before['number']}")
    far = [sum((one["progress"]["answered"], one["progress"]["later"])) for one in (before, after)]
    if far[1] != far[0] + 1:
        said.append(f"{after['key']}: {far[1]} done after {far[0]}")
    if after["progress"]["total"] != before["progress"]["total"]:
        said.append(f"{after['key']}: the total has changed")
    if {len(before["key"]), len(after["key"])} != {26}:
        said.append(f"{after['key']}: a key of another length")
    return said


def progress_that_counts_films(patch: pytest.MonkeyPatch, house: House) -> None:
    """A repeat is no new film, so somebody does not count it: the bar stands still."""
    count = ballot_routes.progress

    def fewer(session: Any, study: Any, *, physician_id: int) -> Any:
        found = count(session, study, physician_id=physician_id)
        repeats = (
            session.query(Ballot)
            .filter(
                Ballot.physician_id == physician_id,
                Ballot.repeat_no > 0,
                Ballot.state == "answered",
            )
            .count()
        )
        return replace(found, answered=found.answered - repeats)

    patch.setattr(ballot_routes, "progress", fewer)


def a_number_that_counts_films(patch: pytest.MonkeyPatch, house: House) -> None:
    """The repeat has the number of the ballot that it repeats."""
    view = ballot_routes.dealt_view

    def renumbered(ballot: Ballot | Upcoming, *rest: Any, **named: Any) -> Any:
        found = view(ballot, *rest, **named)
        return replace(found, number=ballot.film.id) if ballot.repeat_no > 0 else found

    patch.setattr(ballot_routes, "dealt_view", renumbered)


REPEAT_PLANTS: tuple[Plant, ...] = (progress_that_counts_films, a_number_that_counts_films)
