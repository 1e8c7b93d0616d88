"""The tools on a real page: by keyboard alone, over reloads, for one reader and not another."""

import re

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Page, expect
from scipy import ndimage
from sqlalchemy import select

from app.ballots.tables import Ballot, Slot
from app.masks.codec import unpack_bits
from app.proposals.tables import Candidate
from app.studies.protocol import Design, Display
from app.votes.answers import AnswerKind
from tests.browser.conftest import SHAPE, Room, all_saved, painted, press_and_go_on, rows_of
from tests.browser.test_drawing import brush, drag, stored
from tests.support.factory import PASSWORD, PLAIN, SMALL, halves

Mask = NDArray[np.bool_]
EIGHT = np.ones((3, 3), np.bool_)


@pytest.fixture
def display() -> Display:
    """A grid as fine as the films."""
    return SMALL.model_copy(update={"long_side": 768})


def shown(room: Room, ballot: int = 0) -> list[Mask]:
    """The candidates of a ballot as the page has them; films this small are their own grid."""
    query = select(Candidate.grid_sha).join(Slot, Slot.candidate_id == Candidate.id)
    of_ballot = query.where(Slot.ballot_id == room.ballots()[ballot].id).order_by(Slot.position)
    with room.house.sessions() as session:
        return [unpack_bits(room.house.blobs.get(sha), SHAPE) for sha in session.scalars(of_ballot)]


def open_sheet(page: Page) -> None:
    page.keyboard.press("0")
    page.wait_for_selector(".sheet .ink")


def cross(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_the_keyboard_alone_draws_a_line(ballot: Page, room: Room) -> None:
    open_sheet(ballot)
    cross(ballot, "ArrowLeft")  # it appears in the middle of the film
    ballot.keyboard.down(" ")
    cross(ballot, "Shift+ArrowRight", "Shift+ArrowRight")
    ballot.keyboard.up(" ")
    radius = brush(ballot)
    press_and_go_on(ballot, "Enter")
    mask = stored(room)
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    assert abs(rows.mean() - SHAPE[0] / 2) <= 1
    assert columns[0] == pytest.approx(SHAPE[1] // 2 - radius, abs=1)
    assert columns[-1] - columns[0] > 2 * radius + 10
    assert ndimage.label(mask, EIGHT)[1] == 1


def test_a_tap_on_the_space_bar_stamps(ballot: Page, room: Room) -> None:
    open_sheet(ballot)
    cross(ballot, "ArrowUp", "Space")
    radius = brush(ballot)
    press_and_go_on(ballot, "Enter")
    assert stored(room).sum() == pytest.approx(np.pi * radius**2, rel=0.1)


def test_without_the_cross_hair_the_space_bar_hides_and_deletes_nothing(
    ballot: Page, room: Room
) -> None:
    open_sheet(ballot)
    ballot.keyboard.press("1")
    ballot.keyboard.down(" ")
    expect(ballot.locator(".sheet .note")).to_contain_text("hidden")
    ballot.keyboard.up(" ")
    press_and_go_on(ballot, "Enter")
    np.testing.assert_array_equal(stored(room), shown(room)[0])


def test_a_polygon_is_drawn_corner_by_corner_without_a_mouse(ballot: Page, room: Room) -> None:
    open_sheet(ballot)
    cross(ballot, "p", "ArrowUp", "Space", "Shift+ArrowRight", "Space", "Shift+ArrowDown", "Space")
    way = ballot.locator(".marks .way")
    expect(way).to_have_attribute("d", re.compile("M"))
    ballot.keyboard.press("Enter")  # closes it, and saves nothing yet
    expect(way).to_have_attribute("d", "")
    assert room.votes() == []
    press_and_go_on(ballot, "Enter")
    mask = stored(room)
    side = np.flatnonzero(mask.any(0)).size
    assert mask.sum() == pytest.approx(side * side / 2, rel=0.1)


def test_a_polygon_closes_where_it_began(ballot: Page, room: Room) -> None:
    open_sheet(ballot)
    ballot.keyboard.press("p")
    for point in ((40, 40), (40, 120), (120, 120), (120, 40), (40, 40)):
        drag(ballot, point)
    press_and_go_on(ballot, "Enter")
    mask = stored(room)
    assert mask[45:115, 45:115].all()
    assert mask.sum() == pytest.approx(80 * 80, rel=0.05)


def test_a_lasso_takes_what_it_goes_around_and_erases_it(ballot: Page, room: Room) -> None:
    open_sheet(ballot)
    ballot.keyboard.press("a")
    drag(ballot, (40, 40), (40, 140), (140, 140), (140, 40))
    ballot.keyboard.press("e")
    drag(ballot, (80, 80), (80, 100), (100, 100), (100, 80))
    press_and_go_on(ballot, "Enter")
    mask = stored(room)
    assert mask[45:75, 45:135].all()
    assert not mask[83:97, 83:97].any()


def two_parts(room: Room, page: Page) -> None:
    """Draw two parts, the upper one larger."""
    open_sheet(page)
    drag(page, (50, 40), (50, 140))
    drag(page, (150, 60), (150, 100))


@pytest.mark.parametrize(("keys", "upper", "lower"), [("cx", 0, 1), ("ccx", 1, 0), ("ck", 1, 0)])
def test_a_part_is_dropped_or_kept_by_a_few_keys(
    ballot: Page, room: Room, keys: str, upper: int, lower: int
) -> None:
    two_parts(room, ballot)
    cross(ballot, *keys)
    press_and_go_on(ballot, "Enter")
    mask = stored(room)
    assert (int(mask[50, 90]), int(mask[150, 80])) == (upper, lower)


def test_a_click_picks_a_part_and_a_second_one_drops_it(ballot: Page, room: Room) -> None:
    two_parts(room, ballot)
    ballot.keyboard.press("Shift+P")
    drag(ballot, (150, 80))
    expect(ballot.locator("#said")).to_contain_text("Part 2 of 2")
    expect(ballot.get_by_role("button", name="Drop it")).to_be_enabled()
    drag(ballot, (150, 80))
    press_and_go_on(ballot, "Enter")
    mask = stored(room)
    assert mask[50, 90]
    assert not mask[150, 80]


def test_a_candidate_is_cut_to_the_lungs(ballot: Page, room: Room) -> None:
    slot = next(i for i, mask in enumerate(shown(room)) if (mask & ~halves(SHAPE)).any())
    open_sheet(ballot)
    ballot.keyboard.press(str(slot + 1))
    expect(ballot.get_by_role("button", name="To lungs")).to_be_enabled()
    press_and_go_on(ballot, "y", "Enter")
    np.testing.assert_array_equal(stored(room), shown(room)[slot] & halves(SHAPE))


def test_buttons_tint_the_drawing_and_clear_it(ballot: Page) -> None:
    open_sheet(ballot)
    drag(ballot, (50, 40), (50, 140))
    tint = ballot.get_by_role("button", name="Tint")
    expect(tint).to_have_attribute("aria-pressed", "true")
    tint.click()
    expect(tint).to_have_attribute("aria-pressed", "false")
    clear = ballot.get_by_role("button", name="Clear")
    clear.click()
    expect(ballot.locator("#said")).to_have_text("Cleared.")
    expect(clear).to_be_disabled()
    ballot.keyboard.press("z")
    expect(clear).to_be_enabled()


@pytest.mark.parametrize("candidates", [3])
@pytest.mark.parametrize(("key", "start", "least"), [("m", "majority", 2), ("Shift+M", "union", 1)])
def test_a_drawing_begins_with_most_or_all(
    ballot: Page, room: Room, key: str, start: str, least: int
) -> None:
    counts = np.sum(shown(room), axis=0)
    open_sheet(ballot)
    drag(ballot, (10, 10))
    ballot.keyboard.press(key)
    drag(ballot, (190, 10))
    ballot.keyboard.press("z")
    press_and_go_on(ballot, "Enter")
    np.testing.assert_array_equal(stored(room), counts >= least)
    drawing = room.votes()[-1].drawing
    assert drawing is not None
    assert drawing.started_from == start


def test_strokes_outlive_a_reload_with_what_was_undone(ballot: Page, room: Room) -> None:
    open_sheet(ballot)
    for row in (40, 80, 120, 160):
        drag(ballot, (row, 60), (row, 120))
    cross(ballot, "z", "z")
    kept(ballot, position=2, count=4)
    ballot.reload()
    painted(ballot)
    open_sheet(ballot)
    expect(ballot.get_by_role("button", name="Redo")).to_be_enabled()
    cross(ballot, "Shift+Z", "z", "z")
    press_and_go_on(ballot, "Enter")
    mask = stored(room)
    assert [int(mask[row, 90]) for row in (40, 80, 120, 160)] == [1, 0, 0, 0]


KEPT = rows_of("maskballot-strokes", "sheets")


def kept(page: Page, *, position: int, count: int) -> None:
    """Wait until the browser's own database has it."""
    page.wait_for_function(
        f"async () => {{ const sheets = await ({KEPT})();"
        f" return sheets.some((one) => one.position === {position} && one.count === {count}); }}"
    )


def test_a_duplicated_tab_keeps_a_drawing_of_its_own(ballot: Page) -> None:
    """A tab opened by another gets a copy of its session: two hands must not write one sheet."""
    open_sheet(ballot)
    drag(ballot, (40, 60), (40, 120))
    kept(ballot, position=1, count=1)
    with ballot.expect_popup() as opened:
        ballot.evaluate("() => { window.open(location.href); }")
    other = painted(opened.value)
    open_sheet(other)
    drag(other, (80, 60), (80, 120))
    kept(other, position=2, count=2)
    sheets = sorted(one["count"] for one in other.evaluate(KEPT))
    assert sheets == [1, 2]


def test_a_readers_strokes_show_for_no_other(ballot: Page, room: Room) -> None:
    open_sheet(ballot)
    drag(ballot, (60, 50), (60, 120))
    kept(ballot, position=1, count=1)
    # Another reader of the same film, in the same browser.
    ballot.context.clear_cookies()
    ballot.goto(f"{room.url}/sign-in")
    ballot.fill("[name=name]", "alpha-2")
    ballot.fill("[name=password]", PASSWORD)
    ballot.keyboard.press("Enter")
    ballot.wait_for_url(f"{room.url}/")
    ballot.goto(f"{room.url}/studies/{room.world.study.key}/next")
    painted(ballot)
    other = room.ballots()[-1]
    with room.house.sessions.begin() as session:
        first = room.ballots()[0]
        taken = session.get(Ballot, first.id)
        assert taken is not None
        assert taken.physician_id != other.physician_id
        # Even were the keys of both ballots the same.
        taken.key, key = "a" * 26, first.key
        session.flush()
        mine = session.get(Ballot, other.id)
        assert mine is not None
        mine.key = key
    ballot.goto(f"{room.url}/ballots/{key}")
    painted(ballot)
    open_sheet(ballot)
    expect(ballot.get_by_role("button", name="Save drawing")).to_be_disabled()
    assert [one["reader"] for one in ballot.evaluate(KEPT)] == ["alpha-1"]


def test_strokes_from_before_an_answer_never_take_its_place(ballot: Page, room: Room) -> None:
    """Begun here, answered on another computer: the answer stands."""
    here = ballot.url
    open_sheet(ballot)
    drag(ballot, (60, 50), (60, 120))
    kept(ballot, position=1, count=1)
    there = ballot.context.browser.new_context()  # type: ignore[union-attr]
    there.add_cookies([*ballot.context.cookies()])  # type: ignore[list-item]
    page = there.new_page()
    page.goto(here)
    painted(page)
    press_and_go_on(page, "2", "2")
    all_saved(page)
    there.close()
    ballot.reload()
    painted(ballot)
    expect(ballot.locator('[data-do="choose-B"]')).to_have_attribute("aria-pressed", "true")
    open_sheet(ballot)
    expect(ballot.get_by_role("button", name="Save drawing")).to_be_disabled()


def test_a_drawing_put_aside_waits_for_its_reader(ballot: Page, room: Room) -> None:
    here = ballot.url
    open_sheet(ballot)
    drag(ballot, (60, 50), (60, 120))
    kept(ballot, position=1, count=1)
    press_and_go_on(ballot, "Escape", "l", "Enter")
    all_saved(ballot)
    ballot.goto(here)
    painted(ballot)
    open_sheet(ballot)
    press_and_go_on(ballot, "Enter")
    assert stored(room)[60, 55:115].all()


def test_an_answer_lets_go_of_its_strokes(ballot: Page, room: Room) -> None:
    open_sheet(ballot)
    drag(ballot, (60, 50), (60, 120))
    press_and_go_on(ballot, "Enter")
    all_saved(ballot)
    ballot.wait_for_function(f"async () => (await ({KEPT})()).length === 0")


class TestBlank:
    """Films that are drawn before any proposal is seen."""

    @pytest.fixture
    def design(self) -> Design:
        """Every film has one reader who draws first."""
        return PLAIN.model_copy(update={"draw_first_share": 1.0})

    @pytest.fixture
    def blank_ballot(self, ballot: Page, room: Room) -> Page:
        """The reader's first ballot that is one."""
        for _ in range(4):
            if ballot.locator("#drawing").is_visible():
                return ballot
            press_and_go_on(ballot, "1", "1")
            all_saved(ballot)
        pytest.fail("no blank ballot came")

    def test_the_sheet_is_open_and_nothing_is_proposed(
        self, blank_ballot: Page, room: Room
    ) -> None:
        expect(blank_ballot.locator("#drawing")).to_be_visible()
        for name in ("from-A", "majority", "union", "compare", "draw-later"):
            expect(blank_ballot.locator(f'#drawing [data-do="{name}"]')).to_be_hidden()
        blank_ballot.keyboard.press("Escape")
        expect(blank_ballot.locator("#drawing")).to_be_visible()
        drag(blank_ballot, (60, 50), (60, 120))
        press_and_go_on(blank_ballot, "Enter")
        assert stored(room)[60, 55:115].all()

    @pytest.mark.parametrize(
        ("keys", "kind"),
        [
            (("n", "n"), AnswerKind.NO_INFECTION),
            (("u", "u"), AnswerKind.UNREADABLE),
            (("l", "Enter"), AnswerKind.LATER),
        ],
    )
    def test_other_answers_are_near(
        self, blank_ballot: Page, room: Room, keys: tuple[str, ...], kind: AnswerKind
    ) -> None:
        drag(blank_ballot, (60, 50), (60, 120))
        press_and_go_on(blank_ballot, *keys)
        all_saved(blank_ballot)
        vote = room.votes()[-1]
        assert (vote.answer, vote.drawing_id) == (kind, None)
