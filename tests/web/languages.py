"""Accounts of a town that read another language."""

import pytest
from fastapi.testclient import TestClient

from app.accounts.users import set_language, user_named
from app.words.catalogue import catalogues
from tests.support.pseudo import TAG, pseudo_language
from tests.web.conftest import Town


def speak(town: Town, name: str, language: str) -> None:
    with town.house.sessions.begin() as session:
        set_language(session, user=user_named(session, name), language=language)


def reads_brackets(town: Town, monkeypatch: pytest.MonkeyPatch, name: str) -> TestClient:
    """A visitor whose pages put every word of the catalogue in brackets."""
    monkeypatch.setitem(catalogues(), TAG, pseudo_language())
    speak(town, name, TAG)
    return town.visitor(name)
