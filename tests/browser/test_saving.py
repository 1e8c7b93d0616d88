"""An answer is kept here first, and called saved only when the server has it."""

import json
import re

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from sqlalchemy import delete

from app.ballots.tables import Ballot, Case, Hand, Slot
from tests.browser.conftest import (
    Room,
    Watch,
    all_saved,
    lock,
    painted,
    press_and_go_on,
    try_again,
)
from tests.support.factory import PASSWORD


@pytest.fixture(autouse=True)
def lines_break(watch: Watch) -> None:
    """These tests break the line; the browser notes each request that fails."""
    watch.failures_expected = True


def test_the_line_says_that_all_is_saved(ballot: Page) -> None:
    expect(ballot.locator("#saving")).to_have_text("✓ all saved")
    expect(ballot.locator("#unsaved")).to_be_hidden()


def test_without_a_network_an_answer_is_kept_and_sent_later(
    ballot: Page, room: Room, context: BrowserContext
) -> None:
    before = ballot.url
    context.set_offline(True)
    ballot.keyboard.press("2")
    ballot.keyboard.press("2")
    expect(ballot.locator("#saving")).to_have_text("1 answer not yet saved")
    expect(ballot.locator("#unsaved")).to_contain_text("cannot be reached")
    assert room.votes() == []
    assert ballot.url != before  # the next one, made ready before, stands there all the same
    context.set_offline(False)
    expect(ballot.locator("#saving")).to_have_text("✓ all saved")
    assert [vote.positions for vote in room.votes()] == [[1]]


def test_a_line_that_comes_back_during_a_failing_attempt_ends_the_wait(
    ballot: Page, room: Room
) -> None:
    """Whatever has failed before, a physician whose network is back waits for no long back-off."""
    ballot.route("**/answers", lambda route: route.abort())
    press_and_go_on(ballot, "1", "1")
    for _ in range(4):
        with ballot.expect_event("requestfailed"):
            try_again(ballot)
    held: list[Route] = []
    ballot.unroute("**/answers")
    ballot.route("**/answers", lambda route: held.append(route), times=1)
    with ballot.expect_request("**/answers"):
        try_again(ballot)
    ballot.evaluate("window.dispatchEvent(new Event('online'))")
    held[0].abort()
    all_saved(ballot)
    assert len(room.votes()) == 1


def test_a_servers_fault_keeps_the_answer_over_a_reload(ballot: Page, room: Room) -> None:
    problem = {"title": "Something went wrong on our side.", "reference": "0a1b2c3d"}

    def fail(route: Route) -> None:
        route.fulfill(status=500, body=json.dumps(problem), content_type="application/problem+json")

    ballot.route("**/answers", fail)
    ballot.keyboard.press("3")
    ballot.keyboard.press("Enter")
    expect(ballot.locator("#unsaved")).to_contain_text("Reference: 0a1b2c3d")
    assert room.votes() == []
    ballot.reload()
    expect(ballot.locator("#unsaved")).to_contain_text("kept here")
    ballot.unroute("**/answers")
    try_again(ballot)
    expect(ballot.locator("#saving")).to_have_text("✓ all saved")
    assert [vote.positions for vote in room.votes()] == [[2]]


def test_signed_out_an_answer_waits_for_the_sign_in(
    ballot: Page, room: Room, context: BrowserContext
) -> None:
    context.clear_cookies()
    ballot.keyboard.press("1")
    ballot.keyboard.press("1")
    expect(ballot.locator("#unsaved")).to_contain_text("You are signed out")
    here = ballot.url
    ballot.get_by_role("button", name="Sign in").click()
    ballot.keyboard.type("wrong password")
    ballot.keyboard.press("Enter")
    expect(ballot.locator("#door-refused")).to_be_visible()
    ballot.keyboard.type(PASSWORD)
    ballot.keyboard.press("Enter")
    expect(ballot.locator("#door")).to_be_hidden()
    expect(ballot.locator("#saving")).to_have_text("✓ all saved")
    assert ballot.url == here
    assert [vote.positions for vote in room.votes()] == [[0]]


def test_another_persons_answers_are_not_sent_as_ones_own(
    ballot: Page, room: Room, context: BrowserContext
) -> None:
    context.clear_cookies()
    ballot.keyboard.press("1")
    ballot.keyboard.press("1")
    expect(ballot.locator("#saving")).to_have_text("1 answer not yet saved")
    ballot.goto(f"{room.url}/sign-in")
    ballot.get_by_label("Name").fill("alpha-2")
    ballot.get_by_label("Password").fill(PASSWORD)
    ballot.keyboard.press("Enter")
    ballot.wait_for_url(f"{room.url}/")
    expect(ballot.locator("#saving")).to_have_text("✓ all saved")
    assert room.votes() == []


def test_an_answer_that_is_refused_is_kept_until_it_is_discarded(ballot: Page, room: Room) -> None:
    lock(room)
    ballot.keyboard.press("1")
    ballot.keyboard.press("1")
    expect(ballot.locator("#unsaved")).to_contain_text("takes no more answers")
    ballot.goto(f"{room.url}/")
    expect(ballot.locator("#saving")).to_have_text("1 answer not yet saved")
    ballot.get_by_role("button", name="Discard the answer").click()
    expect(ballot.locator("#saving")).to_have_text("✓ all saved")
    expect(ballot.locator("#unsaved")).to_be_hidden()


def test_a_lost_acknowledgement_makes_no_second_vote(ballot: Page, room: Room) -> None:
    def lose(route: Route) -> None:
        route.fetch()  # the server takes the answer…
        route.abort()  # …and the browser never hears of it

    ballot.route("**/answers", lose, times=1)
    press_and_go_on(ballot, "4", "4")
    expect(ballot.locator("#saving")).to_have_text("✓ all saved")
    assert [vote.positions for vote in room.votes()] == [[3]]


def test_a_ballot_answered_in_another_tab_says_so(
    ballot: Page, room: Room, context: BrowserContext
) -> None:
    other = context.new_page()
    other.goto(ballot.url)
    painted(other)
    press_and_go_on(other, "2", "2")
    expect(ballot.locator("#elsewhere")).to_contain_text("answered in another tab")
    press_and_go_on(ballot, "3", "3")
    expect(ballot.locator("#saving")).to_have_text("✓ all saved")
    assert [vote.positions for vote in room.votes()] == [[1], [2]]


def refuse(route: Route) -> None:
    route.abort()


def sign_in(page: Page, room: Room, name: str) -> None:
    page.goto(f"{room.url}/sign-in")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{room.url}/")


def test_an_answer_that_gave_way_in_another_tab_is_sent_by_none(
    ballot: Page, room: Room, context: BrowserContext
) -> None:
    here = ballot.url
    context.route("**/answers", refuse)
    ballot.keyboard.press("1")
    ballot.keyboard.press("1")
    expect(ballot.locator("#unsaved")).to_contain_text("cannot be reached")
    other = context.new_page()
    other.goto(here)
    painted(other)
    expect(other.locator("#saving")).to_have_text("1 answer not yet saved")
    other.keyboard.press("2")
    other.keyboard.press("2")
    expect(ballot.locator("#saving")).to_have_text("✓ all saved")
    context.unroute("**/answers")
    try_again(other)
    expect(other.locator("#saving")).to_have_text("✓ all saved")
    ballot.evaluate("window.dispatchEvent(new Event('online'))")
    expect(ballot.locator("#saving")).to_have_text("✓ all saved")
    assert [vote.positions for vote in room.votes()] == [[1]]


def test_a_coming_ballot_answered_without_a_line_waits_while_another_reader_is_signed_in(
    ballot: Page, room: Room, context: BrowserContext
) -> None:
    """Both read one study on one computer: nothing is dealt to the other, nothing thrown away."""
    ballot.route("**/next", refuse)
    press_and_go_on(ballot, "1", "1")
    expect(ballot.locator("#saving")).to_have_text("✓ all saved")
    ballot.route("**/answers", refuse)
    press_and_go_on(ballot, "2", "2")
    expect(ballot.locator("#saving")).to_have_text("1 answer not yet saved")
    other = context.new_page()
    context.clear_cookies()
    sign_in(other, room, "alpha-2")
    ballot.unroute("**/next")
    ballot.unroute("**/answers")
    try_again(ballot)
    expect(ballot.locator("#unsaved")).to_contain_text("is signed in in this browser now")
    expect(ballot.get_by_role("button", name="Discard the answer")).to_be_hidden()
    assert [vote.positions for vote in room.votes()] == [[0]]
    context.clear_cookies()
    sign_in(other, room, "alpha-1")
    ballot.evaluate("window.dispatchEvent(new Event('online'))")
    expect(ballot.locator("#saving")).to_have_text("✓ all saved")
    assert [vote.positions for vote in room.votes()] == [[0], [1]]


def lose_the_deal(room: Room) -> None:
    """Take back what the last dealing wrote, as a loss of power does before it is flushed."""
    with room.house.sessions.begin() as session:
        dealt = session.get_one(Ballot, room.ballots()[-1].id)
        hand = session.get_one(Hand, (dealt.study_id, dealt.physician_id))
        hand.dealt, hand.waiting, hand.left = hand.dealt - 1, hand.waiting - 1, hand.left + 1
        hand.passed = 0
        session.get_one(Case, dealt.film_id).taken -= 1
        session.execute(delete(Slot).where(Slot.ballot_id == dealt.id))
        session.execute(delete(Ballot).where(Ballot.id == dealt.id))


def test_an_answer_to_a_ballot_whose_dealing_was_lost_is_stored(ballot: Page, room: Room) -> None:
    (before,) = room.ballots()
    lose_the_deal(room)
    press_and_go_on(ballot, "2", "2")
    all_saved(ballot)
    assert [vote.positions for vote in room.votes()] == [[1]]
    assert room.ballots()[0].key == before.key


def forbid(route: Route) -> None:
    """Refuse as the server refuses one who is no physician."""
    problem = {"title": "This page is for physicians."}
    route.fulfill(status=403, body=json.dumps(problem), content_type="application/problem+json")


def refused(page: Page) -> Page:
    """Answer the ballot while the server takes it for somebody else's."""
    page.route("**/answers", forbid)
    press_and_go_on(page, "2", "2")
    expect(page.get_by_role("button", name="Discard the answer")).to_be_visible()
    page.unroute("**/answers")
    return page


def test_an_answer_forbidden_to_another_role_is_sent_again_with_the_focus(
    ballot: Page, room: Room
) -> None:
    refused(ballot).evaluate("window.dispatchEvent(new Event('focus'))")
    all_saved(ballot)
    assert [vote.positions for vote in room.votes()] == [[1]]


def test_an_answer_forbidden_to_another_role_is_sent_by_the_next_page(
    ballot: Page, room: Room
) -> None:
    refused(ballot).goto(f"{room.url}/")
    all_saved(ballot)
    assert [vote.positions for vote in room.votes()] == [[1]]


def test_an_answer_forbidden_while_its_reader_comes_back_is_sent_again(
    ballot: Page, room: Room
) -> None:
    held: list[Route] = []
    ballot.route("**/answers", lambda route: held.append(route), times=1)
    with ballot.expect_request("**/answers"):
        press_and_go_on(ballot, "2", "2")
    ballot.evaluate("window.dispatchEvent(new Event('online'))")
    forbid(held[0])
    all_saved(ballot)
    assert [vote.positions for vote in room.votes()] == [[1]]


def test_after_an_answer_that_is_refused_again_the_next_ballots_are_made_ready(
    ballot: Page, room: Room
) -> None:
    refused(ballot)
    held: list[Route] = []
    ballot.route("**/answers", lambda route: held.append(route), times=1)
    with ballot.expect_request("**/answers"):
        ballot.goto(f"{room.url}/studies/{room.world.study.key}/next")
    painted(ballot)
    with ballot.expect_response(re.compile("/ahead$")):
        forbid(held[0])
