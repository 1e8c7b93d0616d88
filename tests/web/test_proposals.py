"""The page of a study's proposals, and the run behind it."""

import json

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.conduct.background import kinds
from app.proposals.planting import planted, uproot
from app.proposals.tables import Candidate
from app.runs.execute import Hands
from app.runs.tables import Run
from app.studies.protocol import Design
from app.studies.studies import study_named
from tests.support.factory import NETWORKS, World, make_world, propose_all
from tests.support.sentinels import confirm, connections_at_each_blob, plant_sentinels
from tests.web.conftest import Town


@pytest.fixture
def draft(town: Town) -> World:
    """A draft of four films, whose admin is *gamma-admin*."""
    with town.house.sessions.begin() as session:
        world = make_world(
            session, town.house.blobs, name="gamma", films=4, is_open=False, seed="9a" * 32
        )
        session.flush()
        session.expunge_all()
    return world


def page(world: World) -> str:
    return f"/admin/studies/{world.study.key}/propose"


def work(town: Town) -> Run:
    hands = Hands(
        town.house.sessions, kinds=kinds(town.house.settings, town.house.blobs), clock=town.clock
    )
    with town.look() as session:
        run_id = session.scalar(select(func.max(Run.id))) or 0
    hands.work_through(run_id)
    with town.look() as session:
        return session.get_one(Run, run_id)


def test_the_chosen_networks_draw_a_candidate_of_every_film(town: Town, draft: World) -> None:
    admin = town.visitor("gamma-admin")
    answer = admin.post(page(draft), data={"networks": ["north", "west"]})
    assert answer.headers["location"] == page(draft)
    run = work(town)
    assert (run.state, run.done, run.error) == ("done", 4, None)
    with town.look() as session:
        assert study_named(session, "Study gamma").networks == ["north", "west"]
        film_ids = [film.id for film in draft.films]
        query = select(func.count()).where(Candidate.film_id.in_(film_ids))
        assert session.scalar(query) == 4 * 3


def test_a_study_can_be_taken_from_import_to_opening_on_the_pages(town: Town, draft: World) -> None:
    admin = town.visitor("gamma-admin")
    study = f"/admin/studies/{draft.study.key}"
    assert "Propose" in admin.get(study).text
    admin.post(page(draft), data={"networks": ["north"]})
    work(town)
    assert "4 cases are laid out for 3 physicians" in admin.get(f"{study}/open").text
    assert admin.post(f"{study}/open").headers["location"] == f"{study}?done=opened"
    reader = town.visitor("gamma-1")
    assert reader.get(f"/studies/{draft.study.key}").status_code == 200


def test_an_unknown_network_is_refused_and_no_run_is_started(town: Town, draft: World) -> None:
    answer = town.visitor("gamma-admin").post(page(draft), data={"networks": ["nowhere"]})
    assert answer.status_code == 422
    assert "There is no network" in answer.text
    with town.look() as session:
        assert session.scalar(select(func.count()).select_from(Run)) == 0
        assert study_named(session, "Study gamma").networks == list(draft.study.networks)


def test_with_other_networks_a_draft_has_its_sentinels_made_anew(town: Town) -> None:
    """Else the older sentinels alone would have a mask less, or more, than the ballots."""
    with town.house.sessions.begin() as session:
        worlds = [with_sentinels(session, town, name) for name in ("delta", "epsilon")]
    films, others = ([film.id for film in world.films] for world in worlds)
    admin = town.visitor("delta-admin")

    def made(film_ids: list[int]) -> list[int]:
        with town.look() as session:
            ids = [one for masks in planted(session, film_ids=film_ids).values() for one in masks]
            return list(session.scalars(select(Candidate.id).where(Candidate.id.in_(ids))))

    first, beside = made(films), made(others)
    admin.post(page(worlds[0]), data={"networks": [*reversed(NETWORKS)]})
    assert made(films) == first != []
    admin.post(page(worlds[0]), data={"networks": NETWORKS[:2]})
    assert made(films) == []
    assert made(others) == beside
    with town.look() as session:
        assert not session.scalars(select(Candidate.id).where(Candidate.id.in_(first))).all()


def test_opening_makes_the_sentinels_that_are_lacking_before_others_would_wait(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    with town.house.sessions.begin() as session:
        world = with_sentinels(session, town, "delta")
        made = planted(session, film_ids=[film.id for film in world.films])
        uproot(session, world.study)
    seen = connections_at_each_blob(monkeypatch, town.house.engine, town.house.blobs)
    study = f"/admin/studies/{world.study.key}"
    for nobody in ("delta-1", "alpha-admin"):
        assert town.visitor(nobody).post(f"{study}/open").status_code in (403, 404)
    assert seen == []
    answer = town.visitor("delta-admin").post(f"{study}/open")
    assert answer.headers["location"] == f"{study}?done=opened"
    assert set(seen) == {0}
    with town.look() as session:
        assert set(planted(session, film_ids=[film.id for film in world.films])) == set(made)


def with_sentinels(session: Session, town: Town, name: str) -> World:
    blobs = town.house.blobs
    half = Design(merge=False, sentinel_share=0.5)
    world = make_world(session, blobs, name=name, films=8, design=half, is_open=False)
    propose_all(session, blobs, world)
    confirm(session, blobs, world, world.films)
    ids = [film.id for film in world.films]
    plant_sentinels(session, blobs, world.study, film_ids=ids, clock=world.clock)
    return world


def test_networks_of_an_open_study_stay_as_they_are(town: Town) -> None:
    answer = town.visitor("alpha-admin").post(page(town.alpha), data={"networks": ["north"]})
    assert answer.status_code == 303
    with town.look() as session:
        assert study_named(session, "Study alpha").networks == list(town.alpha.study.networks)


def test_two_clicks_start_one_run(town: Town, draft: World) -> None:
    admin = town.visitor("gamma-admin")
    for _ in range(2):
        admin.post(page(draft), data={"networks": ["north"]})
    with town.look() as session:
        assert session.scalar(select(func.count()).select_from(Run)) == 1


def test_a_stopped_run_is_resumed_and_ends(town: Town, draft: World) -> None:
    admin = town.visitor("gamma-admin")
    admin.post(page(draft), data={"networks": ["north"]})
    with town.look() as session:
        run = session.scalars(select(Run)).one()
    address = f"/admin/studies/{draft.study.key}/runs/{run.id}"
    admin.post(f"{address}/cancel")
    assert "Resume" in admin.get(page(draft)).text
    assert work(town).state == "cancelled"
    admin.post(f"{address}/resume")
    assert work(town).state == "done"
    assert admin.post(f"{address}/resume").status_code == 409


def test_the_events_of_a_run_end_with_it(town: Town, draft: World) -> None:
    admin = town.visitor("gamma-admin")
    admin.post(page(draft), data={"networks": ["north"]})
    run = work(town)
    address = f"/admin/studies/{draft.study.key}/runs/{run.id}"
    answer = admin.get(f"{address}/events")
    assert answer.headers["content-type"].startswith("text/event-stream")
    lines = [line for line in answer.text.splitlines() if line]
    assert lines[0] == "event: progress"
    card = json.loads(lines[1].removeprefix("data: "))
    assert (card["state"], card["done"], card["total"], card["unfinished"]) == ("done", 4, 4, False)
    assert card["address"] == address


def test_the_pace_of_a_run_is_told_in_films_a_second_and_time_left(
    town: Town, draft: World
) -> None:
    with town.house.sessions.begin() as session:
        session.add(
            Run(
                kind="propose",
                study_id=draft.study.id,
                arguments={},
                state="running",
                done=10,
                total=40,
                created_at=town.clock.now(),
                started_at=town.clock.now(),
            )
        )
    town.clock.advance(5)
    shown = town.visitor("gamma-admin").get(page(draft)).text
    assert "10 of 40" in shown
    assert "2.0 films a second, 15 s left" in shown


def test_what_a_run_left_out_is_shown(town: Town, draft: World) -> None:
    with town.house.sessions.begin() as session:
        session.add(
            Run(
                kind="propose",
                study_id=draft.study.id,
                arguments={},
                state="done",
                created_at=town.clock.now(),
                error="film-00001.png: network:north: every file has learnt from this film.",
            )
        )
    shown = town.visitor("gamma-admin").get(page(draft)).text
    assert "every file has learnt from this film" in shown
