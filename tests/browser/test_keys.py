"""Which key does what, and when none does anything."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Room, painted

PRESSED = ':is(.rail, #answering) [aria-pressed="true"]:not([data-do^=preset])'


def test_no_key_fires_while_text_is_typed(ballot: Page, room: Room) -> None:
    ballot.keyboard.press("c")
    ballot.keyboard.type("no infection? 11 nn uu 0 l")
    expect(ballot.locator("#comment-text")).to_have_value("no infection? 11 nn uu 0 l")
    ballot.keyboard.press("Enter")
    expect(ballot.locator(PRESSED)).to_have_count(1)
    expect(ballot.locator(PRESSED)).to_have_attribute("data-do", "comment")
    assert room.votes() == []


@pytest.mark.parametrize("held", ["Control", "Alt", "Meta"])
def test_no_key_fires_with_a_key_that_the_browser_owns(ballot: Page, held: str) -> None:
    ballot.keyboard.press(f"{held}+2")
    ballot.keyboard.press(f"{held}+i")
    expect(ballot.locator(PRESSED)).to_have_count(0)


def test_the_question_mark_lists_all_keys(ballot: Page) -> None:
    ballot.keyboard.press("?")
    keys = ballot.get_by_role("dialog", name="Keys and mouse")
    for words in ("choose D", "no infection", "hold: C large", "invert the film", "brush", "undo"):
        expect(keys.get_by_text(words).first).to_be_attached()
    ballot.keyboard.press("2")  # a key of the ballot behind
    ballot.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    expect(ballot.locator(PRESSED)).to_have_count(0)


def test_masks_are_hidden_while_space_is_held(ballot: Page) -> None:
    ballot.keyboard.down("Space")
    expect(ballot.locator('[data-slot="A"] .note')).to_have_text("masks hidden")
    ballot.keyboard.up("Space")
    expect(ballot.locator('[data-slot="A"] .note')).not_to_have_text("masks hidden")


def test_a_panel_is_large_while_its_key_is_held(ballot: Page) -> None:
    ballot.keyboard.down("w")
    expect(ballot.locator('[data-slot="B"]')).to_be_visible()
    expect(ballot.locator('[data-slot="A"]')).to_be_hidden()
    ballot.keyboard.up("w")
    expect(ballot.locator('[data-slot="A"]')).to_be_visible()


def test_a_key_let_go_in_another_window_is_let_go(ballot: Page) -> None:
    ballot.keyboard.down("w")
    expect(ballot.locator('[data-slot="A"]')).to_be_hidden()
    ballot.evaluate("window.dispatchEvent(new Event('blur'))")
    expect(ballot.locator('[data-slot="A"]')).to_be_visible()


def test_all_outlines_stand_on_one_film(ballot: Page) -> None:
    ballot.keyboard.press("m")
    expect(ballot.locator(".sheet")).to_be_visible()
    expect(ballot.locator('[data-slot="A"]')).to_be_hidden()
    ballot.keyboard.press("m")
    expect(ballot.locator(".sheet")).to_be_hidden()


def test_every_button_with_a_key_does_what_the_key_does(ballot: Page) -> None:
    ballot.get_by_role("button", name="invert").click()
    expect(ballot.locator('[data-do="invert"]')).to_have_attribute("aria-pressed", "true")
    ballot.keyboard.press("i")  # the focus has not stayed on the button
    expect(ballot.locator('[data-do="invert"]')).to_have_attribute("aria-pressed", "false")


def test_a_wheel_over_one_panel_zooms_all(ballot: Page) -> None:
    before = pixels(ballot)
    ballot.locator('[data-slot="A"] canvas').hover()
    ballot.mouse.wheel(0, -400)
    ballot.wait_for_timeout(100)
    assert all(now != then for now, then in zip(pixels(ballot), before, strict=True))
    ballot.keyboard.press("f")
    ballot.wait_for_timeout(100)
    assert pixels(ballot) == before


def test_a_drag_changes_grey_values_and_a_key_restores_them(ballot: Page, room: Room) -> None:
    before = pixels(ballot)
    box = ballot.locator('[data-slot="A"] canvas').bounding_box()
    assert box is not None
    ballot.mouse.move(box["x"] + 100, box["y"] + 100)
    ballot.mouse.down()
    ballot.mouse.move(box["x"] + 40, box["y"] + 130, steps=3)
    ballot.mouse.up()
    ballot.wait_for_timeout(100)
    assert pixels(ballot) != before
    ballot.keyboard.press("Shift+Digit1")
    ballot.wait_for_timeout(100)
    assert pixels(ballot) == before
    expect(ballot.locator(".panel.chosen")).to_have_count(0)  # a drag is no click
    assert room.votes() == []


def pixels(page: Page) -> list[str]:
    """What the four panels show."""
    painted(page)
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('[data-slot] canvas')].map(canvas => canvas.toDataURL())"
    )
    return found
