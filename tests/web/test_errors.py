"""Errors: told to a person or a program, with a reference where it is our fault, never more."""

import pytest
from sqlalchemy import update
from structlog.testing import capture_logs

from app.films.tables import Film
from app.web.pages.admin import studies
from app.web.security import HEADERS
from tests.web.asking import names_in
from tests.web.conftest import Town

INSIDES = ("Traceback", "sqlalchemy", "site-packages", "RuntimeError", "boom", ".py")


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the list of studies fail as a fault of ours would."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("boom: secret details of table users")

    monkeypatch.setattr(studies, "count_studies_of", fail)


@pytest.mark.usefixtures("broken")
def test_our_own_error_is_a_page_with_a_reference_and_no_insides(town: Town) -> None:
    answer = town.visitor("alpha-admin", crash=True).get("/admin/studies")
    assert answer.status_code == 500
    assert not [word for word in INSIDES if word in answer.text]
    assert "reference" in answer.text


@pytest.mark.usefixtures("broken")
def test_the_reference_finds_the_line_in_the_log(town: Town) -> None:
    browser = town.visitor("alpha-admin", crash=True)
    with capture_logs() as lines:
        answer = browser.get("/admin/studies", headers={"accept": "application/json"})
    assert answer.headers["content-type"] == "application/problem+json"
    assert [line["reference"] for line in lines] == [answer.json()["reference"]]


@pytest.mark.usefixtures("broken")
def test_our_own_error_carries_the_headers_too(town: Town) -> None:
    answer = town.visitor("alpha-admin", crash=True).get("/admin/studies")
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert answer.headers["cache-control"] == "no-store"


def test_a_missing_blob_is_our_error_and_its_digest_stays_inside(town: Town) -> None:
    names = names_in(town, town.alpha, "alpha-1")
    sha = "ab" * 32
    with town.house.sessions.begin() as session:
        session.execute(update(Film).values(blob_sha=sha))
    answer = town.visitor("alpha-1").get(f"/ballots/{names['ballot']}/film")
    assert answer.status_code == 500
    assert "reference" in answer.text
    assert sha not in answer.text
    assert "memory:" not in answer.text


def test_a_missing_page_is_a_page(town: Town) -> None:
    answer = town.visitor().get("/no/such/page")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")


def test_a_program_gets_a_problem_with_a_stable_code(town: Town) -> None:
    answer = town.program("alpha-admin").get("/api/v1/studies/no-such-study")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "urn:maskballot:problem:not-found",
        "title": "There is no such study, or you do not take part in it.",
        "status": 404,
        "code": "not-found",
        "detail": "",
    }


def test_a_program_without_a_token_is_told_how_to_send_one(town: Town) -> None:
    answer = town.visitor().get("/api/v1/studies")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert "Authorization: Bearer TOKEN" in answer.json()["detail"]


def test_a_field_that_is_not_as_expected_is_named_but_not_repeated(town: Town) -> None:
    answer = town.program("alpha-admin").get("/api/v1/studies?limit=99999")
    assert answer.status_code == 422
    assert "limit" in answer.json()["detail"]
    assert "99999" not in answer.text


def test_a_letter_that_no_database_stores_is_refused(town: Town) -> None:
    answer = town.visitor().post("/sign-in", data={"name": "a\0b", "password": "x"})
    assert answer.status_code == 422


def test_a_wrong_method_is_said(town: Town) -> None:
    assert town.visitor().post("/healthz").status_code == 405
