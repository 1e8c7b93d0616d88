"""Looking at films and candidates: by key, by mouse, linked over all panels."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Room

SHOWN = ".panel:not([hidden])"
CROSSES = "i.cross:not([hidden])"
# A sum that any change of the picture changes, and how many pixels are a mask's.
LOOK = """canvas => {
  const { width, height } = canvas;
  const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  const { data } = copy.getImageData(0, 0, width, height);
  let [sum, yellow] = [0, 0];
  for (let i = 0; i < data.length; i += 4) {
    sum += data[i + 1] * (i % 1009);
    if (data[i] > data[i + 2] + 60) yellow++;
  }
  return [sum / (width * height), yellow];
}"""


def look(page: Page, slot: str = "A") -> tuple[float, int]:
    """What a panel shows, as a sum; and how many of its pixels are a mask's."""
    page.wait_for_timeout(60)
    where = ".sheet" if slot == "sheet" else f'[data-slot="{slot}"]'
    grey, yellow = page.locator(f"{where} canvas[role=img]").evaluate(LOOK)
    return grey, yellow


def numbers(page: Page) -> str:
    page.wait_for_timeout(60)
    return page.locator("#numbers").inner_text()


def middle(page: Page, slot: str) -> tuple[float, float]:
    box = page.locator(f'[data-slot="{slot}"] canvas[role=img]').bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def pressed(page: Page, name: str) -> None:
    expect(page.locator(f'[data-do="{name}"]')).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize(
    ("key", "name"),
    [("2", "full"), ("3", "lung"), ("4", "bone"), ("5", "soft"), ("6", "auto"), ("1", "stored")],
)
def test_a_preset_has_a_key_and_a_button(ballot: Page, key: str, name: str) -> None:
    pressed(ballot, "preset-stored")
    ballot.keyboard.press(f"Shift+Digit{key}")
    pressed(ballot, f"preset-{name}")
    by_key = (numbers(ballot), look(ballot)[0])
    ballot.keyboard.press("Shift+Digit2" if name != "full" else "Shift+Digit3")
    assert (numbers(ballot), look(ballot)[0]) != by_key or name == "stored"
    ballot.locator(f'[data-do="preset-{name}"]').click()
    assert (numbers(ballot), look(ballot)[0]) == by_key


def test_inverting_twice_comes_back_and_a_reset_ends_it(ballot: Page) -> None:
    before = look(ballot)[0]
    ballot.keyboard.press("i")
    inverted = look(ballot)[0]
    assert inverted != before
    ballot.keyboard.press("i")
    assert look(ballot)[0] == before
    ballot.keyboard.press("i")
    ballot.keyboard.press("Shift+Digit1")
    assert look(ballot)[0] == before


def test_a_drag_moves_the_window_by_a_share_of_the_films_range(ballot: Page) -> None:
    before = numbers(ballot)
    x, y = middle(ballot, "B")
    ballot.mouse.move(x, y)
    ballot.mouse.down()
    ballot.mouse.move(x - 50, y, steps=5)
    ballot.mouse.up()
    narrower = numbers(ballot)
    width = [float(text.split("W ")[1].split()[0]) for text in (before, narrower)]
    # Fifty of 500 pixels: a tenth of the 8-bit film's range.
    assert 0 < width[0] - width[1] < 30
    ballot.keyboard.press("Shift+Digit1")
    assert numbers(ballot) == before


def test_the_point_under_the_pointer_is_marked_in_the_other_panels(ballot: Page) -> None:
    x, y = middle(ballot, "A")
    ballot.mouse.move(x + 20, y - 10)
    expect(ballot.locator(CROSSES)).to_have_count(3)
    expect(ballot.locator('[data-slot="A"] i.cross')).to_be_hidden()
    mark = ballot.locator('[data-slot="D"] i.cross').bounding_box()
    own = middle(ballot, "D")
    assert mark
    assert (mark["x"], mark["y"]) == pytest.approx((own[0] + 20, own[1] - 10), abs=1)
    ballot.mouse.move(5, 5)
    expect(ballot.locator(CROSSES)).to_have_count(0)


def test_the_value_under_the_pointer_is_said_on_demand(ballot: Page) -> None:
    ballot.mouse.move(*middle(ballot, "A"))
    assert "x" not in numbers(ballot)
    ballot.keyboard.press("v")
    # The middle of a film of 181 by 203 pixels.
    assert "x 90" in numbers(ballot)
    assert "y 101" in numbers(ballot)


def test_zoom_is_linked_and_ends_where_the_film_fits(ballot: Page) -> None:
    before = [look(ballot, slot)[0] for slot in "ABCD"]
    ballot.mouse.move(*middle(ballot, "C"))
    ballot.mouse.wheel(0, -600)
    zoomed = [look(ballot, slot)[0] for slot in "ABCD"]
    assert all(a != b for a, b in zip(before, zoomed, strict=True))
    ballot.mouse.wheel(0, 5000)
    assert [look(ballot, slot)[0] for slot in "ABCD"] == before
    ballot.keyboard.press("Shift+F")
    exact = look(ballot)[0]
    assert exact != before[0]
    ballot.keyboard.press("f")
    assert look(ballot)[0] == before[0]


def test_fill_and_opacity_change_every_mask_alike(ballot: Page) -> None:
    outlines = look(ballot)[1]
    ballot.keyboard.press("o")
    filled = look(ballot)[1]
    ballot.keyboard.press("o")
    both = look(ballot)[1]
    assert both >= max(outlines, filled)
    for _ in range(8):
        ballot.locator('[data-do="fainter"]').click()
    expect(ballot.locator("#opacity")).to_have_text("10 %")
    assert look(ballot)[1] < both
    for _ in range(20):
        ballot.keyboard.press("Period")
    expect(ballot.locator("#opacity")).to_have_text("100 %")


def test_masks_are_hidden_while_space_is_held(ballot: Page) -> None:
    assert look(ballot)[1] > 0
    ballot.keyboard.down("Space")
    assert look(ballot)[1] == 0
    ballot.keyboard.up("Space")
    assert look(ballot)[1] > 0


def test_blink_shows_the_two_looked_at_last_in_turn(ballot: Page) -> None:
    ballot.mouse.move(*middle(ballot, "B"))
    ballot.mouse.move(*middle(ballot, "D"))
    title = ballot.locator(".sheet figcaption b")
    for letter in ("D", "B", "D"):
        ballot.keyboard.press("b")
        expect(title).to_have_text(letter)
    pressed(ballot, "blink")
    ballot.keyboard.press("Escape")
    expect(ballot.locator(SHOWN)).to_have_count(4)


def test_a_difference_is_told_by_hatches_and_letters(ballot: Page) -> None:
    ballot.keyboard.down("e")
    ballot.keyboard.up("e")
    ballot.keyboard.press("x")
    expect(ballot.locator(".sheet .note")).to_have_text("hatched: C only / and A only \\")
    assert look(ballot, "sheet")[1] > 0
    ballot.keyboard.press("x")
    expect(ballot.locator(SHOWN)).to_have_count(4)


@pytest.mark.parametrize("candidates", [3, 5])
@pytest.mark.parametrize("screen", [(1280, 720), (1024, 1366)])
def test_one_large_film_stands_beside_a_strip(
    ballot: Page, candidates: int, screen: tuple[int, int]
) -> None:
    ballot.set_viewport_size({"width": screen[0], "height": screen[1]})
    ballot.keyboard.press("g")
    expect(ballot.locator(SHOWN)).to_have_count(candidates + 1)
    large = ballot.locator(".sheet").bounding_box()
    small = ballot.locator('[data-slot="C"]').bounding_box()
    assert large
    assert small
    assert large["width"] * large["height"] > 3 * small["width"] * small["height"]
    ballot.locator('[data-slot="C"]').click()
    expect(ballot.locator(".sheet figcaption b")).to_have_text("C")
    pressed(ballot, "choose-C")
    ballot.keyboard.press("g")
    expect(ballot.locator(SHOWN)).to_have_count(candidates)


def test_the_scale_is_said_only_where_it_is_known(ballot: Page, room: Room) -> None:
    expect(ballot.locator(".scale")).to_have_count(0)
    with room.house.sessions.begin() as session:
        for film in room.world.films:
            merged = session.merge(film)
            merged.meta = {**merged.meta, "spacing_mm": [0.5, 0.25]}
    ballot.reload()
    scale = ballot.locator(".scale")
    expect(scale).to_have_text("1 cm")
    box, panel = scale.bounding_box(), ballot.locator('[data-slot="A"]').bounding_box()
    assert box
    assert panel
    # 40 columns of a quarter of a millimetre, on a film of 181 by 203 pixels twice as high as wide.
    scale_of_film = min(panel["width"] / 181, panel["height"] / (2 * 203))
    assert box["width"] == pytest.approx(40 * scale_of_film, abs=2)
