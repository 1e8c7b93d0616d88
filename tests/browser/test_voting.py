"""A physician at work, with the keyboard alone."""

import pytest
from playwright.sync_api import Page, Route, expect

from app.votes.answers import AnswerKind
from tests.browser.conftest import (
    Room,
    Watch,
    all_saved,
    lock,
    painted,
    press_and_go_on,
    rows_of,
)

TEN = [
    (("1", "1"), AnswerKind.SLOT, [0]),
    (("2", "Enter"), AnswerKind.SLOT, [1]),
    (("3", "1", "4", "4"), AnswerKind.SLOT, [3]),
    (("n", "n"), AnswerKind.NO_INFECTION, []),
    (("u", "Enter"), AnswerKind.UNREADABLE, []),
    (("Numpad2", "NumpadEnter"), AnswerKind.SLOT, [1]),
    (("l", "o", "f", "f", "Enter"), AnswerKind.LATER, []),
    (("s", "3", "3"), AnswerKind.SLOT, [2]),
    (("0", "l"), AnswerKind.NONE, []),
    (("4", "Shift+Digit1", "i", "Enter"), AnswerKind.SLOT, [3]),
]


@pytest.mark.parametrize("films", [11])
def test_ten_ballots_are_answered_by_keyboard_alone(reader: Page, room: Room) -> None:
    start = reader.get_by_role("link", name="Start reading")
    for _ in range(12):
        reader.keyboard.press("Tab")
        if start.evaluate("link => link === document.activeElement"):
            break
    reader.keyboard.press("Enter")
    painted(reader)
    for keys, _, _ in TEN:
        press_and_go_on(reader, *keys)
    all_saved(reader)
    votes = room.votes()
    assert [(vote.answer, vote.positions) for vote in votes] == [
        (kind, positions) for _, kind, positions in TEN
    ]
    assert votes[6].comment == "off"
    assert [vote.sure for vote in votes].count(True) == 1
    assert votes[7].sure is True


def test_one_press_chooses_and_answers_nothing(ballot: Page, room: Room) -> None:
    ballot.keyboard.press("2")
    expect(ballot.locator('[data-slot="B"]')).to_contain_text("chosen")
    expect(ballot.locator('[data-do="choose-B"]')).to_have_attribute("aria-pressed", "true")
    assert room.votes() == []


def test_a_held_key_answers_nothing(ballot: Page, room: Room) -> None:
    for _ in range(5):
        ballot.keyboard.down("2")  # the browser repeats the key while it is held
    ballot.keyboard.up("2")
    expect(ballot.locator('[data-slot="B"]')).to_contain_text("chosen")
    assert room.votes() == []


def test_click_chooses_and_the_button_confirms(ballot: Page, room: Room) -> None:
    before = ballot.url
    ballot.locator('[data-slot="C"] canvas').click()
    ballot.get_by_role("button", name="Confirm").click()
    ballot.wait_for_url(lambda url: url != before)
    all_saved(ballot)
    assert [vote.positions for vote in room.votes()] == [[2]]


def test_two_quick_clicks_answer_nothing(ballot: Page, room: Room) -> None:
    ballot.locator('[data-slot="C"] canvas').dblclick()
    expect(ballot.locator('[data-slot="C"]')).to_contain_text("chosen")
    assert room.votes() == []


DRAFTS = rows_of("maskballot", "drafts")


def test_a_reload_keeps_what_was_chosen_and_written(ballot: Page, room: Room) -> None:
    ballot.keyboard.press("3")
    ballot.keyboard.press("s")
    ballot.keyboard.press("c")
    ballot.keyboard.type("rotated film")
    ballot.keyboard.press("Enter")
    expect(ballot.locator('[data-do="comment"]')).to_have_attribute("aria-pressed", "true")
    # Kept beside the keys: what is reloaded in the same moment may come back without the last one.
    ballot.wait_for_function(
        f"async () => (await ({DRAFTS})()).some(({{ comment }}) => comment === 'rotated film')"
    )
    ballot.reload()
    painted(ballot)
    expect(ballot.locator('[data-slot="C"]')).to_contain_text("chosen")
    press_and_go_on(ballot, "Enter")
    all_saved(ballot)
    (vote,) = room.votes()
    assert (vote.positions, vote.sure, vote.comment) == ([2], True, "rotated film")


def test_an_own_answer_is_looked_at_again_and_changed(ballot: Page, room: Room) -> None:
    first = ballot.url
    press_and_go_on(ballot, "4", "4")
    all_saved(ballot)
    ballot.goto(f"{room.url}/studies/{room.world.study.key}")
    ballot.get_by_role("link", name="Look at film").first.click()
    assert painted(ballot).url == first
    expect(ballot.locator('[data-slot="D"]')).to_contain_text("chosen")
    press_and_go_on(ballot, "1", "1")
    all_saved(ballot)
    assert [vote.positions for vote in room.votes()] == [[3], [0]]


def test_the_study_page_says_when_nothing_is_left(ballot: Page, room: Room) -> None:
    for _ in range(3):
        press_and_go_on(ballot, "n", "n")
    ballot.keyboard.press("n")
    ballot.keyboard.press("n")
    ballot.wait_for_url("**/studies/*")
    expect(ballot.get_by_text("nothing is left for you here")).to_be_visible()
    expect(ballot.get_by_role("progressbar", name="4 of 4")).to_be_visible()


def test_a_locked_study_says_that_it_takes_no_answers(
    ballot: Page, room: Room, watch: Watch
) -> None:
    watch.failures_expected = True  # the browser notes the page's 409
    with ballot.expect_response("**/next"):  # the next one is dealt
        press_and_go_on(ballot, "1", "1")
    lock(room)
    ballot.reload()
    expect(ballot.get_by_role("heading")).to_contain_text("takes no answers")
    ballot.goto(f"{room.url}/studies/{room.world.study.key}/next")
    expect(ballot.get_by_text("closed for answers")).to_be_visible()
    expect(ballot.get_by_role("link", name="Look at film")).to_have_count(0)


def test_a_second_slow_click_confirms(ballot: Page, room: Room) -> None:
    canvas = ballot.locator('[data-slot="C"] canvas')
    canvas.click()
    ballot.wait_for_timeout(400)  # two quick clicks would fit the film
    with ballot.expect_response("**/answers"):
        canvas.click()
    assert [vote.positions for vote in room.votes()] == [[2]]


def test_keys_pressed_while_the_next_ballot_loads_answer_nothing(reader: Page, room: Room) -> None:
    held: list[Route] = []
    reader.route("**/ahead", lambda route: route.fulfill(json=[]))
    reader.goto(f"{room.url}/studies/{room.world.study.key}/next")
    painted(reader)
    reader.route("**/next", lambda route: held.append(route))
    with reader.expect_request("**/next"):
        reader.keyboard.press("2")
        reader.keyboard.press("2")
    expect(reader.locator("#loading")).to_contain_text("on its way")
    for _ in range(4):
        reader.keyboard.press("3")
    held[0].continue_()
    painted(reader)
    expect(reader.locator(".panel.chosen")).to_have_count(0)
    assert [vote.positions for vote in room.votes()] == [[1]]
