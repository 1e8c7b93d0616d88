"""Nobody waits for an admin's page, and an admin's page waits for nobody."""

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import select, text, update

from app.accounts.tables import AuditEvent
from app.ballots import hands
from app.ballots.tables import Hand
from app.db import turns
from tests.support.answers import choose
from tests.support.routes import route_table
from tests.web.access import rule_of
from tests.web.asking import client_of, fill, names_in
from tests.web.conftest import Town


def test_an_admins_pages_are_shown_while_somebody_writes(town: Town) -> None:
    names = names_in(town, town.alpha, "alpha-1")
    clients = {name: client_of(town, name) for name in ("alpha-admin", "token of alpha-admin")}
    with town.house.engine.connect() as writer:
        writer.execute(text("UPDATE studies SET name = name"))
        for entry in route_table(town.app):
            for person, client in clients.items():
                alone = entry.path.startswith(("/admin", "/api/v1/studies"))
                if entry.method == "GET" and alone and not rule_of(entry).expected(person):
                    assert client.get(fill(entry.path, names)).status_code < 500, entry


def test_a_download_is_written_down_all_the_same(town: Town) -> None:
    names = names_in(town, town.alpha, "alpha-1")
    exports = town.house.settings.exports
    exports.mkdir(parents=True)
    (exports / f"{'0' * 64}.zip").write_bytes(b"PK")
    path = f"/admin/studies/{names['study']}/exports/{names['export_id']}/training-set.zip"
    answer = town.visitor("alpha-admin").get(path)
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-type"] == "application/zip"
    assert town.program("alpha-admin").get(path.replace("/admin", "/api/v1")).content == b"PK"
    with town.look() as session:
        events = session.query(AuditEvent.action).all()
    assert [action for (action,) in events] == ["export-downloaded"] * 2


def test_who_waits_too_long_to_write_is_told_to_come_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0)
    names = names_in(town, town.alpha, "alpha-1")
    browser = town.visitor("alpha-1")
    address, answer = f"/ballots/{names['ballot']}/answers", choose("A").model_dump(mode="json")
    with town.house.engine.connect() as writer:
        writer.execute(text("UPDATE studies SET name = name"))
        refused = browser.post(address, json=answer, headers={"accept": "application/json"})
    assert (refused.status_code, refused.json()["code"]) == (503, "database-busy")
    assert int(refused.headers["retry-after"]) > 0
    assert browser.post(address, json=answer).status_code == 201


def test_a_program_that_takes_no_turns_is_waited_for_too(town: Town) -> None:
    names = names_in(town, town.alpha, "alpha-1")
    browser = town.visitor("alpha-1")
    with town.house.reader.connect() as connection:
        # Connections are used last in, first out: the request gets this one.
        connection.execute(text("PRAGMA busy_timeout = 0"))
    stranger = sqlite3.connect(str(town.house.engine.url.database), isolation_level=None)
    with closing(stranger):
        stranger.execute("BEGIN IMMEDIATE")
        refused = browser.post(f"/studies/{names['study']}/next")
        stranger.execute("ROLLBACK")
    assert refused.status_code == 503
    assert browser.post(f"/studies/{names['study']}/next").status_code == 200


def test_what_is_left_of_a_large_study_is_counted_after_a_ballot_was_dealt(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hands, "FEW", 0)
    names = names_in(town, town.alpha, "alpha-1")
    with town.house.sessions.begin() as session:
        left = session.scalar(select(Hand.left).where(Hand.cases > 0).limit(1))
        assert left is not None
        session.execute(update(Hand).values(left=left + 1000))
    dealt = [town.visitor("alpha-1").post(f"/studies/{names['study']}/next").json()]
    town.house.counting.finish()
    dealt.append(town.visitor("alpha-1").post(f"/studies/{names['study']}/next").json())
    assert dealt[0]["progress"]["total"] > 1000 > dealt[1]["progress"]["total"]
