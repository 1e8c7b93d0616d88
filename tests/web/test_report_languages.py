"""A study's report says every word in the language of its reader; programs read one language."""

import json

import pytest
from fastapi.testclient import TestClient

from tests.support.factory import World
from tests.support.pseudo import naked
from tests.support.read_study import read_world
from tests.web.conftest import Town
from tests.web.languages import reads_brackets, speak

ADMIN = "gamma-admin"


@pytest.fixture
def read(town: Town) -> World:
    """A study that was read to its end."""
    with town.house.sessions.begin() as session:
        return read_world(session, town.house.blobs, films=4, name="gamma")


def report_of(world: World, part: str = "") -> str:
    return f"/admin/studies/{world.study.key}/report{part}?unblinded=yes"


def own(world: World) -> list[str]:
    """What is data on the page: names of readers, of films and of networks, and the key."""
    names = [user.full_name for user in world.physicians] + [film.name for film in world.films]
    networks = [name.removeprefix("network:") for name in world.study.networks]
    return [*names, world.study.name, world.study.key, *networks]


def test_the_whole_report_says_nothing_outside_of_the_catalogue(
    town: Town, read: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = reads_brackets(town, monkeypatch, ADMIN)
    page = admin.get(report_of(read)).text
    assert "⟦Votes and strengths⟧" in page
    assert naked(page, *own(read)) == []


def test_the_german_report_writes_numbers_as_german_does(town: Town, read: World) -> None:
    speak(town, ADMIN, "de")
    page = town.visitor(ADMIN).get(report_of(read)).text
    assert "Hielt die Verblindung?" in page
    assert "25,0\xa0%" in page  # the chance of four masks
    assert "25.0" not in page


def test_what_programs_read_of_a_report_is_the_same_in_every_language(
    town: Town, read: World
) -> None:
    def programs(admin: TestClient) -> list[object]:
        told = json.loads(admin.get(report_of(read, "/report.json")).text)
        return [told, admin.get(report_of(read, "/votes.csv")).text]

    english = programs(town.visitor(ADMIN))
    speak(town, ADMIN, "de")
    assert programs(town.visitor(ADMIN)) == english
