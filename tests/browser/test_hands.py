"""Pen and fingers on a tablet."""

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.conftest import Room, press_and_go_on
from tests.browser.test_drawing import film_box, stored

Point = tuple[float, float]


@pytest.fixture
def browser_context_args() -> dict[str, object]:
    """A tablet held upright."""
    return {"viewport": {"width": 1024, "height": 1366}, "has_touch": True}


@pytest.fixture
def hand(ballot: Page) -> CDPSession:
    """What sends pen and finger events as the hardware would."""
    ballot.keyboard.press("0")
    ballot.wait_for_selector(".sheet .ink")
    return ballot.context.new_cdp_session(ballot)


def on_screen(page: Page, row: float, column: float) -> Point:
    (left, top), scale = film_box(page)
    return (left + column * scale, top + row * scale)


def fingers(hand: CDPSession, kind: str, *points: Point) -> None:
    hand.send(
        "Input.dispatchTouchEvent",
        {
            "type": kind,
            "touchPoints": [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)],
        },
    )


def pen(hand: CDPSession, kind: str, point: Point) -> None:
    hand.send(
        "Input.dispatchMouseEvent",
        {"type": kind, "x": point[0], "y": point[1], "button": "left", "buttons": 1,
         "clickCount": 1, "pointerType": "pen"},
    )  # fmt: skip


def stroke_with_pen(hand: CDPSession, page: Page, row: float) -> None:
    pen(hand, "mousePressed", on_screen(page, row, 50))
    pen(hand, "mouseMoved", on_screen(page, row, 120))
    pen(hand, "mouseReleased", on_screen(page, row, 120))


def stroke_with_finger(hand: CDPSession, page: Page, row: float) -> None:
    fingers(hand, "touchStart", on_screen(page, row, 50))
    fingers(hand, "touchMove", on_screen(page, row, 120))
    fingers(hand, "touchEnd")


def picture(page: Page) -> str:
    shown: str = page.locator(".sheet [role=img]").evaluate("canvas => canvas.toDataURL()")
    return shown


def test_a_pen_draws(hand: CDPSession, ballot: Page, room: Room) -> None:
    stroke_with_pen(hand, ballot, 60)
    press_and_go_on(ballot, "Enter")
    assert stored(room)[60, 55:115].all()


def test_a_finger_draws_where_there_is_no_pen(hand: CDPSession, ballot: Page, room: Room) -> None:
    stroke_with_finger(hand, ballot, 60)
    press_and_go_on(ballot, "Enter")
    assert stored(room)[60, 55:115].all()


def test_a_palm_beside_the_pen_draws_nothing(hand: CDPSession, ballot: Page, room: Room) -> None:
    stroke_with_pen(hand, ballot, 60)
    stroke_with_finger(hand, ballot, 150)
    press_and_go_on(ballot, "Enter")
    mask = stored(room)
    assert mask[60, 55:115].all()
    assert not mask[140:160].any()


def test_two_fingers_zoom_and_leave_no_mark(hand: CDPSession, ballot: Page, room: Room) -> None:
    middle = on_screen(ballot, 100, 90)
    near = [(middle[0] - 20, middle[1]), (middle[0] + 20, middle[1])]
    wide = [(middle[0] - 120, middle[1]), (middle[0] + 120, middle[1])]
    fingers(hand, "touchStart", near[0])
    fingers(hand, "touchStart", *near)
    fingers(hand, "touchMove", *wide)
    fingers(hand, "touchEnd")
    expect(ballot.get_by_role("button", name="Save drawing")).to_be_disabled()
    zoomed = picture(ballot)
    ballot.keyboard.press("f")
    ballot.wait_for_timeout(100)
    assert picture(ballot) != zoomed
    assert room.votes() == []
