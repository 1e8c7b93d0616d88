"""Every route × every kind of asker × own and foreign ids, from the application's route table."""

import pytest
from sqlalchemy import func, select

from app.accounts.tables import ApiToken, AuditEvent, UserSession
from app.accounts.users import user_named
from app.db.base import Base
from tests.support.routes import RouteEntry, route_table
from tests.web.access import PEOPLE, RULES, rule_of
from tests.web.asking import ask, client_of, fill, names_in
from tests.web.conftest import Town

# Nothing was drawn on the ballot yet, and its film has no lungs; an empty form opens no door;
# no words are called so.
BY_RIGHT = (
    RouteEntry("/ballots/{key}/drawing", "GET"),
    RouteEntry("/ballots/{key}/lungs", "GET"),
    RouteEntry("/sign-in", "POST"),
    RouteEntry("/words/{key}", "GET"),
)


def counts(town: Town) -> dict[str, int]:
    """Return how many rows every table has, but those that asking itself adds."""
    asked = (UserSession.__tablename__, ApiToken.__tablename__)
    with town.look() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
            if table.name not in asked
        }


def test_every_route_has_a_rule_and_every_rule_a_route(town: Town) -> None:
    assert set(RULES) == {f"{entry.method} {entry.path}" for entry in route_table(town.app)}


def test_who_is_not_let_in_is_turned_away_and_changes_nothing(town: Town) -> None:
    names = names_in(town, town.alpha, "alpha-1")
    clients = {person: client_of(town, person) for person in PEOPLE}
    before = counts(town)
    for entry in route_table(town.app):
        for person in PEOPLE:
            expected = rule_of(entry).expected(person)
            if expected:
                got = clients[person].request(entry.method, fill(entry.path, names))
                assert got.status_code in expected, (entry, person)
                assert got.status_code != 303 or got.headers["location"].startswith("/sign-in")
    assert counts(town) == before


def test_who_is_let_in_reaches_the_route(town: Town) -> None:
    names = names_in(town, town.alpha, "alpha-1")
    # What moves the study on comes last, or later routes would find it closed.
    for entry in sorted(route_table(town.app), key=lambda entry: (entry.method != "GET", entry)):
        for person in PEOPLE:
            if not rule_of(entry).expected(person) and entry not in BY_RIGHT:
                got = ask(town, person, entry.method, fill(entry.path, names))
                assert got.status_code not in (401, 403, 404, 500), (entry, person)


@pytest.mark.parametrize("foreign", ["pixels_sha", "run_id", "export_id"])
def test_an_admin_reaches_nothing_of_another_study_through_their_own(
    town: Town, foreign: str
) -> None:
    own = names_in(town, town.alpha, "alpha-1")
    other = names_in(town, town.beta, "beta-1")
    mixed = own | {foreign: other[foreign]}
    routes = [entry for entry in route_table(town.app) if f"{{{foreign}}}" in entry.path]
    assert routes
    for entry in routes:
        for person in ("alpha-admin", "token of alpha-admin"):
            if not rule_of(entry).expected(person):
                got = ask(town, person, entry.method, fill(entry.path, mixed))
                assert got.status_code == 404, entry


def test_names_that_nothing_has_are_unknown_or_refused_but_never_a_crash(town: Town) -> None:
    names = names_in(town, town.alpha, "alpha-1")
    people = ("alpha-1", "alpha-admin", "token of alpha-admin")
    clients = {person: client_of(town, person) for person in people}
    for odd in ("0", "99999999999999999999", "%00", "%2e%2e%2f", "nobody-here", "a" * 300):
        odd_names = dict.fromkeys(names, odd)
        for entry in route_table(town.app):
            if "{" in entry.path:
                for person, client in clients.items():
                    got = client.request(entry.method, fill(entry.path, odd_names))
                    assert 300 <= got.status_code < 500, (entry, person, odd)


def test_another_studys_name_and_no_studys_name_are_answered_alike(town: Town) -> None:
    browser = town.visitor("alpha-admin")
    foreign = browser.get(f"/admin/studies/{town.beta.study.key}")
    unknown = browser.get("/admin/studies/no-such-study")
    strip = {town.beta.study.key: "", "no-such-study": ""}
    texts = []
    for answer in (foreign, unknown):
        text = answer.text
        for key in strip:
            text = text.replace(key, "")
        texts.append((answer.status_code, text))
    assert texts[0] == texts[1]


def test_lists_show_only_ones_own_world(town: Town) -> None:
    for person, shown in (("alpha-admin", True), ("beta-admin", False), ("lonely", False)):
        page = town.visitor(person).get("/admin/studies")
        assert ("Study alpha" in page.text) is shown
    listed = town.program("beta-admin").get("/api/v1/studies").json()["items"]
    assert [study["name"] for study in listed] == ["Study beta"]


def test_an_audit_line_is_written_for_each_act_of_an_admin(town: Town) -> None:
    browser = town.visitor("alpha-admin")
    study = f"/admin/studies/{town.alpha.study.key}"
    browser.post(f"{study}/lock")
    browser.post(f"{study}/reopen")
    browser.post("/admin/accounts/stranger/disable")
    with town.look() as session:
        admin = user_named(session, "alpha-admin")
        events = session.scalars(select(AuditEvent).where(AuditEvent.user_id == admin.id)).all()
    assert [(event.action, event.subject) for event in events] == [
        ("locked", town.alpha.study.key),
        ("reopened", town.alpha.study.key),
        ("account-disabled", "stranger"),
    ]


def test_a_shut_account_reaches_nothing(town: Town) -> None:
    browser, program = town.visitor("stranger"), town.program("stranger")
    town.visitor("lonely").post("/admin/accounts/stranger/disable")
    assert browser.get("/account").status_code == 303
    assert program.get("/api/v1/networks").status_code == 401
