"""A study's history says in its reader's language what was done, and with what."""

import pytest

from app.accounts.users import record
from tests.support.pseudo import naked
from tests.web.conftest import Town
from tests.web.languages import reads_brackets, speak

ADMIN = "alpha-admin"
# As the pages, the command line and the API have always written them.
DETAILS = [
    ("opened", "1200 new cases"),
    ("opened", "1 new cases (command line)"),
    ("locked", "(command line)"),
    ("settled", "1 drawing, 2 mask, 1 needs_drawing (command line)"),
    ("import-started", "a zip"),
    ("report-unblinded", "page"),
    ("report-unblinded", "command line"),
    ("report-unblinded", "votes.csv (API)"),
    ("member-added", "alpha-1"),
    ("member-added", "alpha-1 (command line)"),
    ("propose-started", "network:unet, network:fpn"),
    ("import-started", "films of May"),
    ("settled", "something that another release wrote"),
]


def history(town: Town) -> str:
    return f"/admin/studies/{town.alpha.study.key}/history"


def written(town: Town) -> None:
    with town.house.sessions.begin() as session:
        for action, detail in DETAILS:
            key = town.alpha.study.key
            record(session, user=None, action=action, subject=key, clock=town.clock, detail=detail)


def test_the_history_says_nothing_outside_of_the_catalogue(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = reads_brackets(town, monkeypatch, ADMIN)
    study = history(town).removesuffix("/history")
    admin.get(f"{study}/report?unblinded=yes")
    for act in ("lock", "reopen", "lock", "settle"):
        assert admin.post(f"{study}/{act}").status_code == 303
    written(town)
    page = admin.get(history(town)).text
    assert "⟦incomplete⟧: 3" in page
    assert naked(page, town.alpha.study.name) == []


def test_the_history_is_read_in_german(town: Town) -> None:
    written(town)
    speak(town, ADMIN, "de")
    page = town.visitor(ADMIN).get(history(town)).text
    for said in (
        "1.200 neue Fälle",
        "1 neuer Fall (Befehlszeile)",
        "<td>(Befehlszeile)</td>",
        "<td>Seite</td>",
        "votes.csv (API)",
        '<td translate="no">network:unet, network:fpn</td>',
        '<td translate="no">films of May</td>',
        '<td translate="no">something that another release wrote</td>',
    ):
        assert said in page
    assert "needs_drawing" not in page


def test_a_study_without_acts_says_so(town: Town) -> None:
    page = town.visitor(ADMIN).get(history(town))
    assert "No acts yet" in page.text
    assert "Acts, newest first" not in page.text
    written(town)
    page = town.visitor(ADMIN).get(history(town))
    assert "No acts yet" not in page.text
    assert "Acts, newest first" in page.text
