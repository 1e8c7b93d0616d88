"""A ballot fits its screen, whatever the screen and however many candidates."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Room, Watch, painted

SCREENS = [(1280, 720), (2560, 1440), (1024, 1366), (1366, 1024)]

OVERFLOW = """() => {
  const inside = ({left, top, right, bottom}) =>
    left >= -0.5 && top >= -0.5 && right <= innerWidth + 0.5 && bottom <= innerHeight + 0.5;
  return [...document.querySelectorAll("main button, main canvas, header > *")]
    .filter((element) => element.offsetParent && !inside(element.getBoundingClientRect()))
    .map((element) => element.outerHTML.slice(0, 80));
}"""

SMALL_TYPE = """() => [...document.querySelectorAll("body *")]
  .filter((element) => element.offsetParent && [...element.childNodes].some((node) =>
    node.nodeType === Node.TEXT_NODE && node.textContent.trim()))
  .filter((element) => parseFloat(getComputedStyle(element).fontSize) < 14)
  .map((element) => element.outerHTML.slice(0, 80))"""


@pytest.mark.parametrize("candidates", [3, 4, 5])
def test_a_ballot_fits_every_screen(ballot: Page, candidates: int) -> None:
    expect(ballot.locator("[data-slot]")).to_have_count(candidates)
    for width, height in SCREENS:
        ballot.set_viewport_size({"width": width, "height": height})
        for mode in ("Escape", "0"):
            ballot.keyboard.press(mode)
            ballot.wait_for_timeout(50)
            assert ballot.evaluate(OVERFLOW) == [], (width, height, mode)
        ballot.keyboard.press("Escape")
        assert ballot.evaluate("document.documentElement.scrollHeight <= innerHeight")


def test_no_type_is_small(ballot: Page, room: Room) -> None:
    assert ballot.evaluate(SMALL_TYPE) == []
    ballot.keyboard.press("0")
    assert ballot.evaluate(SMALL_TYPE) == []
    for path in ("/", f"/studies/{room.world.study.key}", "/account"):
        ballot.goto(room.url + path)
        assert ballot.evaluate(SMALL_TYPE) == []


def test_every_page_says_that_it_is_for_research_only(
    ballot: Page, room: Room, watch: Watch
) -> None:
    watch.failures_expected = True  # one of the pages is none
    words = "research use only, not for diagnosis"
    expect(ballot.get_by_text(words)).to_be_visible()
    for path in ("/", f"/studies/{room.world.study.key}", "/no-such-page"):
        ballot.goto(room.url + path)
        expect(ballot.get_by_text(words)).to_be_visible()


def test_the_page_and_its_scripts_name_no_source(ballot: Page, room: Room) -> None:
    seen: list[str] = []
    ballot.on("response", lambda response: seen.append(f"{response.url} {response.headers}"))
    ballot.reload()
    painted(ballot)
    seen.append(ballot.content())
    words = [*room.world.study.networks, "manual", "hand-drawn", "hand_drawn", "origin", "network"]
    assert len(seen) > 20
    for text in seen:
        found = [word for word in words if re.search(rf"\b{word}\b", text, re.IGNORECASE)]
        assert found in ([], ["origin"]), text  # "same-origin" stands in the security headers


def test_a_film_that_does_not_come_is_said_plainly(reader: Page, room: Room, watch: Watch) -> None:
    watch.failures_expected = True
    reader.route("**/film", lambda route: route.abort())
    reader.goto(f"{room.url}/studies/{room.world.study.key}/next")
    expect(reader.locator("#loading")).to_contain_text("could not be shown")
