"""Nothing is acknowledged that was not committed: a commit that fails is answered with 500."""

import pytest
from sqlalchemy import event

from tests.support.answers import choose
from tests.support.routes import route_table
from tests.web.access import rule_of
from tests.web.asking import client_of, fill, names_in
from tests.web.conftest import Town

WRITERS = ("alpha-1", "alpha-admin", "token of alpha-admin")


def refuse_commits(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every commit fail, as on a full disk."""

    def refuse(_connection: object) -> None:
        raise OSError("no space left on device")

    for engine in (town.house.engine, town.house.reader):
        event.listen(engine, "commit", refuse)


def test_no_act_is_acknowledged_before_it_is_committed(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = names_in(town, town.alpha, "alpha-1")
    clients = {person: client_of(town, person) for person in WRITERS}
    for client in clients.values():
        # The framework raises what it answered with 500; here only the answer matters.
        client._transport.raise_server_exceptions = False  # type: ignore[attr-defined]
    refuse_commits(town, monkeypatch)
    for entry in route_table(town.app):
        if entry.method in ("POST", "PUT"):
            for person, client in clients.items():
                if not rule_of(entry).expected(person):
                    sent = {"name": "stranger"} if "/members" in entry.path else None
                    got = client.request(entry.method, fill(entry.path, names), data=sent)
                    assert got.status_code >= 400, (entry, person)
                    assert "set-cookie" not in got.headers, entry


def test_a_vote_that_is_not_committed_is_no_vote(town: Town) -> None:
    names = names_in(town, town.alpha, "alpha-1")
    browser = town.visitor("alpha-1", crash=True)
    answer = choose("A").model_dump(mode="json")

    def refuse(_connection: object) -> None:
        raise OSError("no space left on device")

    event.listen(town.house.reader, "commit", refuse)
    lost = browser.post(f"/ballots/{names['ballot']}/answers", json=answer)
    event.remove(town.house.reader, "commit", refuse)
    kept = browser.post(f"/ballots/{names['ballot']}/answers", json=answer)
    assert (lost.status_code, kept.status_code) == (500, 201)
