"""One's own account: password and tokens."""

import re

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select

from app.accounts.signin import ATTEMPTS
from app.accounts.tables import ApiToken, AuditEvent
from tests.support.factory import PASSWORD
from tests.web.conftest import Town

FRESH = "another-password-for-tests"


def change(
    browser: TestClient, current: str = PASSWORD, fresh: str = FRESH, again: str = FRESH
) -> Response:
    return browser.post(
        "/account/password", data={"current": current, "fresh": fresh, "again": again}
    )


def test_a_changed_password_counts_and_ends_the_other_sign_ins(town: Town) -> None:
    here, elsewhere = town.visitor("alpha-1"), town.visitor("alpha-1")
    answer = change(here)
    assert answer.headers["location"] == "/account?done=password"
    assert "The new password counts" in here.get("/account?done=password").text
    assert elsewhere.get("/account").status_code == 303
    for password, status in ((PASSWORD, 401), (FRESH, 303)):
        sent = {"name": "alpha-1", "password": password}
        assert town.visitor().post("/sign-in", data=sent).status_code == status


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"current": "wrong"}, "The present password is wrong."),
        ({"again": "differs"}, "The two new passwords differ."),
        ({"fresh": "short", "again": "short"}, "12 to 200 characters"),
        ({"fresh": "x" * 201, "again": "x" * 201}, "12 to 200 characters"),
    ],
)
def test_a_refused_change_is_told_and_changes_nothing(
    town: Town, typed: dict[str, str], said: str
) -> None:
    browser = town.visitor("alpha-1")
    answer = change(browser, **typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert browser.get("/account").status_code == 200


def test_guesses_at_the_present_password_are_limited(town: Town) -> None:
    browser = town.visitor("alpha-1")
    for _ in range(ATTEMPTS):
        change(browser, current="wrong")
    assert change(browser).status_code == 429


def test_a_token_is_shown_once_and_works(town: Town) -> None:
    browser = town.visitor("alpha-admin")
    shown = browser.post("/account/tokens", data={"title": "nightly"})
    token = re.search(r"mb_[\w-]{43}", shown.text)
    assert token is not None
    program = TestClient(town.app, headers={"authorization": f"Bearer {token[0]}"})
    assert program.get("/api/v1/studies").status_code == 200
    listed = browser.get("/account").text
    assert "nightly" in listed
    assert token[0] not in listed


def test_a_revoked_token_is_refused(town: Town) -> None:
    browser, program = town.visitor("alpha-1"), town.program("alpha-1")
    assert program.get("/api/v1/networks").status_code == 200
    with town.look() as session:
        token_id = session.scalar(select(ApiToken.id))
    browser.post(f"/account/tokens/{token_id}/revoke")
    assert program.get("/api/v1/networks").json()["code"] == "token-refused"


def test_nobody_revokes_anothers_token(town: Town) -> None:
    program = town.program("alpha-1")
    with town.look() as session:
        token_id = session.scalar(select(ApiToken.id))
    assert town.visitor("alpha-2").post(f"/account/tokens/{token_id}/revoke").status_code == 404
    assert program.get("/api/v1/networks").status_code == 200


def test_what_one_does_to_ones_account_is_written_down(town: Town) -> None:
    browser = town.visitor("alpha-1")
    browser.post("/account/tokens", data={"title": "nightly"})
    change(browser)
    with town.look() as session:
        actions = session.scalars(select(AuditEvent.action)).all()
        details = "".join(session.scalars(select(AuditEvent.detail)))
    assert actions == ["token-made", "password-changed"]
    assert FRESH not in details
    assert "mb_" not in details
