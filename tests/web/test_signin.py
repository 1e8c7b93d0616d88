"""The door: who gets in, where they land, and what guessing comes to."""

import dataclasses

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from app.accounts.signin import ATTEMPTS
from app.web.main import create_app
from app.web.pages.account import local_path
from tests.support.factory import PASSWORD
from tests.web.conftest import Town


def knock(client: TestClient, name: str, password: str = PASSWORD, to: str = "") -> Response:
    return client.post("/sign-in", data={"name": name, "password": password, "next": to})


@pytest.mark.parametrize(("name", "home"), [("alpha-admin", "/admin"), ("alpha-1", "/")])
def test_each_role_lands_where_its_work_is(town: Town, name: str, home: str) -> None:
    assert knock(town.visitor(), name).headers["location"] == home


def test_a_name_is_taken_however_it_is_typed(town: Town) -> None:
    assert knock(town.visitor(), "  Alpha-1 ").status_code == 303


def test_the_cookie_opens_the_pages(town: Town) -> None:
    browser = town.visitor()
    assert browser.get("/account").headers["location"] == "/sign-in?next=/account"
    knock(browser, "alpha-1")
    assert browser.get("/account").status_code == 200


def test_a_page_that_was_asked_for_is_shown_after_the_door(town: Town) -> None:
    answer = knock(town.visitor(), "alpha-admin", to="/admin/accounts")
    assert answer.headers["location"] == "/admin/accounts"


@pytest.mark.parametrize(
    "elsewhere",
    ["//evil.example", "/\\evil.example", "https://evil.example", "evil", "/\t/evil.example", ""],
)
def test_nobody_is_sent_to_another_site(town: Town, elsewhere: str) -> None:
    assert local_path(elsewhere) == ""
    assert knock(town.visitor(), "alpha-1", to=elsewhere).headers["location"] == "/"


@pytest.mark.parametrize(("name", "password"), [("alpha-1", "wrong"), ("no-one", PASSWORD)])
def test_wrong_names_and_wrong_passwords_are_told_alike(
    town: Town, name: str, password: str
) -> None:
    browser = town.visitor()
    answer = knock(browser, name, password)
    assert answer.status_code == 401
    assert "The name or the password is wrong." in answer.text
    assert not browser.cookies


def test_the_typed_name_is_shown_again_but_never_the_password(town: Town) -> None:
    answer = knock(town.visitor(), 'x"><script>', "secret-that-was-typed")
    assert "x&#34;&gt;&lt;script&gt;" in answer.text
    assert "secret-that-was-typed" not in answer.text


def test_guesses_are_counted_although_they_fail(town: Town) -> None:
    browser = town.visitor()
    for _ in range(ATTEMPTS):
        assert knock(browser, "alpha-1", "wrong").status_code == 401
    answer = knock(browser, "alpha-1")
    assert answer.status_code == 429
    assert "Wait ten minutes" in answer.text


def test_after_a_while_the_door_opens_again(town: Town) -> None:
    browser = town.visitor()
    for _ in range(ATTEMPTS):
        knock(browser, "alpha-1", "wrong")
    town.clock.advance(601)
    assert knock(browser, "alpha-1").status_code == 303


def test_one_names_guesses_do_not_shut_out_another(town: Town) -> None:
    browser = town.visitor()
    for _ in range(ATTEMPTS):
        knock(browser, "alpha-1", "wrong")
    assert knock(browser, "alpha-2").status_code == 303


def test_a_shut_account_does_not_get_in(town: Town) -> None:
    town.visitor("alpha-admin").post("/admin/accounts/stranger/disable")
    assert knock(town.visitor(), "stranger").status_code == 401


def test_signing_out_ends_the_sign_in_on_the_server_too(town: Town) -> None:
    browser = town.visitor("alpha-1")
    cookie = browser.cookies["maskballot"]
    answer = browser.post("/sign-out")
    assert 'maskballot=""' in answer.headers["set-cookie"]
    thief = town.visitor()
    thief.cookies.set("maskballot", cookie)
    assert thief.get("/account").status_code == 303


def test_a_sign_in_ends_by_itself(town: Town) -> None:
    browser = town.visitor("alpha-1")
    town.clock.advance(12 * 3600 + 1)
    assert browser.get("/account").status_code == 303


def test_the_cookie_is_hidden_from_scripts_and_from_other_sites(town: Town) -> None:
    flags = knock(town.visitor(), "alpha-1").headers["set-cookie"].lower().split("; ")
    assert {"httponly", "samesite=lax", "path=/", "max-age=43200"} < set(flags)
    assert "secure" not in flags


def test_over_https_the_cookie_is_secure_and_bound_to_the_host(town: Town) -> None:
    settings = town.house.settings.model_copy(update={"https": True})
    app = create_app(dataclasses.replace(town.house, settings=settings))
    browser = TestClient(app, base_url="https://testserver", follow_redirects=False)
    cookie = knock(browser, "alpha-1").headers["set-cookie"]
    assert cookie.startswith("__Host-maskballot=")
    assert "; Secure" in cookie
    assert "domain" not in cookie.lower()
    forgotten = browser.post("/sign-out").headers["set-cookie"]
    assert forgotten.startswith('__Host-maskballot=""')
    assert "; Secure" in forgotten
