"""Every word that a physician reads comes from the catalogue, in the language of the account."""

import json

import pytest
from fastapi.testclient import TestClient

from app.words import catalogue
from app.words.catalogue import catalogues, wanted
from tests.support.addresses import DOOR, READERS, SENT_AT_DOOR, SENT_BY_READER
from tests.support.answers import choose
from tests.support.pseudo import TAG, naked, pseudo_language
from tests.web.conftest import Town
from tests.web.languages import reads_brackets, speak
from tests.web.test_physician import deal, send, study_of

READER = "alpha-1"


@pytest.fixture
def bracketed(town: Town, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """A physician whose pages put every word of the catalogue in brackets."""
    return reads_brackets(town, monkeypatch, READER)


@pytest.mark.parametrize("path", READERS)
def test_a_page_says_nothing_outside_of_the_catalogue(
    bracketed: TestClient, town: Town, path: str
) -> None:
    ballot = deal(bracketed, town).removeprefix("/ballots/") if "{ballot}" in path else ""
    answer = bracketed.get(path.format(study=town.alpha.study.key, ballot=ballot))
    assert answer.status_code == 200
    assert naked(answer.text, town.alpha.study.name) == []


@pytest.mark.parametrize(("path", "form", "status"), SENT_BY_READER)
def test_what_an_account_is_refused_is_said_in_the_catalogues_words(
    bracketed: TestClient, path: str, form: dict[str, str], status: int
) -> None:
    answer = bracketed.post(path, data=form)
    assert answer.status_code == status
    assert naked(answer.text) == []


def test_a_study_says_nothing_outside_of_the_catalogue(bracketed: TestClient, town: Town) -> None:
    for letter in "AB":
        send(bracketed, deal(bracketed, town), choose(letter))
    page = bracketed.get(study_of(town)).text
    assert naked(page, town.alpha.study.name) == []
    assert "⟦Look again⟧" in page


def test_the_door_says_nothing_outside_of_the_catalogue(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(catalogues(), TAG, pseudo_language())
    door = town.visitor()
    door.headers["accept-language"] = TAG
    assert [naked(door.get(path).text) for path in DOOR] == [[]]
    for path, form, status in SENT_AT_DOOR:
        refused = door.post(path, data=form)
        assert refused.status_code == status
        assert naked(refused.text) == []
    assert naked(door.get("/no-such-page").text) == []


def test_a_bare_word_is_found() -> None:
    assert naked("<p>⟦Hello⟧ <b translate=no>Anna</b></p>") == []
    assert naked("<p>⟦Hello⟧ there</p><a title='go'></a>") == ["there", "go"]


def test_an_account_chooses_its_language(town: Town) -> None:
    anna = town.visitor(READER)
    assert '<html lang="en"' in anna.get("/").text
    assert anna.post("/account/language", data={"tag": "de"}).status_code == 303
    page = anna.get("/").text
    assert '<html lang="de"' in page
    assert "Meine Studien" in page
    anna.post("/account/language", data={"tag": "no-such-language"})
    assert '<html lang="en"' in anna.get("/").text


def test_where_nothing_is_chosen_the_browser_says_what_its_reader_reads(town: Town) -> None:
    visitor = town.visitor()
    visitor.headers["accept-language"] = "xx, de-AT;q=0.8, en;q=0.5"
    assert "Anmelden" in visitor.get("/sign-in").text


def test_a_refusal_is_said_in_the_language_too(town: Town) -> None:
    speak(town, READER, "de")
    anna = town.visitor(READER)
    said = anna.get("/ballots/aaaaaaaaaaaaaaaaaaaaaaaaaa", headers={"accept": "application/json"})
    assert said.json()["title"] == "Diesen Fall gibt es nicht, oder er ist nicht Ihrer."
    assert said.json()["code"] == "not-found"


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-CH, fr;q=0.9", "de"),
        ("en-GB, de;q=0.9", "en"),
        ("de;q=0", "en"),
        ("xx;q=nonsense, *;q=0.1", "en"),
        (",;q=,=", "en"),
    ],
)
def test_the_language_that_the_browser_likes_best(accept: str, language: str) -> None:
    assert wanted(accept) == language


def test_the_browsers_words_lie_under_an_address_of_their_own(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    pseudo = pseudo_language()
    one = catalogue.Catalogue(TAG, pseudo.translations, ("Film", ("{count} film", "{count} films")))
    monkeypatch.setitem(catalogues(), TAG, one)
    answer = town.visitor().get(one.address)
    assert answer.headers["cache-control"].endswith("immutable")
    words = json.loads(answer.content)
    assert words["Film"] == "⟦Film⟧"
    assert words["{count} film"] == {"one": "⟦{count} film⟧", "other": "⟦{count} films⟧"}
    assert town.visitor().get("/words/sv-0000.json").status_code == 404
