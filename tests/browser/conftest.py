"""A real Chromium against a real server: one study of odd-sized films, one physician."""

import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import uvicorn
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, expect
from sqlalchemy import select

from app.ballots.tables import Ballot
from app.settings import REPOSITORY, Settings
from app.studies.protocol import Design, Display, Questions
from app.studies.states import State
from app.studies.studies import move
from app.votes.tables import Vote
from app.web.house import House, build_house
from app.web.main import create_app
from tests.support.factory import (
    NETWORKS,
    PASSWORD,
    PLAIN,
    SMALL,
    World,
    add_film,
    make_world,
    open_world,
)
from tests.support.ports import free_port
from tests.support.waiting import until

CHROMIUM = os.environ.get("MASKBALLOT_CHROMIUM") or shutil.which("chromium") or ""
MISSING = "needs Chromium: apt-get install chromium, or set MASKBALLOT_CHROMIUM to a browser's path"

# A busy machine takes its time; what never comes is told all the same.
expect.set_options(timeout=15_000)

# Neither side a multiple of eight: bits of one row share bytes with the next.
SHAPE = (203, 181)
READER = "alpha-1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what stands in this folder, and skip it where there is no browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason=MISSING))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """How pytest-playwright starts its browser: the system's, without the sandbox CI lacks."""
    return {"executable_path": CHROMIUM, "args": ["--no-sandbox", "--disable-dev-shm-usage"]}


@pytest.fixture
def browser_context_args() -> dict[str, object]:
    """The smallest screen that a ballot must fit."""
    return {"viewport": {"width": 1280, "height": 720}}


@dataclass
class Room:
    """A served study."""

    url: str
    house: House
    world: World

    def votes(self) -> list[Vote]:
        """All votes, oldest first; their drawings are loaded."""
        with self.house.sessions() as session:
            votes = list(session.scalars(select(Vote).order_by(Vote.id)))
            for vote in votes:
                _ = vote.drawing
            session.expunge_all()
            return votes

    def ballots(self) -> list[Ballot]:
        """All ballots dealt, in the order of dealing."""
        with self.house.sessions() as session:
            return list(session.scalars(select(Ballot).order_by(Ballot.id)))


@pytest.fixture
def candidates() -> int:
    """How many candidates a ballot shows; a test may say another number."""
    return 4


@pytest.fixture
def films() -> int:
    """How many films the study has; a test may say another number."""
    return 4


@pytest.fixture
def design() -> Design:
    """How the study shows its candidates; a test may say otherwise."""
    return PLAIN


@pytest.fixture
def display() -> Display:
    """How candidates are shown; a test may say otherwise."""
    return SMALL


@pytest.fixture
def shape() -> tuple[int, int]:
    """Rows and columns of the films; a test may say others."""
    return SHAPE


@pytest.fixture
def questions() -> Questions:
    """What the study asks beside the choice; a test may say other."""
    return Questions()


@pytest.fixture
def house(tmp_path: Path, sqlite_url: str) -> Iterator[House]:
    """The house of a server of its own."""
    settings = Settings(home=tmp_path / "home", database_url=sqlite_url, port=free_port())
    built = build_house(settings)
    yield built
    built.engine.dispose()
    built.reader.dispose()


@pytest.fixture
def room(
    house: House,
    candidates: int,
    films: int,
    design: Design,
    display: Display,
    shape: tuple[int, int],
    questions: Questions,
) -> Iterator[Room]:
    """A study, open and served."""
    with house.sessions.begin() as session:
        networks = (*NETWORKS, "east")[: candidates - 1]
        world = make_world(
            session,
            house.blobs,
            films=0,
            networks=networks,
            design=design,
            display=display,
            questions=questions,
            is_open=False,
        )
        for number in range(films):
            film = add_film(
                session, house.blobs, world.study, number=number, shape=shape, lungs=True
            )
            world.films.append(film)
        open_world(session, house.blobs, world)
        session.flush()
        session.expunge_all()
    config = uvicorn.Config(create_app(house), port=house.settings.port, log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    until(lambda: server.started)
    yield Room(f"http://127.0.0.1:{house.settings.port}", house, world)
    server.should_exit = True
    thread.join()


@dataclass
class Watch:
    """What a page did that it should not have."""

    url: str
    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    # Where a test breaks the line on purpose, the browser notes each failed request.
    failures_expected: bool = False

    def console(self, message: ConsoleMessage) -> None:
        """Note an error or a warning of the console."""
        expected = self.failures_expected and "Failed to load resource" in message.text
        if message.type in ("error", "warning") and not expected:
            self.errors.append(message.text)

    def request(self, request: Request) -> None:
        """Note a request to another host."""
        if urlsplit(request.url).netloc != urlsplit(self.url).netloc:
            self.outside.append(request.url)


@pytest.fixture
def watch(context: BrowserContext, room: Room) -> Iterator[Watch]:
    """Fails a test whose pages wrote an error to the console or asked another host."""
    watching = Watch(room.url)
    context.on("console", watching.console)
    context.on("weberror", lambda error: watching.errors.append(str(error.error)))
    context.on("request", watching.request)
    yield watching
    assert watching.errors == []
    assert watching.outside == []


@pytest.fixture
def reader(page: Page, room: Room, watch: Watch) -> Page:
    """A page on which a physician has signed in, by the keyboard alone."""
    page.goto(f"{room.url}/sign-in")
    # The field takes the focus when the page is first painted; keys typed before go nowhere.
    expect(page.locator("[name=name]")).to_be_focused()
    page.keyboard.type(READER)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{room.url}/")
    return page


@pytest.fixture
def ballot(reader: Page, room: Room) -> Page:
    """The reader's first ballot, painted."""
    reader.goto(f"{room.url}/studies/{room.world.study.key}/next")
    return painted(reader)


def rows_of(database: str, store: str) -> str:
    """Script of a function that returns the rows which the browser itself keeps in a store."""
    return f"""() => new Promise((resolve) => {{
      const asked = indexedDB.open("{database}", 1);
      asked.onsuccess = () => {{
        const rows = asked.result.transaction("{store}").objectStore("{store}").getAll();
        rows.onsuccess = () => {{ asked.result.close(); resolve(rows.result); }};
      }};
    }})"""


def painted(page: Page) -> Page:
    """Wait until film and masks stand on the screen, and keys belong to them."""
    page.wait_for_selector("#stage[aria-busy=false][data-open]")
    return page


def press_and_go_on(page: Page, *keys: str) -> None:
    """Press keys that answer a ballot, and wait for the next one to be painted."""
    before = page.url
    for key in keys:
        page.keyboard.press(key)
    page.wait_for_url(lambda url: url != before)
    painted(page)


def all_saved(page: Page) -> None:
    """Wait until the server has every answer."""
    expect(page.locator("#saving")).to_have_text("✓ all saved")


def try_again(page: Page) -> None:
    """Press “Try again”; the page's own clock may have sent the answer and hidden it meanwhile."""
    page.locator("#unsaved-retry").dispatch_event("click")


def lock(room: Room) -> None:
    """Close the study for answers, as its admin would."""
    with room.house.sessions.begin() as session:
        study = session.merge(room.world.study)
        move(study, to=State.LOCKED, clock=room.house.clock)


@pytest.fixture(scope="module")
def files() -> Iterator[str]:
    """The address of a server that hands out this repository's files and knows nothing else."""
    handler = partial(Quiet, directory=str(REPOSITORY))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class Quiet(SimpleHTTPRequestHandler):
    """Hands out files without a line for each."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def blank(page: Page, files: str) -> Page:
    """A page that runs nothing of its own."""
    page.goto(f"{files}/static/base.css")
    return page
