"""Accounts from the command line."""

import re

from tests.support.commands import Commands

PASSWORD = re.compile(r"\w{4}(-\w{4}){3}")


def test_an_account_is_added_with_a_random_password(maskballot: Commands) -> None:
    anna = maskballot("user", "add", "anna", "--role", "physician")
    berta = maskballot("user", "add", "berta", "--role", "admin")
    first, second = PASSWORD.search(anna.out), PASSWORD.search(berta.out)
    assert first
    assert second
    assert first[0] != second[0]
    listed = maskballot("user", "list").out
    assert "anna" in listed
    assert first[0] not in listed


def test_an_account_cannot_be_added_twice(maskballot: Commands) -> None:
    maskballot("user", "add", "anna", "--role", "physician")
    said = maskballot("user", "add", "anna", "--role", "admin")
    assert said.code == 2
    assert "anna" in said.err


def test_a_password_can_be_replaced(maskballot: Commands) -> None:
    old = PASSWORD.search(maskballot("user", "add", "anna", "--role", "physician").out)
    new = PASSWORD.search(maskballot("user", "password", "anna").out)
    assert old
    assert new
    assert old[0] != new[0]


def test_an_account_can_be_shut_out_and_let_in(maskballot: Commands) -> None:
    maskballot("user", "add", "anna", "--role", "physician")
    assert maskballot("user", "disable", "anna").code == 0
    assert "disabled" in maskballot("user", "list").out
    assert maskballot("user", "enable", "anna").code == 0
    assert "disabled" not in maskballot("user", "list").out


def test_an_account_that_is_not_there_is_named(maskballot: Commands) -> None:
    for act in ("password", "disable", "enable"):
        said = maskballot("user", act, "nobody")
        assert said.code == 2
        assert "nobody" in said.err
