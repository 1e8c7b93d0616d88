"""Requests that another site makes a browser send."""

import pytest

from tests.web.conftest import Town


def lock(town: Town, **headers: str) -> int:
    browser = town.visitor("alpha-admin")
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return browser.post(f"/admin/studies/{town.alpha.study.key}/lock", headers=named).status_code


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "cross-site", "origin": "http://testserver"},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://testserver.evil.example"},
    ],
)
def test_an_act_from_another_site_is_refused(town: Town, headers: dict[str, str]) -> None:
    assert lock(town, **headers) == 403
    with town.look() as session:
        study = session.merge(town.alpha.study, load=True)
        session.refresh(study)
        assert study.state == "open"


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "none"},
        {"origin": "http://testserver"},
    ],
)
def test_an_act_from_our_own_pages_is_carried_out(town: Town, headers: dict[str, str]) -> None:
    assert lock(town, **headers) == 303


def test_another_site_may_link_to_us(town: Town) -> None:
    answer = town.visitor().get("/sign-in", headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 200


def test_nobody_is_signed_in_by_another_site(town: Town) -> None:
    sent = {"name": "alpha-1", "password": "a-password-for-tests"}
    answer = town.visitor().post("/sign-in", data=sent, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_forms_that_change_something_are_sent_by_post(town: Town) -> None:
    for act in ("open", "lock", "reopen", "settle"):
        town.visitor("alpha-admin").get(f"/admin/studies/{town.alpha.study.key}/{act}")
    with town.look() as session:
        study = session.merge(town.alpha.study, load=True)
        session.refresh(study)
        assert study.state == "open"
