"""Nobody waits for an admin's page, and an admin's page waits for nobody."""

from sqlalchemy import text

from app.accounts.tables import AuditEvent
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
