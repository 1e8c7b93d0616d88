"""Films whose pixels are not square: shown in their true shape, drawn on in their own pixels."""

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Page, expect

from app.films.decode import decode
from app.studies.protocol import Display
from tests.browser.conftest import SHAPE, Room, painted, press_and_go_on
from tests.browser.test_drawing import stored
from tests.browser.test_drawing_tools import open_sheet
from tests.browser.test_panels import act
from tests.films.files import LIMITS, dicom
from tests.support.factory import SMALL

HEIGHT, WIDTH = SHAPE
ASPECT = 1.6
Mask = NDArray[np.bool_]

# Paints a film whose pixels are twice as high as wide, or as wide as high, and reads back what a
# painter shows of a dark ring with a bright heart: through its middle, across and down.
PAINTED = """
const { Panels, INITIAL, bundle, stage } = room;
const { Film } = await import("/static/physician/film.js");
const { halved } = await import("/static/physician/filmcode.js");
const film = (aspect) => {
  const [height, width] = aspect > 1 ? [60, 120] : [120, 60];
  const values = Uint8Array.from({ length: height * width }, (_, i) => {
    const [x, row] = [(i % width) + 0.5 - width / 2, Math.floor(i / width) + 0.5 - height / 2];
    const far = Math.hypot(x, row * aspect) / (Math.min(width, height * aspect) / 120);
    return far < 20 ? 250 : far < 40 ? 10 : 120;
  });
  const meaning = { photometric: "MONOCHROME2", slope: 1, intercept: 0, voi: null, bits: 8 };
  const header = { height, width, depth: 8, ...meaning, spacing_mm: null, aspect };
  const levels = [{ height, width, values }];
  levels.push(halved(levels[0]));
  const counts = new Uint32Array(256).fill(1);
  return new Film({ header, levels, counts, sample: values.slice(0, 9) });
};
const seen = (aspect, zoom) => {
  const panels = new Panels(stage, film(aspect), bundle(0));
  panels.paint({ ...INITIAL, view: { zoom, x: 0.5, y: 0.5 } });
  const { width, height } = panels.sheet.canvas;
  const { data } = panels.sheet.context.getImageData(0, 0, width, height);
  const across = Array.from({ length: width }, (_, x) => data[4 * ((height >> 1) * width + x)]);
  const down = Array.from({ length: height }, (_, y) => data[4 * (y * width + (width >> 1))]);
  return { by: panels.lightbox.card ? "card" : "processor", across, down };
};
return [2, 0.5].flatMap((aspect) => [1, 0.4].map((zoom) => seen(aspect, zoom)));
"""


def heart(line: list[int]) -> float:
    """How long the bright middle of a line through the ring is, within the ring."""
    values = np.array(line)
    return float((values > 190).sum())


@pytest.mark.parametrize("painter", ["processor", "card"])
def test_both_painters_show_a_circle_round(blank: Page, painter: str) -> None:
    for found in act(blank, PAINTED, painter=painter):
        assert found["by"] == painter
        assert heart(found["across"]) > 20
        assert heart(found["down"]) == pytest.approx(heart(found["across"]), rel=0.06, abs=2)


@pytest.fixture
def display() -> Display:
    """A grid as fine as the films."""
    return SMALL.model_copy(update={"long_side": 768})


@pytest.fixture
def stretched(ballot: Page, room: Room) -> Page:
    """The ballot, its films as if they had come in files whose pixels are higher than wide."""
    file = dicom(np.zeros(SHAPE, np.uint8), ImagerPixelSpacing=[0.25 * ASPECT, 0.25])
    said = decode(file, name="a", limits=LIMITS).meta()
    with room.house.sessions.begin() as session:
        for film in room.world.films:
            merged = session.merge(film)
            merged.meta = {**merged.meta, "spacing_mm": said["spacing_mm"]}
    ballot.reload()
    return painted(ballot)


def box(page: Page, where: str) -> dict[str, float]:
    found = page.locator(where).bounding_box()
    assert found
    return {name: found[name] for name in ("x", "y", "width", "height")}


def scale_in(panel: dict[str, float]) -> float:
    """Screen pixels to a column of the film, which fits into a panel."""
    return min(panel["width"] / WIDTH, panel["height"] / (HEIGHT * ASPECT))


def on_screen(panel: dict[str, float], row: float, column: float) -> tuple[float, float]:
    scale = scale_in(panel)
    return (
        panel["x"] + panel["width"] / 2 + (column - WIDTH / 2) * scale,
        panel["y"] + panel["height"] / 2 + (row - HEIGHT / 2) * scale * ASPECT,
    )


def round_on_film(start: tuple[float, float], end: tuple[float, float], radius: float) -> Mask:
    """Pixels whose centre lies within ``radius`` columns of a line, as it is seen."""
    rows, columns = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    at = columns + 1j * rows * ASPECT
    a, b = (complex(column, row * ASPECT) for row, column in (start, end))
    along = 0 if a == b else ((at - a) * np.conj(b - a)).real / abs(b - a) ** 2
    inside: Mask = np.abs(at - (a + np.clip(along, 0, 1) * (b - a))) <= radius
    return inside


def test_a_round_brush_is_stored_in_the_films_own_pixels(stretched: Page, room: Room) -> None:
    open_sheet(stretched)
    sheet = box(stretched, ".sheet .ink")
    stretched.mouse.move(*on_screen(sheet, 60, 50))
    stretched.mouse.down()
    stretched.mouse.move(*on_screen(sheet, 110.5, 120.5))
    stretched.mouse.up()
    radius = int(stretched.locator("#size").inner_text().removesuffix(" px")) / 2
    ring = box(stretched, ".marks .ring")
    assert ring["width"] == pytest.approx(ring["height"], abs=1)
    press_and_go_on(stretched, "Enter")
    mask = stored(room)
    assert mask.shape == SHAPE
    expected = round_on_film((60, 50), (110.5, 120.5), radius)
    assert (mask ^ expected).sum() <= 0.02 * expected.sum()


def test_what_is_under_the_pointer_is_said_in_rows_and_columns(stretched: Page) -> None:
    stretched.keyboard.press("v")
    panel = box(stretched, '[data-slot="A"]')
    stretched.mouse.move(*on_screen(panel, 150.5, 40.5))
    expect(stretched.locator("#numbers")).to_contain_text("x 40\ny 150")
    # The other panels show the same point.
    other, cross = box(stretched, '[data-slot="B"]'), box(stretched, '[data-slot="B"] i.cross')
    at = (cross["x"] + cross["width"] / 2, cross["y"] + cross["height"] / 2)
    assert at == pytest.approx(on_screen(other, 150.5, 40.5), abs=1.5)


def test_the_keyboards_cross_hair_stands_on_pixels_and_stamps_a_circle(
    stretched: Page, room: Room
) -> None:
    open_sheet(stretched)
    for key in ("ArrowUp", "Shift+ArrowDown", "ArrowRight", "Space"):
        stretched.keyboard.press(key)
    radius = int(stretched.locator("#size").inner_text().removesuffix(" px")) / 2
    press_and_go_on(stretched, "Enter")
    mask = stored(room)
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    centre = (rows.mean() + 0.5, columns.mean() + 0.5)
    np.testing.assert_array_equal(mask, round_on_film(centre, centre, radius))


def test_a_lasso_encloses_what_it_surrounds_on_the_screen(stretched: Page, room: Room) -> None:
    open_sheet(stretched)
    stretched.keyboard.press("a")
    sheet = box(stretched, ".sheet .ink")
    corners = ((40, 40), (40, 140), (140, 140), (140, 40))
    stretched.mouse.move(*on_screen(sheet, *corners[0]))
    stretched.mouse.down()
    for corner in corners[1:]:
        stretched.mouse.move(*on_screen(sheet, *corner))
    stretched.mouse.up()
    press_and_go_on(stretched, "Enter")
    mask = stored(room)
    inside = np.zeros(SHAPE, np.bool_)
    inside[40:140, 40:140] = True
    assert (mask ^ inside).sum() <= 0.03 * inside.sum()
