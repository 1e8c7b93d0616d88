"""``maskballot report``: the same report in a file, and blind until it is asked for."""

import csv
import json
from pathlib import Path

import pytest
from sqlalchemy import select

from app.accounts.tables import AuditEvent
from app.cli.house import enter
from app.cli.leaving import leaving
from tests.support.commands import Commands
from tests.support.read_study import read_world


@pytest.fixture
def study(home: Path) -> str:
    """A study in the home folder that its physicians have read."""
    with leaving:
        house = enter()
        with house.sessions.begin() as session:
            return read_world(session, house.blobs, films=3).study.name


def test_a_study_that_is_not_settled_tells_progress_alone(
    maskballot: Commands, study: str, tmp_path: Path
) -> None:
    said = maskballot(
        "report", "--study", study, "--html", tmp_path / "r.html", "--json", tmp_path / "r.json"
    )
    assert said.code == 0
    assert "9 of 9 answers" in said.out
    assert "--unblinded" in said.out
    assert "hand-drawn" not in (tmp_path / "r.html").read_text() + said.out
    assert json.loads((tmp_path / "r.json").read_text())["unblinded"] is None


def test_votes_are_refused_until_they_are_asked_for(
    maskballot: Commands, study: str, tmp_path: Path
) -> None:
    said = maskballot("report", "--study", study, "--csv", tmp_path / "votes.csv")
    assert said.code == 2
    assert "may bias" in said.err
    assert not (tmp_path / "votes.csv").exists()


def test_page_numbers_and_votes_are_written_and_the_look_is_kept(
    maskballot: Commands, study: str, tmp_path: Path
) -> None:
    files = [tmp_path / name for name in ("r.html", "r.json", "votes.csv")]
    ways = zip(("--html", "--json", "--csv"), files, strict=True)
    said = maskballot(
        "report", "--study", study, "--unblinded", *(part for way in ways for part in way)
    )
    assert said.code == 0, said.err
    assert "hand-drawn" in said.out
    page = files[0].read_text()
    assert "Votes and strengths" in page
    assert "<link" not in page
    assert "src=" not in page
    answers = json.loads(files[1].read_text())["unblinded"]["findings"]["answers"]
    rows = list(csv.DictReader(files[2].read_text().splitlines()))
    assert sum(row["repeat"] == "0" and row["kind"] == "choice" for row in rows) == answers
    with leaving, enter().sessions() as session:
        events = session.scalars(select(AuditEvent).where(AuditEvent.action == "report-unblinded"))
        assert [event.detail for event in events] == ["command line"]


def test_the_page_is_written_in_the_language_asked_for(
    maskballot: Commands, study: str, tmp_path: Path
) -> None:
    page = tmp_path / "r.html"
    said = maskballot("report", "--study", study, "--unblinded", "--html", page, "--language", "de")
    assert said.code == 0, said.err
    assert '<html lang="de">' in page.read_text()
    assert "Hielt die Verblindung?" in page.read_text()
    assert "of votes" in said.out  # the command itself speaks English
    refused = maskballot("report", "--study", study, "--html", page, "--language", "xx")
    assert (refused.code, "there are en, de" in refused.err) == (2, True)
