"""The REST API: what a program of an admin gets."""

import io
import json
import zipfile
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from app.accounts.users import user_named
from app.ballots.deal import next_ballot
from app.conduct import answering, opening
from app.conduct.background import kinds
from app.runs.execute import Hands
from app.runs.tables import Run
from app.studies.studies import study_named
from tests.support.answers import choose
from tests.web.conftest import Town


def items(program: TestClient, address: str, limit: int) -> list[dict[str, Any]]:
    """Return a whole list, page by page."""
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = program.get(address, params={"cursor": cursor, "limit": limit}).json()
        assert len(page["items"]) <= limit
        found += page["items"]
        cursor = page["next"]
    return found


def api(town: Town) -> str:
    return f"/api/v1/studies/{town.alpha.study.key}"


@pytest.fixture
def settled(town: Town) -> None:
    """Alpha's cases are answered twice, alike, and settled."""
    with town.house.sessions.begin() as session:
        study = study_named(session, "Study alpha")
        for name in ("alpha-1", "alpha-2"):
            physician = user_named(session, name)
            while ballot := next_ballot(session, study, physician=physician, clock=town.clock):
                best = min(range(4), key=lambda place: ballot.slots[place].candidate_id)
                sent = choose("ABCD"[best])
                answering.answer(session, ballot=ballot, sent=sent, clock=town.clock)
        opening.lock_study(study, clock=town.clock)
        opening.settle(session, study, clock=town.clock)


def work(town: Town) -> None:
    hands = Hands(
        town.house.sessions, kinds=kinds(town.house.settings, town.house.blobs), clock=town.clock
    )
    with town.look() as session:
        run_id = session.scalar(select(func.max(Run.id))) or 0
    hands.work_through(run_id)


def test_a_study_says_how_far_it_is(town: Town) -> None:
    study = town.program("alpha-admin").get(api(town)).json()
    assert study["state"] == "open"
    assert (study["cases"], study["answers"], study["wanted"]) == (3, 0, 6)
    assert study["created_at"].endswith("Z")


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_films_come_page_by_page_each_once(town: Town, limit: int) -> None:
    found = items(town.program("alpha-admin"), f"{api(town)}/films", limit)
    assert [film["name"] for film in found] == [film.name for film in town.alpha.films]
    assert {film["candidates"] for film in found} == {4}
    assert all(film["hand_drawn"] for film in found)


@pytest.mark.parametrize("cursor", ["x", "YQ", "YWZ0ZXI6LTE", "YWZ0ZXI6OTk5OTk5OTk5OTk5OTk", "é"])
def test_a_cursor_from_elsewhere_is_refused(town: Town, cursor: str) -> None:
    answer = town.program("alpha-admin").get(f"{api(town)}/films", params={"cursor": cursor})
    assert answer.status_code == 400
    assert answer.json()["code"] == "cursor-refused"


def test_before_it_is_settled_a_study_tells_no_source(town: Town) -> None:
    program = town.program("alpha-admin")
    assert program.get(f"{api(town)}/settlements").json() == {"items": [], "next": None}
    assert "network:" not in program.get(f"{api(town)}/films").text


@pytest.mark.usefixtures("settled")
def test_a_settled_study_tells_outcome_source_and_agreement(town: Town) -> None:
    found = items(town.program("alpha-admin"), f"{api(town)}/settlements", 2)
    assert [(one["outcome"], one["source"], one["votes"]) for one in found] == [
        ("mask", "manual", 2)
    ] * 3
    assert {one["agreement"] for one in found} == {1.0}


@pytest.mark.usefixtures("settled")
def test_an_export_is_started_watched_and_downloaded(town: Town) -> None:
    program = town.program("alpha-admin")
    started = program.post(f"{api(town)}/exports")
    assert started.status_code == 202
    assert program.get(started.headers["location"]).json()["state"] == "queued"
    work(town)
    run = program.get(started.headers["location"]).json()
    assert (run["state"], run["done"], run["notes"]) == ("done", 3, None)
    (export,) = program.get(f"{api(town)}/exports").json()["items"]
    assert export["films"] == 3
    download = program.get(export["download"])
    assert download.headers["content-type"] == "application/zip"
    names = zipfile.ZipFile(io.BytesIO(download.content)).namelist()
    assert sum(name.startswith("training-set/films/") for name in names) == 3


@pytest.mark.usefixtures("settled")
def test_the_same_study_exports_to_the_same_bytes(town: Town) -> None:
    program = town.program("alpha-admin")
    downloads = []
    for _ in range(2):
        program.post(f"{api(town)}/exports")
        work(town)
        (export,) = program.get(f"{api(town)}/exports").json()["items"]
        downloads.append(program.get(export["download"]).content)
        for path in town.house.settings.exports.iterdir():
            path.unlink()
        assert program.get(export["download"]).json()["code"] == "export-gone"
        assert program.get(f"{api(town)}/exports/{export['id']}").json()["download"] is None
    assert downloads[0] == downloads[1]


def test_a_study_that_is_not_settled_is_not_exported(town: Town) -> None:
    answer = town.program("alpha-admin").post(f"{api(town)}/exports")
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong-state")


def test_networks_are_listed_in_the_order_of_the_manifest(town: Town) -> None:
    program = town.program("stranger")
    listed = program.get("/api/v1/networks").json()["items"]
    assert [network["name"] for network in listed] == ["north", "south", "west"]
    assert program.get("/api/v1/networks/south").json() == listed[1]
    assert program.get("/api/v1/networks/nowhere").json()["code"] == "not-found"


def test_every_route_is_described_with_an_example_and_its_problems(town: Town) -> None:
    document = town.app.openapi()
    for path, methods in document["paths"].items():
        for said in methods.values():
            assert said["summary"], path
            assert "Raises" not in said.get("description", ""), path
            for status, answer in said["responses"].items():
                if status.startswith("4"):
                    assert "application/problem+json" in answer["content"], (path, status)
    for name, schema in document["components"]["schemas"].items():
        if name.endswith("Out"):
            assert schema.get("examples"), name


def test_the_examples_fit_their_own_schemas() -> None:
    from app.web.api import models, problems

    for module in (models, problems):
        for name, model in vars(module).items():
            if name.endswith("Out"):
                config = model.model_config["json_schema_extra"]
                model.model_validate_json(json.dumps(config["examples"][0]))


def test_the_page_of_the_api_lists_every_route(town: Town) -> None:
    page = town.visitor("stranger").get("/api").text
    for path in town.app.openapi()["paths"]:
        assert path in page
