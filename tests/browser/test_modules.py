"""The page's modules, each asked by itself."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Page

from app.masks.codec import pack_bits
from app.settings import REPOSITORY

PHYSICIAN = REPOSITORY / "static" / "physician"
# These two take over the page that loads them.
PAGES = {"ballot.js", "pages.js"}
MODULES = sorted(
    str(path.relative_to(PHYSICIAN))
    for path in PHYSICIAN.rglob("*.js")
    if path.name not in PAGES and "worker" not in path.name
)


def test_every_module_loads(blank: Page) -> None:
    blank.evaluate(
        "names => Promise.all(names.map(name => import(`/static/physician/${name}`)))", MODULES
    )


def test_no_module_is_long() -> None:
    static = REPOSITORY / "static"
    assert {path.name: lines(path) for path in static.rglob("*.js") if lines(path) > 250} == {}


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def test_bits_are_packed_as_the_server_packs_them(blank: Page) -> None:
    mask = np.random.default_rng(3).random((13, 11)) < 0.5
    packed = blank.evaluate(
        """async (pixels) => {
          const { packBits, unpackBits } = await import("/static/physician/bits.js");
          const packed = packBits(Uint8Array.from(pixels));
          return { packed: [...packed], again: [...unpackBits(packed, pixels.length)] };
        }""",
        mask.ravel().astype(int).tolist(),
    )
    assert bytes(packed["packed"]) == pack_bits(mask)
    assert packed["again"] == mask.ravel().astype(int).tolist()


@pytest.mark.parametrize("length", [0, 1, 55, 56, 63, 64, 65, 1000])
def test_the_spare_sha256_agrees_with_the_standard_one(blank: Page, length: int) -> None:
    message = bytes(i * 7 % 256 for i in range(length))
    found = blank.evaluate(
        """async (bytes) => {
          const { sha256 } = await import("/static/physician/sha256.js");
          return [...sha256(Uint8Array.from(bytes))];
        }""",
        list(message),
    )
    assert bytes(found) == hashlib.sha256(message).digest()


TRACE = """async ({ mask, height, width }) => {
  const { outlines, rounded } = await import("/static/physician/contours.js");
  const loops = outlines(Uint8Array.from(mask), height, width);
  return { sharp: loops, smooth: loops.map((loop) => rounded(loop)) };
}"""


def area(loop: list[float]) -> float:
    """The signed area that a loop encloses."""
    x, y = np.array(loop[::2]), np.array(loop[1::2])
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2)


def trace(page: Page, mask: NDArray[np.bool_]) -> dict[str, list[list[float]]]:
    height, width = mask.shape
    found: dict[str, list[list[float]]] = page.evaluate(
        TRACE, {"mask": mask.ravel().astype(int).tolist(), "height": height, "width": width}
    )
    return found


def test_an_outline_encloses_what_the_mask_does(blank: Page) -> None:
    rows, columns = np.mgrid[:60, :70]
    mask = (rows - 30) ** 2 + (columns - 35) ** 2 < 20**2
    mask &= (rows - 30) ** 2 + (columns - 35) ** 2 > 6**2  # with a hole
    found = trace(blank, mask)
    assert len(found["sharp"]) == 2
    for loops in found.values():
        assert abs(sum(area(loop) for loop in loops)) == pytest.approx(mask.sum(), rel=0.02)


def test_no_speck_and_no_border_is_lost(blank: Page) -> None:
    mask = np.zeros((9, 9), dtype=bool)
    mask[4, 4] = True
    mask[0, 0] = True
    mask[8, 3:9] = True
    found = trace(blank, mask)
    assert len(found["smooth"]) == 3
    assert all(abs(area(loop)) > 0.2 for loop in found["smooth"])


def test_pixels_that_touch_at_a_corner_are_two(blank: Page) -> None:
    assert len(trace(blank, np.eye(2, dtype=bool))["sharp"]) == 2


def test_zooming_holds_the_point_under_the_pointer(blank: Page) -> None:
    before, after = blank.evaluate(
        """async () => {
          const { FIT, toFilm, zoomedAt } = await import("/static/physician/view.js");
          const [film, panel] = [{ width: 900, height: 700 }, { width: 400, height: 300 }];
          const point = { x: 250, y: 120 };
          const view = zoomedAt(FIT, 3, point, film, panel);
          return [toFilm(point, FIT, film, panel), toFilm(point, view, film, panel)];
        }"""
    )
    assert after == pytest.approx(before)


def test_panels_stay_where_they_are_when_a_notice_takes_of_the_stage(blank: Page) -> None:
    places = blank.evaluate(
        """async () => {
          const { shared } = await import("/static/physician/view.js");
          const [film, usual] = [{ width: 1000, height: 1000 }, { width: 1120, height: 611 }];
          const low = { width: 1120, height: 545 };
          const rows = (boxes) => new Set(boxes.map(({ top }) => top)).size;
          return [[usual], [low], [low, 6, usual]].map(([stage, gap = 6, whole]) =>
            rows(shared(4, film, stage, gap, whole)));
        }"""
    )
    # Two by two; four in a row, were there never more room; two by two, a little lower.
    assert places == [2, 1, 2]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("stage", [(1200, 620), (940, 1200), (300, 900)])
def test_panels_share_the_stage_without_overlap(
    blank: Page, count: int, stage: tuple[int, int]
) -> None:
    boxes = blank.evaluate(
        """async ({ count, width, height }) => {
          const { shared } = await import("/static/physician/view.js");
          return shared(count, { width: 1000, height: 900 }, { width, height }, 6);
        }""",
        {"count": count, "width": stage[0], "height": stage[1]},
    )
    covered = np.zeros((stage[1], stage[0]), dtype=int)
    for box in boxes:
        rows = slice(box["top"], box["top"] + box["height"])
        columns = slice(box["left"], box["left"] + box["width"])
        covered[rows, columns] += 1
        assert box["left"] + box["width"] <= stage[0]
        assert box["top"] + box["height"] <= stage[1]
    assert len({(box["width"], box["height"]) for box in boxes}) == 1
    assert covered.max() == 1
