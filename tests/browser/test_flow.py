"""One ballot after the other in one page: made ready before, dealt meanwhile, and nothing lost."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, Request, Route, expect
from sqlalchemy.orm import Session

from app.ballots.ahead import upcoming_for
from app.ballots.states import BallotState
from app.ballots.tables import Case
from tests.browser.conftest import Room, Watch, all_saved, painted, press_and_go_on, try_again
from tests.support.factory import PASSWORD


@pytest.fixture(autouse=True)
def lines_break(watch: Watch) -> None:
    """Some of these tests break the line; the browser notes each request that fails."""
    watch.failures_expected = True


def ready(page: Page, count: int = 3) -> None:
    """Wait until the films of the next ballots have come."""
    page.wait_for_function("count => window.films >= count", arg=count)


@pytest.fixture
def counted(reader: Page, room: Room) -> Page:
    """The first ballot; its page counts the films that have come beside the one shown."""
    reader.add_init_script("window.films = -1;")

    def count(request: Request) -> None:
        if request.url.endswith("/bundle"):
            reader.evaluate("window.films += 1")

    reader.on("requestfinished", count)
    reader.goto(f"{room.url}/studies/{room.world.study.key}/next")
    return painted(reader)


def test_the_next_ballot_comes_without_loading_a_page(ballot: Page, room: Room) -> None:
    ballot.evaluate("window.same = true")
    press_and_go_on(ballot, "1", "1")
    press_and_go_on(ballot, "2", "2")
    assert ballot.evaluate("window.same") is True
    all_saved(ballot)
    expect(ballot.locator("#count")).to_have_text("2 of 4")
    assert [vote.positions for vote in room.votes()] == [[0], [1]]
    keys = [b.key for b in room.ballots()]
    assert ballot.url.endswith(keys[-1])


def test_a_reload_shows_the_ballot_that_stands_there(ballot: Page) -> None:
    with ballot.expect_response("**/next"):
        press_and_go_on(ballot, "1", "1")
    here = ballot.url
    ballot.reload()
    assert painted(ballot).url == here


def test_making_ready_deals_nothing(ballot: Page, room: Room) -> None:
    with ballot.expect_response(re.compile("/ahead$")):
        ballot.reload()
    painted(ballot)
    assert len(room.ballots()) == 1


def test_what_did_not_arrive_ahead_is_fetched_again_by_itself(reader: Page, room: Room) -> None:
    asked: list[str] = []

    def first_time_lost(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) == 2:
            route.abort()
        else:
            route.continue_()

    reader.route("**/bundle", first_time_lost)
    reader.goto(f"{room.url}/studies/{room.world.study.key}/next")
    with reader.expect_request_finished(lambda request: request.url in asked[1:2]):
        painted(reader)


def test_a_film_that_did_not_arrive_comes_with_the_network(reader: Page, room: Room) -> None:
    reader.route("**/bundle", lambda route: route.abort())
    reader.goto(f"{room.url}/studies/{room.world.study.key}/next")
    expect(reader.get_by_text("could not be shown")).to_be_visible()
    reader.unroute("**/bundle")
    reader.evaluate("window.dispatchEvent(new Event('online'))")
    painted(reader)


def test_a_coming_film_that_never_arrives_keeps_no_other_away(reader: Page, room: Room) -> None:
    asked: list[str] = []

    def second_lost(route: Route) -> None:
        if route.request.url not in asked:
            asked.append(route.request.url)
        if route.request.url in asked[1:2]:
            route.abort()
        else:
            route.continue_()

    reader.route("**/bundle", second_lost)
    with reader.expect_request_finished(lambda request: request.url in asked[3:]):
        reader.goto(f"{room.url}/studies/{room.world.study.key}/next")


def test_a_film_that_hangs_is_given_up_and_asked_for_again(reader: Page, room: Room) -> None:
    reader.add_init_script(
        """const real = AbortSignal.timeout.bind(AbortSignal);
        window.hurried = true;
        AbortSignal.timeout = (ms) => real(window.hurried && ms === 120_000 ? 50 : ms);"""
    )
    reader.route("**/bundle", lambda _route: None)
    reader.goto(f"{room.url}/studies/{room.world.study.key}/next")
    told = reader.locator("#loading-words")
    expect(told).to_contain_text("did not come within 120 seconds")
    expect(told).to_contain_text("try again")
    expect(told).not_to_contain_text("signal")  # the browser's own words
    reader.evaluate("window.hurried = false")
    reader.unroute("**/bundle")
    reader.locator("#loading-again").click()
    painted(reader)


def test_three_ballots_are_read_without_a_network(
    counted: Page, room: Room, context: BrowserContext
) -> None:
    ready(counted)
    context.set_offline(True)
    for key in ("1", "2", "3"):
        press_and_go_on(counted, key, key)
    counted.keyboard.press("4")
    counted.keyboard.press("4")
    expect(counted.locator("#loading")).to_contain_text("no network")
    expect(counted.locator("#saving")).to_have_text("4 answers not yet saved")
    expect(counted.locator("#unsaved")).to_contain_text("Your 4 answers are kept here")
    assert room.votes() == []
    context.set_offline(False)
    counted.wait_for_url("**/studies/*")
    all_saved(counted)
    assert [vote.positions for vote in room.votes()] == [[0], [1], [2], [3]]
    assert len({vote.ballot_id for vote in room.votes()}) == 4


def test_an_answer_taken_back_while_it_waits_is_sent_once(
    counted: Page, room: Room, context: BrowserContext
) -> None:
    ready(counted)
    context.set_offline(True)
    press_and_go_on(counted, "1", "1")
    press_and_go_on(counted, "Backspace")
    press_and_go_on(counted, "4", "4")
    expect(counted.locator("#saving")).to_have_text("1 answer not yet saved")
    context.set_offline(False)
    all_saved(counted)
    assert [vote.positions for vote in room.votes()] == [[3]]


def test_where_another_film_is_dealt_it_takes_the_shown_ones_place(
    counted: Page, room: Room, context: BrowserContext
) -> None:
    ready(counted)
    context.set_offline(True)
    press_and_go_on(counted, "1", "1")
    shown = counted.url
    with room.house.sessions.begin() as session:  # others fill the case that stands there
        order = counted.evaluate("document.querySelector('#stage').dataset.painted")
        fill(room, order, session)
    context.set_offline(False)
    counted.wait_for_url(lambda url: url != shown)
    painted(counted)
    expect(counted.locator("#said")).to_contain_text("given to others")
    all_saved(counted)
    assert [vote.positions for vote in room.votes()] == [[0]]


def fill(room: Room, key: str, session: Session) -> None:
    """Fill the case of the coming ballot ``key``."""
    reader = session.merge(room.world.physicians[0])
    coming = upcoming_for(session, physician=reader, key=key, clock=room.house.clock)
    case = session.get_one(Case, coming.film.id)
    case.taken = case.wanted


def test_a_session_that_ended_is_opened_again_in_place(
    counted: Page, room: Room, context: BrowserContext
) -> None:
    ready(counted)
    context.clear_cookies()
    for key in ("1", "2"):
        press_and_go_on(counted, key, key)
    expect(counted.locator("#unsaved")).to_contain_text("2 answers are kept here")
    counted.keyboard.press("3")
    counted.get_by_role("button", name="Sign in").click()
    counted.keyboard.type(PASSWORD)
    counted.keyboard.press("Enter")
    all_saved(counted)
    expect(counted.locator('[data-slot="C"]')).to_contain_text("chosen")
    press_and_go_on(counted, "Enter")
    all_saved(counted)
    assert [vote.positions for vote in room.votes()] == [[0], [1], [2]]


def test_somebody_elses_session_takes_no_answer_of_the_reader(
    ballot: Page, room: Room, context: BrowserContext
) -> None:
    context.clear_cookies()
    other = context.new_page()
    other.goto(f"{room.url}/sign-in")
    other.get_by_label("Name").fill("alpha-2")
    other.get_by_label("Password").fill(PASSWORD)
    other.keyboard.press("Enter")
    other.wait_for_url(f"{room.url}/")
    press_and_go_on(ballot, "2", "2")
    expect(ballot.locator("#unsaved")).to_contain_text("Dr. Alpha 2 is signed in")
    assert room.votes() == []
    ballot.get_by_role("button", name="Sign in").click()
    ballot.keyboard.type(PASSWORD)
    ballot.keyboard.press("Enter")
    all_saved(ballot)
    (vote,) = room.votes()
    assert vote.positions == [1]


def test_a_browser_that_keeps_nothing_is_told_so_and_answers_are_sent(
    reader: Page, room: Room
) -> None:
    reader.add_init_script(
        "indexedDB.open = () => { throw new DOMException('no', 'InvalidStateError'); };"
    )
    reader.goto(f"{room.url}/studies/{room.world.study.key}/next")
    painted(reader)
    press_and_go_on(reader, "2", "2")
    expect(reader.locator("#saving")).to_have_text("✓ all saved · no drafts kept")
    reader.route("**/answers", lambda route: route.abort())
    press_and_go_on(reader, "3", "3")
    expect(reader.locator("#unsaved")).to_contain_text("This browser keeps nothing")
    reader.unroute("**/answers")
    try_again(reader)
    expect(reader.locator("#saving")).to_have_text("✓ all saved · no drafts kept")
    assert [vote.positions for vote in room.votes()] == [[1], [2]]


def test_a_draft_never_overwrites_an_answer_given_elsewhere(
    ballot: Page, room: Room, context: BrowserContext
) -> None:
    ballot.keyboard.press("2")
    expect(ballot.locator('[data-slot="B"]')).to_contain_text("chosen")
    there = context.new_page()
    there.goto(ballot.url)
    painted(there)
    there.keyboard.press("4")
    press_and_go_on(there, "4")
    all_saved(there)
    ballot.keyboard.press("3")  # a draft, begun before the answer
    expect(ballot.locator('[data-slot="C"]')).to_contain_text("chosen")
    ballot.reload()
    painted(ballot)
    expect(ballot.locator('[data-slot="D"]')).to_contain_text("chosen")


def test_an_acknowledged_answer_leaves_no_draft(ballot: Page) -> None:
    ballot.keyboard.press("c")
    ballot.keyboard.type("a word")
    ballot.keyboard.press("Enter")
    press_and_go_on(ballot, "2", "2")
    all_saved(ballot)
    ballot.wait_for_function(
        """() => new Promise((resolve) => {
          indexedDB.open("maskballot").onsuccess = ({ target }) => {
            const drafts = target.result.transaction("drafts").objectStore("drafts").count();
            drafts.onsuccess = () => { target.result.close(); resolve(drafts.result === 0); };
          };
        })"""
    )


def test_a_hold_that_ends_is_told_and_made_longer(reader: Page, room: Room) -> None:
    reader.clock.install()
    reader.goto(f"{room.url}/studies/{room.world.study.key}/next")
    reader.wait_for_selector("#stage[data-painted]")
    # Away from the keys: nothing holds the film by itself.
    reader.clock.run_for("25:00")
    expect(reader.locator("#held")).to_contain_text("is held for you for")
    with reader.expect_response("**/lease") as answer:
        reader.get_by_role("button", name="Hold it longer").click()
    assert answer.value.json()["lease_seconds"] > 29 * 60
    expect(reader.locator("#held")).to_be_hidden()


def test_an_answer_after_the_hold_has_ended_is_kept(reader: Page, room: Room) -> None:
    reader.clock.install()
    reader.goto(f"{room.url}/studies/{room.world.study.key}/next")
    reader.wait_for_selector("#stage[data-painted]")
    reader.clock.run_for("31:00")
    expect(reader.locator("#held")).to_contain_text("not held for you any more")
    with room.house.sessions.begin() as session:
        (dealt,) = [session.merge(each) for each in room.ballots()]
        dealt.state, dealt.lease_until = BallotState.EXPIRED, None
    reader.keyboard.press("2")
    reader.keyboard.press("2")
    reader.clock.run_for(1000)
    all_saved(reader)
    assert [vote.positions for vote in room.votes()] == [[1]]


def test_reading_time_leaves_out_what_was_hidden(ballot: Page, room: Room) -> None:
    ballot.evaluate(
        """() => {
          Object.defineProperty(document, "hidden", { get: () => window.away, configurable: true });
          window.away = true;
          document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    ballot.wait_for_timeout(600)
    ballot.evaluate("window.away = false; document.dispatchEvent(new Event('visibilitychange'))")
    press_and_go_on(ballot, "2", "2")
    press_and_go_on(ballot, "3", "3")
    all_saved(ballot)
    first, second = room.votes()
    assert first.paused_ms is not None
    assert first.reading_ms is not None
    assert first.paused_ms >= 600
    assert first.reading_ms >= 200
    assert second.paused_ms == 0
    assert (first.sitting, second.sitting) == (1, 2)


def test_a_comment_stays_with_the_film_it_was_begun_on(
    counted: Page, room: Room, context: BrowserContext
) -> None:
    ready(counted)
    context.set_offline(True)
    press_and_go_on(counted, "1", "1")
    shown = counted.url
    counted.keyboard.press("c")
    counted.keyboard.type("of the film shown")
    with room.house.sessions.begin() as session:
        fill(room, counted.evaluate("document.querySelector('#stage').dataset.painted"), session)
    context.set_offline(False)
    counted.wait_for_url(lambda url: url != shown)
    painted(counted)
    expect(counted.locator("#comment")).to_be_hidden()
    expect(counted.locator('[data-do="comment"]')).to_have_attribute("aria-pressed", "false")
    press_and_go_on(counted, "2", "2")
    all_saved(counted)
    assert [vote.comment for vote in room.votes()] == ["", ""]
