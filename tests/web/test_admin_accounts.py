"""Accounts, as an admin keeps them."""

import re

import pytest
from sqlalchemy import select

from app.accounts.tables import AuditEvent, User
from tests.support.factory import PASSWORD
from tests.web.conftest import Town

SECRET = r"(?:[a-z2-9]{4}-){3}[a-z2-9]{4}"


def secret_in(text: str) -> str:
    found = re.search(SECRET, text)
    assert found is not None
    return found[0]


def may_sign_in(town: Town, name: str, password: str) -> bool:
    answer = town.visitor().post("/sign-in", data={"name": name, "password": password})
    return answer.status_code == 303


def test_a_new_account_gets_a_random_password_that_is_shown_once(town: Town) -> None:
    admin = town.visitor("lonely")
    sent = {"name": "Grace", "full_name": "Dr. Grace Hopper", "role": "physician"}
    secret = secret_in(admin.post("/admin/accounts", data=sent).text)
    assert may_sign_in(town, "grace", secret)
    again = admin.get("/admin/accounts").text
    assert "Dr. Grace Hopper" in again
    assert secret not in again


@pytest.mark.parametrize("name", ["", "two words", "../up", "a/b", "alpha-1", "x" * 81, "."])
def test_a_refused_account_is_told_with_what_was_typed(town: Town, name: str) -> None:
    sent = {"name": name, "full_name": "Dr. Kept", "role": "admin"}
    answer = town.visitor("lonely").post("/admin/accounts", data=sent)
    assert answer.status_code == 422
    assert "Dr. Kept" in answer.text
    assert "shown only this once" not in answer.text


def test_a_mail_address_is_a_name(town: Town) -> None:
    admin = town.visitor("lonely")
    admin.post("/admin/accounts", data={"name": "ada+x@hospital.org", "role": "physician"})
    page = admin.get("/admin/accounts").text
    address = "/admin/accounts/ada%2Bx%40hospital.org/reset"
    assert address in page
    assert admin.get(address).status_code == 200


def test_a_reset_password_works_and_the_old_one_does_not(town: Town) -> None:
    admin, browser = town.visitor("lonely"), town.visitor("stranger")
    assert "Reset the password of Dr. Stranger?" in admin.get("/admin/accounts/stranger/reset").text
    secret = secret_in(admin.post("/admin/accounts/stranger/reset").text)
    assert may_sign_in(town, "stranger", secret)
    assert not may_sign_in(town, "stranger", PASSWORD)
    assert browser.get("/account").status_code == 303


def test_a_shut_account_can_be_opened_again(town: Town) -> None:
    admin = town.visitor("lonely")
    admin.post("/admin/accounts/stranger/disable")
    assert not may_sign_in(town, "stranger", PASSWORD)
    admin.post("/admin/accounts/stranger/enable")
    assert may_sign_in(town, "stranger", PASSWORD)


def test_nobody_shuts_their_own_account(town: Town) -> None:
    answer = town.visitor("lonely").post("/admin/accounts/lonely/disable")
    assert answer.status_code == 422
    assert "your own account" in answer.text


def test_long_lists_come_in_pages_and_a_page_beyond_the_end_is_the_last(town: Town) -> None:
    with town.house.sessions.begin() as session:
        hashed = session.scalar(select(User.password_hash)) or ""
        for number in range(60):
            session.add(
                User(
                    name=f"reader-{number:03d}",
                    full_name=f"Reader {number:03d}",
                    role="physician",
                    password_hash=hashed,
                    created_at=town.clock.now(),
                )
            )
    admin = town.visitor("lonely")
    assert "1–50 of 70" in admin.get("/admin/accounts").text
    last = admin.get("/admin/accounts?page=99").text
    assert "51–70 of 70" in last
    assert "stranger" in last


def test_every_act_is_written_down_without_a_secret(town: Town) -> None:
    admin = town.visitor("lonely")
    secret = secret_in(admin.post("/admin/accounts/stranger/reset").text)
    with town.look() as session:
        event = session.scalars(select(AuditEvent)).one()
    assert (event.action, event.subject) == ("password-reset", "stranger")
    assert secret not in event.detail
