"""The practice round in a real browser, by keyboard alone."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Room, Watch, painted
from tests.browser.test_accessibility import complaints


def at(page: Page, number: int) -> None:
    """Wait until film ``number`` of the round takes answers."""
    painted(page)
    expect(page.locator(f'#stage[data-open="practice-{number}"]')).to_be_attached()
    expect(page.locator(f'#lesson ol[data-film="{number}"]')).to_be_visible()


def test_a_newcomer_practises_and_then_reads(reader: Page, room: Room, watch: Watch) -> None:
    reader.get_by_role("link", name="Practise").focus()
    reader.keyboard.press("Enter")
    at(reader, 1)
    assert complaints(reader, "practice") == []
    reader.keyboard.down("Space")
    expect(reader.locator('[data-step="hide"]')).to_have_class("taken")
    reader.keyboard.up("Space")
    for key in ("[", "2", "2"):
        reader.keyboard.press(key)
    at(reader, 2)
    expect(reader.locator("#lesson-told")).to_have_text(
        "Film 1: B is what was planted. So you said."
    )
    reader.keyboard.press("0")
    expect(reader.locator('[data-step="draw"]')).to_have_class("taken")
    reader.keyboard.press("1")  # start from A
    reader.keyboard.press("Enter")
    at(reader, 3)
    expect(reader.locator("#lesson-told")).to_contain_text("Your drawing overlaps it by")
    reader.keyboard.press("n")
    reader.keyboard.press("n")
    reader.wait_for_url(f"{room.url}/practice/done")
    assert complaints(reader, "done") == []
    reader.get_by_role("link", name="To my studies").click()
    expect(reader.get_by_text("three films to practise on")).to_be_hidden()
    assert room.votes() == []
    assert room.ballots() == []


def test_a_practice_film_can_be_loaded_anew(reader: Page, room: Room) -> None:
    reader.goto(f"{room.url}/practice/ballots/2")
    at(reader, 2)
    reader.keyboard.press("3")
    reader.keyboard.press("Enter")
    at(reader, 3)
