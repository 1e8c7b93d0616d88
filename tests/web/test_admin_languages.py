"""An admin's pages, and those of maps, networks and the API, in the language of the account."""

import pytest
from fastapi.testclient import TestClient

from app.conduct.opening import lock_study, settle
from app.networks.manifest import read_manifest
from app.studies.states import State
from app.studies.studies import study_named
from tests.support.addresses import ADMINS, CLOSED, SENT_BY_ADMIN, SENT_WHEN_CLOSED, Sent
from tests.support.answers import choose
from tests.support.pseudo import naked
from tests.web.conftest import Town
from tests.web.languages import reads_brackets, speak
from tests.web.test_physician import deal, send

ADMIN = "alpha-admin"
PAGES = [
    *ADMINS,
    "/admin/studies/new?stage=2",
    "/admin/studies/{study}/open",
    "/admin/accounts?done=disabled",
    "/networks/no-such-network",
]


@pytest.fixture
def bracketed(town: Town, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """An admin whose pages put every word of the catalogue in brackets."""
    return reads_brackets(town, monkeypatch, ADMIN)


def move(town: Town, to: State) -> None:
    with town.house.sessions.begin() as session:
        study = study_named(session, town.alpha.study.key)
        lock_study(study, clock=town.house.clock)
        if to is State.SETTLED:
            settle(session, study, clock=town.house.clock)


def own(town: Town) -> list[str]:
    """What is data on pages of the study: names, its key, networks with their titles."""
    world = town.alpha
    titles = [entry.title for entry in read_manifest(town.house.settings.models).networks]
    networks = [name.removeprefix("network:") for name in world.study.networks]
    names = [user.full_name for user in world.physicians]
    return [world.study.name, world.study.key, *titles, *names, *networks]


def said(admin: TestClient, town: Town, path: str) -> list[str]:
    film = town.alpha.films[0]
    address = path.format(study=town.alpha.study.key, film=film.pixels_sha, network="unet")
    answer = admin.get(address)
    assert answer.status_code in (200, 404, 409), address
    return naked(answer.text, film.name, film.pixels_sha, *own(town))


def answered(admin: TestClient, town: Town, sent: Sent) -> list[str]:
    path, form, status = sent
    answer = admin.post(path.format(study=town.alpha.study.key), data=form)
    assert answer.status_code == status, path
    return naked(answer.text, *own(town))


def test_pages_say_nothing_outside_of_the_catalogue(bracketed: TestClient, town: Town) -> None:
    reader = town.visitor("alpha-1")
    send(reader, deal(reader, town), choose("A"))
    bare = {path: said(bracketed, town, path) for path in PAGES}
    assert {path: words for path, words in bare.items() if words} == {}


@pytest.mark.parametrize("state", [State.LOCKED, State.SETTLED])
def test_a_study_that_is_closed_says_nothing_outside_of_the_catalogue(
    bracketed: TestClient, town: Town, state: State
) -> None:
    move(town, state)
    bare = {path: said(bracketed, town, path) for path in CLOSED}
    bare |= {sent[0]: answered(bracketed, town, sent) for sent in SENT_WHEN_CLOSED}
    assert {path: words for path, words in bare.items() if words} == {}


@pytest.mark.parametrize("sent", SENT_BY_ADMIN, ids=lambda sent: sent[0])
def test_what_is_answered_to_an_admin_is_said_in_the_catalogues_words(
    bracketed: TestClient, town: Town, sent: Sent
) -> None:
    assert answered(bracketed, town, sent) == []


def test_an_admin_reads_german(town: Town) -> None:
    speak(town, ADMIN, "de")
    admin = town.visitor(ADMIN)
    page = admin.get(f"/admin/studies/{town.alpha.study.key}").text
    assert '<html lang="de"' in page
    assert "Was als Nächstes kommt" in page
    refused = admin.post("/admin/accounts/alpha-admin/disable").text
    assert "Ihr eigenes Konto können Sie nicht sperren." in refused


def test_what_programs_read_stays_english(town: Town) -> None:
    speak(town, ADMIN, "de")
    study = f"/admin/studies/{town.alpha.study.key}"
    told = town.visitor(ADMIN).get(f"{study}/report/votes.csv?unblinded=yes").text
    assert told.startswith("readerID,caseID,")
