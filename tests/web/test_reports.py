"""The report's page and its API: blind until the study is settled, and every look is kept."""

import pytest
from sqlalchemy import select

from app.accounts.tables import AuditEvent
from app.conduct.opening import lock_study, settle
from app.studies.studies import study_named
from app.studies.tables import Study
from tests.support.factory import World
from tests.support.read_study import read_world
from tests.web.conftest import Town

SECRET = "hand-drawn"


@pytest.fixture
def read(town: Town) -> World:
    """A study that alpha's people have read to its end, in alpha's town."""
    with town.house.sessions.begin() as session:
        return read_world(session, town.house.blobs, films=4, name="gamma")


def address(world: World) -> str:
    return f"/admin/studies/{world.study.key}/report"


def events(town: Town, world: World) -> list[tuple[str, str]]:
    query = select(AuditEvent).where(AuditEvent.subject == world.study.key).order_by(AuditEvent.id)
    with town.look() as session:
        return [(event.action, event.detail) for event in session.scalars(query)]


def settled(town: Town, world: World) -> None:
    with town.house.sessions.begin() as session:
        study: Study = study_named(session, world.study.name)
        lock_study(study, clock=town.clock)
        settle(session, study, clock=town.clock)


def test_before_it_is_settled_the_page_shows_progress_and_no_source(
    town: Town, read: World
) -> None:
    page = town.visitor("gamma-admin").get(address(read)).text
    assert "12 of 12" in page
    assert "Dr. Gamma 1" in page
    assert "Show the unblinded part" in page
    for word in (SECRET, "Votes and strengths", "alpha", "Bang", "data:image"):
        assert word not in page
    assert events(town, read) == []


def test_the_unblinded_part_is_shown_on_demand_and_that_is_kept(town: Town, read: World) -> None:
    page = town.visitor("gamma-admin").get(f"{address(read)}?unblinded=yes").text
    for word in (SECRET, "Votes and strengths", "Bang’s index", "data:image/jpeg", "not settled"):
        assert word in page
    assert events(town, read) == [("report-unblinded", "page")]


def test_a_settled_study_is_reported_whole_without_asking(town: Town, read: World) -> None:
    settled(town, read)
    page = town.visitor("gamma-admin").get(address(read)).text
    assert SECRET in page
    assert "not settled" not in page
    assert ("report-unblinded", "page") not in events(town, read)


def test_no_style_or_script_stands_in_the_page(town: Town, read: World) -> None:
    page = town.visitor("gamma-admin").get(f"{address(read)}?unblinded=yes").text
    assert "<style" not in page
    assert " style=" not in page


def test_a_study_that_nobody_read_says_what_to_do(town: Town) -> None:
    page = town.visitor("alpha-admin").get(f"{address(town.alpha)}?unblinded=yes")
    assert page.status_code == 200
    assert "No answer was given yet" in page.text


def test_votes_are_not_told_before_the_study_is_settled(town: Town, read: World) -> None:
    browser = town.visitor("gamma-admin")
    assert browser.get(f"{address(read)}/votes.csv").status_code == 409
    told = browser.get(f"{address(read)}/votes.csv?unblinded=yes")
    assert told.headers["content-type"] == "text/csv; charset=utf-8"
    assert told.text.startswith("readerID,caseID,modalityID,score,truth,answer")
    assert events(town, read) == [("report-unblinded", "votes.csv")]


def test_programs_get_the_same_and_it_is_kept_too(town: Town, read: World) -> None:
    program, api = town.program("gamma-admin"), f"/api/v1/studies/{read.study.key}/report"
    blind = program.get(api).json()
    assert blind["progress"]["have"] == 12
    assert blind["unblinded"] is None
    assert program.get(f"{api}/votes.csv").json()["code"] == "still-blind"
    told = program.get(f"{api}?unblinded=true").json()["unblinded"]
    assert told["findings"]["answers"] == 12
    assert sum(share["votes"] for share in told["findings"]["shares"]) == pytest.approx(12)
    assert program.get(f"{api}/votes.csv?unblinded=true").text.count("\n") > 12
    assert events(town, read) == [
        ("report-unblinded", "report (API)"),
        ("report-unblinded", "votes.csv (API)"),
    ]


def test_the_page_hands_out_the_same_json(town: Town, read: World) -> None:
    browser = town.visitor("gamma-admin")
    assert browser.get(f"{address(read)}/report.json").json()["unblinded"] is None
    told = browser.get(f"{address(read)}/report.json?unblinded=yes").json()
    assert told["unblinded"]["findings"]["sources"][0] == "manual"


def test_no_physician_gets_near_it_not_even_afterwards(town: Town, read: World) -> None:
    settled(town, read)
    browser, program = town.visitor("gamma-1"), town.program("gamma-1")
    for more in ("", "?unblinded=yes", "/votes.csv", "/report.json"):
        assert browser.get(f"{address(read)}{more}").status_code == 403
    for more in ("", "/votes.csv"):
        assert program.get(f"/api/v1/studies/{read.study.key}/report{more}").status_code == 403


def test_the_same_votes_give_the_same_report(town: Town, read: World) -> None:
    program, api = town.program("gamma-admin"), f"/api/v1/studies/{read.study.key}/report"
    assert program.get(f"{api}?unblinded=true").text == program.get(f"{api}?unblinded=true").text
