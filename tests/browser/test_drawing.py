"""What is stored is what was drawn, to the pixel, at the film's native size."""

import json
import zlib
from base64 import b64decode

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.ballots.tables import Slot
from app.masks.codec import from_png, unpack_bits
from app.proposals.tables import Candidate
from tests.browser.conftest import SHAPE, Room, painted, press_and_go_on
from tests.support.waiting import until

Point = tuple[float, float]


def film_box(page: Page) -> tuple[Point, float]:
    """Where film pixel (0, 0) starts on the screen, and screen pixels to a film pixel."""
    canvas = page.locator(".sheet .ink")
    canvas.wait_for()  # an own earlier drawing is fetched before the sheet is shown
    box = canvas.bounding_box()
    assert box is not None
    height, width = SHAPE
    scale = min(box["width"] / width, box["height"] / height)
    left = box["x"] + (box["width"] - width * scale) / 2
    top = box["y"] + (box["height"] - height * scale) / 2
    return (left, top), scale


def drag(page: Page, *points: Point) -> None:
    """Draw through points of the film, (row, column)."""
    (left, top), scale = film_box(page)
    on_screen = [(left + column * scale, top + row * scale) for row, column in points]
    page.mouse.move(*on_screen[0])
    page.mouse.down()
    for point in on_screen[1:]:
        page.mouse.move(*point)
    page.mouse.up()


def capsule(start: Point, end: Point, radius: float) -> NDArray[np.bool_]:
    """Pixels whose centre lies within ``radius`` of a line, by another road than the page's."""
    rows, columns = np.mgrid[: SHAPE[0], : SHAPE[1]] + 0.5
    at = rows + 1j * columns
    a, b = complex(*start), complex(*end)
    along = 0 if a == b else ((at - a) * np.conj(b - a)).real / abs(b - a) ** 2
    inside: NDArray[np.bool_] = np.abs(at - (a + np.clip(along, 0, 1) * (b - a))) <= radius
    return inside


def stored(room: Room) -> NDArray[np.bool_]:
    """The drawing of the newest vote, once the server has it."""
    until(lambda: bool(room.votes()) and room.votes()[-1].drawing is not None)
    drawing = room.votes()[-1].drawing
    assert drawing is not None
    return from_png(drawing.mask_png, max_pixels=SHAPE[0] * SHAPE[1])


def brush(page: Page) -> float:
    """The brush's radius in film pixels."""
    return int(page.locator("#size").inner_text().removesuffix(" px")) / 2


def areas(room: Room) -> list[int]:
    """The areas of the first ballot's candidates, in the order of slots."""
    first = room.ballots()[0].id
    query = select(Candidate.area).join(Slot, Slot.candidate_id == Candidate.id)
    with room.house.sessions() as session:
        return list(session.scalars(query.where(Slot.ballot_id == first).order_by(Slot.position)))


def test_a_stroke_is_stored_as_it_was_drawn(ballot: Page, room: Room) -> None:
    ballot.keyboard.press("0")
    drag(ballot, (60, 50), (90.25, 120.5))
    radius = brush(ballot)
    with ballot.expect_request("**/answers") as sent:
        press_and_go_on(ballot, "Enter")
    body = json.loads(sent.value.post_data or "")["drawing"]
    wire = unpack_bits(zlib.decompress(b64decode(body["bits"])), SHAPE)
    np.testing.assert_array_equal(stored(room), wire)
    expected = capsule((60, 50), (90.25, 120.5), radius)
    # The mouse moves in whole screen pixels, so the rim may differ by what that rounds off.
    assert (wire ^ expected).sum() <= 0.02 * expected.sum()


def test_what_is_erased_undone_and_redone_is_not_stored(ballot: Page, room: Room) -> None:
    ballot.keyboard.press("0")
    drag(ballot, (50, 50), (50, 130))
    drag(ballot, (150, 50), (150, 130))
    ballot.keyboard.press("z")
    ballot.keyboard.press("e")
    drag(ballot, (50, 120), (50, 130))
    ballot.keyboard.press("z")
    ballot.keyboard.press("Shift+Z")
    press_and_go_on(ballot, "Enter")
    mask = stored(room)
    assert mask[50, 60]
    assert not mask[50, 125]
    assert not mask[150, 60]


def test_a_drawing_starts_from_a_candidate(ballot: Page, room: Room) -> None:
    slot = next(position for position, area in enumerate(areas(room)) if area > 0)
    press_and_go_on(ballot, "0", f"{slot + 1}", "Enter")
    drawing = room.votes()[-1].drawing
    assert drawing is not None
    assert drawing.started_from == "slot"
    assert drawing.area == stored(room).sum() > 0


def test_an_empty_drawing_is_not_saved(ballot: Page, room: Room) -> None:
    ballot.keyboard.press("0")
    ballot.keyboard.press("Enter")
    expect(ballot.locator("#said")).to_contain_text("The drawing is empty")
    assert room.votes() == []


def test_a_drawing_survives_a_reload(ballot: Page, room: Room) -> None:
    ballot.keyboard.press("0")
    drag(ballot, (60, 50), (60, 120))
    radius = brush(ballot)
    ballot.reload()
    painted(ballot)
    ballot.keyboard.press("0")
    press_and_go_on(ballot, "Enter")
    expected = capsule((60, 50), (60, 120), radius)
    assert (stored(room) ^ expected).sum() <= 0.02 * expected.sum()


def test_an_own_drawing_is_found_again(ballot: Page, room: Room) -> None:
    first = ballot.url
    ballot.keyboard.press("0")
    drag(ballot, (60, 50), (60, 120))
    press_and_go_on(ballot, "Enter")
    before = stored(room)
    ballot.goto(first)
    painted(ballot)
    ballot.keyboard.press("0")
    drag(ballot, (100, 50), (100, 120))
    press_and_go_on(ballot, "Enter")
    after = stored(room)
    assert (after & before).sum() == before.sum() < after.sum()


def test_zoomed_in_the_brush_draws_where_it_is_seen(ballot: Page, room: Room) -> None:
    ballot.keyboard.press("0")
    (left, top), scale = film_box(ballot)
    ballot.mouse.move(left + 90.5 * scale, top + 101.5 * scale)
    for _ in range(6):
        ballot.mouse.wheel(0, -300)  # the pixel under the pointer stays there
    for _ in range(12):
        ballot.keyboard.press("Comma")
    ballot.mouse.down()
    ballot.mouse.up()
    press_and_go_on(ballot, "Enter")
    mask = stored(room)
    assert mask[101, 90]
    assert mask.sum() <= 2
