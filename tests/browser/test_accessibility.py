"""Every page by axe's rules of WCAG 2.2 AA, in light and in dark, and by keyboard alone."""

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from app.networks.manifest import read_manifest
from tests.browser.conftest import Room, Watch
from tests.support.addresses import ADMINS
from tests.support.factory import PASSWORD

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}

EVERYBODYS = ("/sign-in", "/no-such-page", "/accessibility")
PHYSICIANS = (
    "/",
    "/studies/{study}",
    "/practice/done",
    "/account",
    "/account/keys",
    "/networks",
    "/networks/{network}",
    "/maps",
    "/api",
)


def address(room: Room, path: str) -> str:
    """Return where a page lies in the room's study."""
    world = room.world
    entry = read_manifest(room.house.settings.models).networks[0]
    names = {"study": world.study.key, "film": world.films[0].pixels_sha, "network": entry.name}
    return room.url + path.format_map(names)


def complaints(page: Page, where: str) -> list[str]:
    """Return what axe finds wrong on the page: the rule and the place."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{where}: {rule['id']}: {node['target'][0]}: {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]


def walk(page: Page, room: Room, *paths: str) -> list[str]:
    """Look at pages in light and in dark."""
    found = []
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for path in paths:
        page.goto(address(room, path))
        for colours in schemes:
            # Without motion: a colour on its way from light to dark is neither.
            page.emulate_media(color_scheme=colours, reduced_motion="reduce")
            found += complaints(page, f"{path} ({colours})")
    return found


def sign_in(page: Page, room: Room, name: str) -> None:
    page.goto(f"{room.url}/sign-in")
    page.locator("[name=name]").fill(name)
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)


def test_everybodys_pages(page: Page, room: Room, watch: Watch) -> None:
    watch.failures_expected = True
    assert walk(page, room, *EVERYBODYS) == []


def test_a_physicians_pages(reader: Page, room: Room) -> None:
    assert walk(reader, room, *PHYSICIANS) == []


def test_an_admins_pages(page: Page, room: Room) -> None:
    sign_in(page, room, "alpha-admin")
    assert walk(page, room, *ADMINS, "/account") == []


def test_a_ballot_in_all_its_modes(ballot: Page) -> None:
    found = complaints(ballot, "comparing")
    for key, where in (("2", "chosen"), ("m", "all on one"), ("Escape", "back"), ("0", "drawing")):
        ballot.keyboard.press(key)
        ballot.wait_for_timeout(50)
        found += complaints(ballot, where)
    ballot.keyboard.press("Escape")
    for key, name in (("?", "keys"), ("l", "later"), ("c", "comment")):
        ballot.keyboard.press(key)
        expect(ballot.locator(f"#{name}")).to_be_visible()
        found += complaints(ballot, f"dialog {name}")
        ballot.keyboard.press("Escape")
        # Keys are the dialog's until it is gone.
        expect(ballot.locator(f"#{name}")).to_be_hidden()
    assert found == []


def test_what_is_wrong_is_found(reader: Page) -> None:
    reader.evaluate("""() => {
      const small = document.createElement("div");
      small.innerHTML = "<button></button><p>pale</p>";
      small.lastChild.style.color = "#999999";
      small.lastChild.style.background = "#ffffff";
      document.querySelector("main").append(small);
    }""")
    found = " ".join(complaints(reader, "home"))
    assert "button-name" in found
    assert "color-contrast" in found


@pytest.mark.parametrize("width", [640, 320])
def test_nothing_is_cut_off_at_twice_and_four_times_the_size(
    reader: Page, room: Room, width: int
) -> None:
    """A window of 1280 pixels at 200 % and at 400 % is one of 640 and of 320 (WCAG 1.4.10)."""
    reader.set_viewport_size({"width": width, "height": 512})
    assert too_wide(reader, room, "/sign-in", "/accessibility", *PHYSICIANS) == {}


def test_an_admins_pages_are_not_cut_off_at_four_times_the_size(page: Page, room: Room) -> None:
    sign_in(page, room, "alpha-admin")
    page.set_viewport_size({"width": 320, "height": 512})
    assert too_wide(page, room, *ADMINS, "/account") == {}


def too_wide(page: Page, room: Room, *paths: str) -> dict[str, int]:
    """Return the pages that need more width than the window has, and how much."""
    wide = {}
    for path in paths:
        page.goto(address(room, path))
        page.wait_for_load_state("networkidle")
        needs: int = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if needs > 0:
            wide[path] = needs
    return wide


def test_no_text_is_small(ballot: Page, room: Room) -> None:
    small = """() => [...document.querySelectorAll("body *")]
      .filter(part => [...part.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
      .filter(part => part.checkVisibility() && parseFloat(getComputedStyle(part).fontSize) < 14)
      .map(part => part.outerHTML.slice(0, 80))"""
    assert ballot.evaluate(small) == []
    for path in PHYSICIANS:
        ballot.goto(address(room, path))
        assert ballot.evaluate(small) == [], path


def test_the_first_tab_leads_past_the_head(reader: Page, room: Room) -> None:
    for path in ("/", "/account", "/account/keys", f"/studies/{room.world.study.key}"):
        reader.goto(room.url + path)
        reader.keyboard.press("Tab")
        expect(reader.locator(".skip")).to_be_focused()
        expect(reader.locator(".skip")).to_be_in_viewport()
        reader.keyboard.press("Enter")
        expect(reader.locator("#content")).to_be_focused()


def test_whatever_has_the_focus_shows_it(reader: Page, room: Room) -> None:
    bare = []
    for path in ("/", "/account", "/account/keys"):
        reader.goto(room.url + path)
        reader.wait_for_load_state("networkidle")
        for _ in range(40):
            reader.keyboard.press("Tab")
            seen = reader.evaluate(FOCUS)
            if seen is None:
                break
            if not seen["ring"]:
                bare.append((path, seen["what"]))
    assert bare == []


FOCUS = """() => {
  const part = document.activeElement;
  if (!part || part === document.body) return null;
  const style = getComputedStyle(part);
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return { what: part.outerHTML.slice(0, 60), ring };
}"""


def test_forced_colours_leave_every_state_to_be_seen(ballot: Page) -> None:
    ballot.emulate_media(forced_colors="active")
    ballot.keyboard.press("2")
    chosen = ballot.locator('[data-do="choose-B"]')
    other = ballot.locator('[data-do="choose-A"]')
    expect(chosen).to_have_attribute("aria-pressed", "true")
    looks = "part => [getComputedStyle(part).borderColor, getComputedStyle(part).backgroundColor]"
    assert chosen.evaluate(looks) != other.evaluate(looks)


def test_an_account_is_managed_by_keyboard_alone(reader: Page, room: Room) -> None:
    reader.goto(f"{room.url}/account")
    tab_to(reader, "#title")
    reader.keyboard.type("my program")
    reader.keyboard.press("Enter")
    expect(reader.get_by_text("shown only this once")).to_be_visible()
    tab_to(reader, "#tag")
    reader.keyboard.press("End")
    reader.keyboard.press("Tab")
    reader.keyboard.press("Enter")
    expect(reader.locator("html")).to_have_attribute("lang", "de")
    tab_to(reader, "form.who button")
    reader.keyboard.press("Enter")
    reader.wait_for_url(f"{room.url}/sign-in")


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there, as somebody without a mouse does."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement?.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never comes to {selector}")
