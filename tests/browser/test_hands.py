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


def pen(hand: CDPSession, kind: str, point: Point, *, force: float = 0.5) -> None:
    hand.send(
        "Input.dispatchMouseEvent",
        {"type": kind, "x": point[0], "y": point[1], "button": "left", "buttons": 1,
         "clickCount": 1, "pointerType": "pen", "force": force},
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


def test_a_palm_that_came_first_is_forgotten_when_the_pen_comes(
    hand: CDPSession, ballot: Page, room: Room
) -> None:
    fingers(hand, "touchStart", on_screen(ballot, 150, 50))
    fingers(hand, "touchMove", on_screen(ballot, 150, 120))
    stroke_with_pen(hand, ballot, 60)
    fingers(hand, "touchMove", on_screen(ballot, 170, 120))
    fingers(hand, "touchEnd")
    press_and_go_on(ballot, "Enter")
    mask = stored(room)
    assert mask[60, 55:115].all()
    assert not mask[140:180].any()


def test_a_palm_during_the_stroke_changes_nothing(
    hand: CDPSession, ballot: Page, room: Room
) -> None:
    pen(hand, "mousePressed", on_screen(ballot, 60, 50))
    fingers(hand, "touchStart", on_screen(ballot, 150, 50))
    fingers(hand, "touchMove", on_screen(ballot, 150, 120))
    pen(hand, "mouseMoved", on_screen(ballot, 60, 120))
    fingers(hand, "touchEnd")
    pen(hand, "mouseReleased", on_screen(ballot, 60, 120))
    press_and_go_on(ballot, "Enter")
    mask = stored(room)
    assert mask[60, 55:115].all()
    assert not mask[140:160].any()


@pytest.mark.parametrize("asked", [False, True])
def test_a_pens_pressure_changes_the_width_only_if_asked(
    hand: CDPSession, ballot: Page, room: Room, asked: bool
) -> None:
    if asked:
        ballot.keyboard.press("j")
    for row, force in ((50, 0.1), (140, 1.0)):
        pen(hand, "mousePressed", on_screen(ballot, row, 50), force=force)
        for column in (90, 130):
            pen(hand, "mouseMoved", on_screen(ballot, row, column), force=force)
        pen(hand, "mouseReleased", on_screen(ballot, row, 130), force=force)
    press_and_go_on(ballot, "Enter")
    mask = stored(room)
    light, hard = mask[30:70, 90].sum(), mask[120:160, 90].sum()
    assert hard > 2
    assert (light < hard / 2) if asked else (light == hard)


def test_the_pens_other_end_erases(hand: CDPSession, ballot: Page, room: Room) -> None:
    """Chromium's test events know no sixth button, so the page is told of one by hand."""
    stroke_with_pen(hand, ballot, 60)
    ballot.locator(".sheet [role=img]").evaluate(
        """(canvas, points) => {
          canvas.setPointerCapture = () => {};
          points.forEach(([clientX, clientY], i) => {
            const type = ["pointerdown", "pointermove", "pointerup"][i];
            canvas.dispatchEvent(new PointerEvent(type, { bubbles: true, pointerId: 77,
              pointerType: "pen", button: 5, buttons: 32, clientX, clientY }));
          });
        }""",
        [on_screen(ballot, 60, column) for column in (80, 120, 120)],
    )
    press_and_go_on(ballot, "Enter")
    mask = stored(room)
    assert mask[60, 55:70].all()
    assert not mask[60, 85:115].any()


@pytest.mark.parametrize("size", [(1024, 1366), (834, 1112), (1366, 1024), (1112, 834)])
def test_all_tools_are_within_reach_of_a_finger(ballot: Page, size: tuple[int, int]) -> None:
    ballot.set_viewport_size({"width": size[0], "height": size[1]})
    ballot.keyboard.press("0")
    expect(ballot.locator("#drawing")).to_be_visible()
    small = ballot.evaluate(
        """() => [...document.querySelectorAll("#drawing button, #drawing-tools button")]
          .filter((button) => button.offsetParent)
          .map((button) => [button.dataset.do, button.getBoundingClientRect()])
          .filter(([, box]) => box.width < 44 || box.height < 44 || box.left < 0 || box.top < 0 ||
            box.right > innerWidth || box.bottom > innerHeight)
          .map(([name]) => name)"""
    )
    assert small == []
