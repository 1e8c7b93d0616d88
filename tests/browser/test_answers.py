"""What a physician can answer, beside one letter: ties, the worst, a guess; and taking it back."""

import pytest
from playwright.sync_api import Page, expect

from app.studies.protocol import Questions
from app.votes.answers import DONT_KNOW, AnswerKind
from tests.browser.conftest import Room, all_saved, painted, press_and_go_on


def test_a_tie_names_all_that_are_as_good(ballot: Page, room: Room) -> None:
    for key in ("2", "k", "4", "k", "1", "k", "1"):
        ballot.keyboard.press(key)
    expect(ballot.locator('[data-slot="D"]')).to_contain_text("as good as each other")
    expect(ballot.locator(".panel.chosen")).to_have_count(2)
    press_and_go_on(ballot, "Enter")
    all_saved(ballot)
    (vote,) = room.votes()
    assert (vote.answer, vote.positions) == (AnswerKind.TIE, [1, 3])


def test_the_worst_is_named_beside_the_chosen_and_is_never_the_same(
    ballot: Page, room: Room
) -> None:
    for key in ("3", "j", "3"):
        ballot.keyboard.press(key)
    expect(ballot.locator("#said")).to_contain_text("cannot be the worst")
    for key in ("j", "1"):  # not asked any more: the first chosen after all
        ballot.keyboard.press(key)
    expect(ballot.locator('[data-slot="A"]')).to_contain_text("chosen")
    for key in ("3", "j", "1"):
        ballot.keyboard.press(key)
    expect(ballot.locator('[data-slot="A"] .note')).to_have_text("fits worst")
    press_and_go_on(ballot, "Enter")
    all_saved(ballot)
    (vote,) = room.votes()
    assert (vote.positions, vote.worst_position) == ([2], 0)


@pytest.mark.parametrize("questions", [Questions(worst=False)])
def test_a_study_that_asks_for_no_worst_shows_no_such_button(ballot: Page) -> None:
    expect(ballot.locator('[data-do="worst"]')).to_be_hidden()
    ballot.keyboard.press("j")
    ballot.keyboard.press("2")
    expect(ballot.locator('[data-slot="B"]')).to_contain_text("chosen")


@pytest.mark.parametrize("questions", [Questions(guess_share=1)])
@pytest.mark.parametrize(("key", "position"), [("3", 2), ("0", DONT_KNOW)])
def test_the_guess_is_asked_once_the_choice_stands(
    ballot: Page, room: Room, key: str, position: int
) -> None:
    here = ballot.url
    ballot.keyboard.press("2")
    ballot.keyboard.press("Enter")
    expect(ballot.locator("#guess")).to_be_visible()
    all_saved(ballot)
    assert [vote.guess_position for vote in room.votes()] == [None]
    for other in ("n", "Enter", "Backspace", "Escape"):  # nothing else is asked now
        ballot.keyboard.press(other)
    assert ballot.url == here
    press_and_go_on(ballot, key)
    expect(ballot.locator("#guess")).to_be_hidden()
    all_saved(ballot)
    first, second = room.votes()
    assert (first.positions, second.positions) == ([1], [1])
    assert second.guess_position == position


@pytest.mark.parametrize("questions", [Questions(guess_share=1)])
def test_an_answer_that_was_guessed_about_is_not_taken_back(ballot: Page, room: Room) -> None:
    ballot.keyboard.press("2")
    ballot.keyboard.press("Enter")
    press_and_go_on(ballot, "4")
    here = ballot.url
    ballot.keyboard.press("Backspace")
    expect(ballot.locator("#said")).to_contain_text("no answer to take back")
    assert ballot.url == here
    all_saved(ballot)
    # Where the choice was still waiting, it went with the guess as one answer.
    votes = room.votes()
    assert {tuple(vote.positions) for vote in votes} == {(1,)}
    assert votes[-1].guess_position == 3


def test_the_last_answer_is_taken_back_and_given_anew(ballot: Page, room: Room) -> None:
    first = ballot.url
    press_and_go_on(ballot, "s", "3", "3")
    second = ballot.url
    press_and_go_on(ballot, "Backspace")
    assert ballot.url == first
    expect(ballot.locator('[data-slot="C"]')).to_contain_text("chosen")
    expect(ballot.locator('[data-do="sure-yes"]')).to_have_attribute("aria-pressed", "true")
    expect(ballot.locator("#before")).to_be_visible()
    press_and_go_on(ballot, "1", "1")
    assert ballot.url == second
    all_saved(ballot)
    assert [vote.positions for vote in room.votes()] == [[2], [0]]
    assert len({vote.ballot_id for vote in room.votes()}) == 1


def test_looking_back_without_a_new_answer_changes_nothing(ballot: Page, room: Room) -> None:
    press_and_go_on(ballot, "3", "3")
    second = ballot.url
    press_and_go_on(ballot, "Backspace")
    with ballot.expect_navigation():
        ballot.go_back()
    painted(ballot)
    ballot.goto(f"{room.url}/studies/{room.world.study.key}/next")
    assert painted(ballot).url == second
    assert [vote.positions for vote in room.votes()] == [[2]]


def test_the_answer_bar_stands_in_one_row(ballot: Page) -> None:
    bar = ballot.locator("#answering").bounding_box()
    assert bar is not None
    assert bar["height"] < 60


def test_a_held_enter_in_a_comment_answers_nothing(ballot: Page, room: Room) -> None:
    ballot.keyboard.press("2")
    ballot.keyboard.press("c")
    ballot.keyboard.type("a word")
    for _ in range(4):
        ballot.keyboard.down("Enter")
    ballot.keyboard.up("Enter")
    expect(ballot.locator("#comment")).to_be_hidden()
    expect(ballot.locator('[data-slot="B"]')).to_contain_text("chosen")
    assert room.votes() == []


def test_a_third_press_does_not_reach_the_next_ballot(ballot: Page, room: Room) -> None:
    here = ballot.url
    for _ in range(3):
        ballot.keyboard.press("2")
    ballot.wait_for_url(lambda url: url != here)
    painted(ballot)
    expect(ballot.locator(".panel.chosen")).to_have_count(0)
    all_saved(ballot)
    assert [vote.positions for vote in room.votes()] == [[1]]
