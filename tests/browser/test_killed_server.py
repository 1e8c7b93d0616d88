"""A server that is killed while a browser votes: a real process, and every answer stored once."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Response, expect

from app.settings import Settings
from app.web.house import build_house
from tests.browser.conftest import READER, Room, all_saved, painted, press_and_go_on, try_again
from tests.support.factory import PASSWORD, PLAIN, SMALL, add_film, make_world, open_world
from tests.support.ports import free_port
from tests.support.processes import Installation, installation

FILMS = 8
# So many films have come: those answered, the one shown, and three that are made ready.
COME = """count => performance.getEntriesByType("resource")
  .filter(({ name }) => name.endsWith("/bundle")).length >= count"""


@pytest.fixture
def served(tmp_path: Path, sqlite_url: str) -> Iterator[tuple[Room, Installation, int]]:
    """A study, and what serves it in processes of its own, on one port."""
    port = free_port()
    home = tmp_path / "home"
    house = build_house(Settings(home=home, database_url=sqlite_url, port=port))
    with house.sessions.begin() as session:
        world = make_world(
            session, house.blobs, films=0, design=PLAIN, display=SMALL, is_open=False
        )
        for number in range(FILMS):
            world.films.append(add_film(session, house.blobs, world.study, number=number))
        open_world(session, house.blobs, world)
        session.flush()
        session.expunge_all()
    settings = {"MASKBALLOT_HOME": str(home), "MASKBALLOT_DATABASE_URL": sqlite_url}
    with installation(**settings) as processes:
        yield Room(f"http://127.0.0.1:{port}", house, world), processes, port
    house.engine.dispose()
    house.reader.dispose()


def test_every_acknowledged_answer_is_stored_once_and_the_others_are_sent(
    page: Page, served: tuple[Room, Installation, int]
) -> None:
    room, processes, port = served
    acknowledged: list[str] = []

    def hear(answer: Response) -> None:
        if answer.url.endswith("/answers") and answer.ok:
            acknowledged.append(json.loads(answer.request.post_data or "")["idempotency_key"])

    page.on("response", hear)
    server, _ = processes.serve(port)
    page.goto(f"{room.url}/sign-in")
    page.get_by_label("Name").fill(READER)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{room.url}/")
    page.goto(f"{room.url}/studies/{room.world.study.key}/next")
    painted(page)
    for answered in (1, 4):
        press_and_go_on(page, "1", "1")
        page.wait_for_function(COME, arg=answered + 4)
        # One answer is on its way while the server dies, and another is given while it is dead.
        page.keyboard.press("2")
        with page.expect_request("**/answers"):
            page.keyboard.press("2")
        server.kill()
        server.communicate()
        painted(page)
        press_and_go_on(page, "3", "3")
        expect(page.locator("#unsaved")).to_contain_text("kept here")
        server, _ = processes.serve(port)
        try_again(page)
        all_saved(page)
    votes = room.votes()
    assert Counter(vote.ballot_id for vote in votes).most_common(1)[0][1] == 1
    assert {vote.idempotency_key for vote in votes} >= set(acknowledged)
    assert [vote.positions for vote in votes] == [[0], [1], [2]] * 2
