"""Care for the reader: a break is offered, never forced; a page asks before something is lost."""

import pytest
from playwright.sync_api import Dialog, Page, expect

from app.studies.protocol import Questions
from tests.browser.conftest import Room, Watch, all_saved, painted, press_and_go_on
from tests.browser.test_drawing import drag
from tests.browser.test_drawing_tools import kept, open_sheet

FOCUSED = "document.activeElement === document.body"
NOTHING_KEPT = "indexedDB.open = () => { throw new DOMException('no', 'InvalidStateError'); };"


@pytest.fixture
def films() -> int:
    """Enough to go on after the break."""
    return 6


@pytest.fixture
def questions() -> Questions:
    """A break is offered soon."""
    return Questions(break_minutes=5)


@pytest.fixture
def sitting(reader: Page, room: Room) -> Page:
    """The first ballot, under a clock that the test turns on."""
    reader.clock.install()
    reader.goto(f"{room.url}/studies/{room.world.study.key}/next")
    return painted(reader)


def go_on(page: Page) -> None:
    """Answer, and let the clock that the test holds bring the next ballot."""
    press_and_go_on(page, "1", "1")
    all_saved(page)


def test_a_break_is_offered_once_the_sitting_is_long(sitting: Page) -> None:
    line = sitting.locator("#break")
    go_on(sitting)
    expect(line).to_be_hidden()
    sitting.clock.fast_forward("06:00")
    go_on(sitting)
    expect(line).to_contain_text("You have read for 6 minutes. A short break")
    # It takes neither the focus nor the keys, and nobody has to heed it.
    assert sitting.evaluate(FOCUSED)
    go_on(sitting)
    expect(line).to_be_visible()
    sitting.get_by_role("button", name="Go on").click()
    expect(line).to_be_hidden()
    assert sitting.evaluate(FOCUSED)
    go_on(sitting)
    expect(line).to_be_hidden()


def test_the_offer_goes_by_itself_once_a_rest_was_taken(sitting: Page) -> None:
    go_on(sitting)
    sitting.clock.fast_forward("06:00")
    go_on(sitting)
    expect(sitting.locator("#break")).to_be_visible()
    sitting.clock.fast_forward("21:00")
    go_on(sitting)
    expect(sitting.locator("#break")).to_be_hidden()


def leave(page: Page) -> list[str]:
    """Reload the page as a hand would, and tell what the browser asks."""
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    page.reload()
    page.remove_listener("dialog", answer)
    painted(page)
    return asked


def test_a_page_that_has_kept_everything_is_left_without_a_question(ballot: Page) -> None:
    ballot.mouse.click(5, 5)  # a browser asks nobody who has not touched the page
    ballot.keyboard.press("2")
    open_sheet(ballot)
    drag(ballot, (60, 50), (60, 120))
    kept(ballot, position=1, count=1)
    assert leave(ballot) == []


def test_a_corner_that_is_no_polygon_yet_is_asked_for(ballot: Page) -> None:
    open_sheet(ballot)
    ballot.keyboard.press("p")
    drag(ballot, (40, 40))
    drag(ballot, (40, 120))
    assert leave(ballot) == ["beforeunload"]
    assert leave(ballot) == []


def test_where_nothing_is_kept_a_drawing_is_asked_for(reader: Page, room: Room) -> None:
    reader.add_init_script(NOTHING_KEPT)
    reader.goto(f"{room.url}/studies/{room.world.study.key}/next")
    painted(reader)
    reader.mouse.click(5, 5)
    assert leave(reader) == []
    open_sheet(reader)
    drag(reader, (60, 50), (60, 120))
    assert leave(reader) == ["beforeunload"]


def test_where_nothing_is_kept_an_answer_on_its_way_is_asked_for(
    reader: Page, room: Room, watch: Watch
) -> None:
    watch.failures_expected = True
    reader.add_init_script(NOTHING_KEPT)
    reader.goto(f"{room.url}/studies/{room.world.study.key}/next")
    painted(reader)
    reader.route("**/answers", lambda route: route.abort())
    press_and_go_on(reader, "3", "3")
    expect(reader.locator("#unsaved")).to_contain_text("do not close the page")
    reader.unroute("**/answers")
    assert leave(reader) == ["beforeunload"]
