"""The pages on PostgreSQL, which is stricter than SQLite in what it stores and compares."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.blobs.store import BlobStore
from app.clock import FixedClock
from app.settings import Settings
from app.web.house import House, build_house
from app.web.main import create_app
from tests.support.answers import choose
from tests.support.factory import START
from tests.support.routes import route_table
from tests.web.access import rule_of
from tests.web.asking import client_of, fill, names_in
from tests.web.conftest import Town, populate

ODD = ("0", "99999999999999999999", "%00", "%ff", "nobody-here")


@pytest.fixture
def large_town(home: Path, postgresql_url: str, models: Path) -> Iterator[Town]:
    """The two worlds on PostgreSQL; physicians' requests go through the role that reads less."""
    settings = Settings(home=home, database_url=postgresql_url, models=models)
    built = build_house(settings, clock=FixedClock(START))
    blobs = BlobStore("memory://")
    house = House(settings, built.clock, blobs, built.engine, built.reader)
    with house.sessions.begin() as session:
        alpha, beta = populate(session, blobs)
    yield Town(create_app(house), house, FixedClock(START), alpha, beta)
    built.engine.dispose()
    built.reader.dispose()


def test_every_page_is_answered_and_no_odd_name_is_a_crash(large_town: Town) -> None:
    names = names_in(large_town, large_town.alpha, "alpha-1")
    for person in ("alpha-1", "alpha-admin", "token of alpha-admin"):
        client = client_of(large_town, person)
        for entry in route_table(large_town.app):
            if entry.method == "GET" and not rule_of(entry).expected(person):
                got = client.get(fill(entry.path, names))
                assert got.status_code < 500, (entry, person)
            for odd in ODD if "{" in entry.path else ():
                got = client.request(entry.method, fill(entry.path, dict.fromkeys(names, odd)))
                assert 300 <= got.status_code < 500, (entry, person, odd)


def test_a_comment_keeps_its_lines_and_is_refused_where_it_cannot_be_stored(
    large_town: Town,
) -> None:
    names = names_in(large_town, large_town.alpha, "alpha-1")
    reader, address = large_town.visitor("alpha-1"), f"/ballots/{names['ballot']}/answers"
    for comment, status in (("no\0thing", 422), ("two\nlines é 🫁", 201)):
        sent = choose("A").model_dump(mode="json") | {"comment": comment}
        assert reader.post(address, json=sent).status_code == status


def test_odd_words_in_forms_are_no_crash(large_town: Town) -> None:
    admin = large_town.visitor("alpha-admin")
    films = f"/admin/studies/{large_town.alpha.study.key}/films"
    for odd in ("\0", "%", "'", "\U0010ffff", "x" * 201):
        answers = (
            large_town.visitor().post("/sign-in", data={"name": odd, "password": odd}),
            admin.get(films, params={"beginning": odd}),
            admin.post("/admin/accounts", data={"name": odd, "full_name": odd}),
            admin.post("/admin/studies", data={"name": odd}),
            admin.post("/account/tokens", data={"title": odd}),
        )
        assert max(answer.status_code for answer in answers) < 500, odd
