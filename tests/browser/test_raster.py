"""The modules that draw, each against a reference by another road: numpy, scipy, geometry."""

import json
import zlib

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Page
from scipy import ndimage

from app.masks.codec import pack_bits, unpack_bits

Mask = NDArray[np.bool_]
SHAPE = (83, 101)  # neither side a multiple of 8 or 32
EIGHT = np.ones((3, 3), np.bool_)

# Makes `raster` of the packed bits given, runs `act`, and gives the packed bits back.
RUN = """async ({ packed, height, width, act }) => {
  const { Raster } = await import("/static/physician/raster.js");
  const runs = await import("/static/physician/drawing/runs.js");
  const brush = await import("/static/physician/drawing/brush.js");
  const parts = await import("/static/physician/drawing/parts.js");
  const smoothing = await import("/static/physician/drawing/smooth.js");
  const polygon = await import("/static/physician/drawing/polygon.js");
  const greys = await import("/static/physician/drawing/greys.js");
  const raster = new Raster(height, width);
  raster.become(runs.fromPacked(Uint8Array.from(packed), height, width));
  raster.commit();
  const set = (value) => (row, start, end) => raster.set(row, start, end, value);
  const said = await eval(`async () => { ${act} }`)();
  return { packed: [...runs.toPacked(raster)], area: raster.area, said };
}"""


def drawn(page: Page, mask: Mask, act: str) -> tuple[Mask, object]:
    """What `act` makes of ``mask`` in the browser, and what it says."""
    height, width = mask.shape
    found = page.evaluate(
        RUN, {"packed": list(pack_bits(mask)), "height": height, "width": width, "act": act}
    )
    after = unpack_bits(bytes(found["packed"]), mask.shape)
    assert found["area"] == after.sum()
    return after, found["said"]


def empty(shape: tuple[int, int] = SHAPE) -> Mask:
    return np.zeros(shape, np.bool_)


def noise(share: float, seed: int = 1, shape: tuple[int, int] = SHAPE) -> Mask:
    found: Mask = np.random.default_rng(seed).random(shape) < share
    return found


def blobs(seed: int = 1, shape: tuple[int, int] = SHAPE) -> Mask:
    """Some parts with holes and ragged edges."""
    grey = ndimage.gaussian_filter(np.random.default_rng(seed).random(shape), 2.0)
    found: Mask = grey > np.quantile(grey, 0.7)
    return found


@pytest.mark.parametrize("shape", [(1, 1), (1, 33), (7, 31), (5, 32), (83, 101), (40, 64)])
def test_bits_go_in_and_out_unchanged(blank: Page, shape: tuple[int, int]) -> None:
    mask = noise(0.5, shape=shape)
    after, _ = drawn(blank, mask, "")
    np.testing.assert_array_equal(after, mask)


def capsule(shape: tuple[int, int], x0: float, y0: float, x1: float, y1: float, r: float) -> Mask:
    """Pixels whose centre lies within ``r`` of a line."""
    rows, columns = np.mgrid[: shape[0], : shape[1]] + 0.5
    at, a, b = columns + 1j * rows, complex(x0, y0), complex(x1, y1)
    along = 0 if a == b else ((at - a) * np.conj(b - a)).real / abs(b - a) ** 2
    found: Mask = np.abs(at - (a + np.clip(along, 0, 1) * (b - a))) <= r
    return found


@pytest.mark.parametrize("radius", [0.5, 0.8, 1.3, 4.2, 19.7])
def test_the_brush_covers_all_within_its_radius_and_nothing_else(
    blank: Page, radius: float
) -> None:
    rng = np.random.default_rng(int(radius * 10))
    for _ in range(25):
        ends = rng.uniform(-20, 120, 4)
        if rng.random() < 0.3:
            ends[2:] = ends[0], ends[1] + rng.choice([0, 9])  # dots and upright lines
        x0, y0, x1, y1 = ends.tolist()
        act = (
            f"""brush.capsule({{ x: {x0}, y: {y0} }}, {{ x: {x1}, y: {y1} }}, {radius}, set(1));"""
        )
        after, _ = drawn(blank, empty(), act)
        np.testing.assert_array_equal(after, capsule(SHAPE, x0, y0, x1, y1, radius))


@pytest.mark.parametrize("radius", [0.5, 1.0, 1.5])
def test_the_thinnest_line_has_no_gap_and_no_stair(blank: Page, radius: float) -> None:
    for angle in np.linspace(0, np.pi, 17):
        dx, dy = 35 * np.cos(angle), 35 * np.sin(angle)
        ends = f"{{ x: {50.3 - dx}, y: {41.6 - dy} }}, {{ x: {50.3 + dx}, y: {41.6 + dy} }}"
        after, _ = drawn(blank, empty(), f"brush.capsule({ends}, {radius}, set(1));")
        assert ndimage.label(after, EIGHT)[1] == 1
        # No row or column of the line is more than a pixel wider than it is across.
        across = 2 * radius / max(abs(np.sin(angle)), abs(np.cos(angle)))
        runs = after.sum(0 if abs(dx) > abs(dy) else 1)
        assert runs.max() <= np.ceil(across) + 1


def test_a_stroke_through_rounded_points_is_smooth(blank: Page) -> None:
    """The mouse gives whole screen pixels; enlarged eight times, its corners must not be drawn."""
    shape = (400, 400)
    t = np.linspace(0, 1, 60)
    x, y = 40 + 320 * t, 200 + 90 * np.sin(3 * t)
    rounded = np.round(np.stack([x, y], 1) / 8) * 8
    points = [{"x": px, "y": py, "radius": 6} for px, py in rounded.tolist()]
    act = f"""
      const plot = (from, to, radius) => brush.capsule(from, to, radius, set(1));
      const stroke = new brush.Stroke(plot);
      for (const dab of {json.dumps(points)}) stroke.add(dab);
      stroke.end();"""
    after, _ = drawn(blank, empty(shape), act)
    true = np.zeros(shape, np.bool_)
    for i in range(59):
        true |= capsule(shape, x[i], y[i], x[i + 1], y[i + 1], 6)
    assert ndimage.label(after, EIGHT)[1] == 1
    assert (after & true).sum() * 2 / (after.sum() + true.sum()) > 0.9
    middle = after[:, 60:340].argmax(0) + after[:, 60:340].sum(0) / 2
    assert np.abs(np.diff(middle)).max() <= 2.5


def winding(shape: tuple[int, int], loop: NDArray[np.float64]) -> NDArray[np.int64]:
    """How often ``loop`` (x, y) winds around each pixel's centre, by angles."""
    rows, columns = np.mgrid[: shape[0], : shape[1]] + 0.5
    at = columns + 1j * rows
    corners = loop[:, 0] + 1j * loop[:, 1]
    total = np.zeros(shape)
    for a, b in zip(corners, np.roll(corners, -1), strict=True):
        total += np.angle((b - at) / (a - at))
    return np.rint(total / (2 * np.pi)).astype(np.int64)


@pytest.mark.parametrize("corners", [3, 4, 9, 40])
@pytest.mark.parametrize("rule", ["nonzero", "evenodd"])
def test_a_polygon_holds_what_its_way_winds_around(blank: Page, corners: int, rule: str) -> None:
    rng = np.random.default_rng(corners)
    for _ in range(6):
        loop = rng.uniform(-15, 110, (corners, 2))
        flat = json.dumps(loop.ravel().tolist())
        act = f"polygon.enclosed([{flat}], '{rule}', {SHAPE[0]}, set(1));"
        after, _ = drawn(blank, empty(), act)
        turns = winding(SHAPE, loop)
        np.testing.assert_array_equal(after, turns != 0 if rule == "nonzero" else turns % 2 == 1)


@pytest.mark.parametrize("seed", range(5))
def test_parts_are_those_of_scipy_the_largest_first(blank: Page, seed: int) -> None:
    for mask in (noise(0.3, seed), blobs(seed), empty(), ~empty()):
        _, areas = drawn(blank, mask, "return [...parts.parts(raster).areas];")
        labels, count = ndimage.label(mask, EIGHT)
        assert areas == sorted(np.bincount(labels.ravel())[1:].tolist(), reverse=True)
        assert isinstance(areas, list)
        assert len(areas) == count


@pytest.mark.parametrize("clear", [False, True])
@pytest.mark.parametrize("shape", [(1, 1), (1, 33), (31, 7), (12, 32), (40, 64), (83, 101)])
def test_each_pixel_lies_in_the_part_that_scipy_puts_it_in(
    blank: Page, shape: tuple[int, int], clear: bool
) -> None:
    """The largest part first and of equal ones the upper one; what is clear has no corners."""
    rows, columns = np.indices(shape)
    for mask in (*(noise(p, shape=shape) for p in (0.1, 0.4, 0.6)), columns % 2 > rows % 2):
        act = f"""
          const found = parts.parts(raster, {str(clear).lower()});
          const at = (_, i) => parts.partAt(found, Math.floor(i / width), i % width);
          const all = Array.from({{ length: height * width }}, at);
          return {{ all, open: [...found.atBorder] }};"""
        _, said = drawn(blank, mask, act)
        assert isinstance(said, dict)
        labels, count = ndimage.label(mask ^ clear, None if clear else EIGHT)
        order = np.argsort(-np.bincount(labels.ravel(), minlength=count + 1)[1:], kind="stable")
        place = np.full(count + 1, -1)
        place[order + 1] = np.arange(count)
        np.testing.assert_array_equal(np.reshape(said["all"], shape), place[labels])
        rim = np.ones(shape, np.bool_)
        rim[1:-1, 1:-1] = False
        open_parts = set(place[labels[rim]].tolist()) - {-1}
        assert {i for i, one in enumerate(said["open"]) if one} == open_parts


@pytest.mark.parametrize("seed", range(5))
def test_holes_are_filled_as_scipy_fills_them(blank: Page, seed: int) -> None:
    for mask in (noise(0.6, seed), blobs(seed), empty(), ~empty()):
        after, holes = drawn(blank, mask, "return parts.fillHoles(raster);")
        filled = ndimage.binary_fill_holes(mask)
        np.testing.assert_array_equal(after, filled)
        assert holes == ndimage.label(filled & ~mask)[1]


@pytest.mark.parametrize("smallest", [1, 2, 6, 40, 10_000])
def test_specks_below_the_stated_size_go_and_no_others(blank: Page, smallest: int) -> None:
    mask = noise(0.25)
    after, gone = drawn(blank, mask, f"return parts.removeSpecks(raster, {smallest});")
    labels, _ = ndimage.label(mask, EIGHT)
    areas = np.bincount(labels.ravel())
    areas[0] = 0
    np.testing.assert_array_equal(after, areas[labels] >= max(1, smallest))
    assert gone == (areas[1:] < smallest).sum()


def smoothed(mask: Mask, k: int) -> Mask:
    """Each part blurred by three boxes and cut at the value that keeps its area best."""
    result = np.zeros_like(mask)
    labels, count = ndimage.label(mask, EIGHT)
    box = np.ones(2 * k + 1, np.int64)
    for part in range(1, count + 1):
        values = (labels == part).astype(np.int64)
        area = values.sum()
        for _ in range(3):
            for axis in (1, 0):
                values = ndimage.convolve1d(values, box, axis=axis, mode="constant")
        levels = np.unique(values[values > 0])
        taken = np.array([(values >= level).sum() for level in levels])
        # Of two levels as near, the lower one: the larger mask.
        result |= values >= levels[np.argmin(np.abs(taken - area))]
    return result


@pytest.mark.parametrize("k", [1, 2, 4])
@pytest.mark.parametrize("seed", range(3))
def test_smoothing_is_three_boxes_and_an_even_area(blank: Page, k: int, seed: int) -> None:
    for mask in (blobs(seed), noise(0.02, seed), ~empty()):
        after, _ = drawn(blank, mask, f"smoothing.smooth(raster, {k});")
        np.testing.assert_array_equal(after, smoothed(mask, k))


@pytest.mark.parametrize("k", [1, 3, 6, 9])
@pytest.mark.parametrize("shape", [(40, 131), (64, 96), (9, 33), (70, 7)])
def test_smoothing_is_the_same_for_small_parts_and_rings_wherever_they_lie(
    blank: Page, shape: tuple[int, int], k: int
) -> None:
    """Equal specks, in other bits of a word and at the borders; a part that lies within another."""
    rows, columns = np.indices(shape)
    far = np.hypot(rows - shape[0] / 2, columns - shape[1] / 2)
    rings = (far < 6) | ((far > 12) & (far < 15)) | (far > 21)
    stripes = (columns % 7 < 2) & (rows % 19 != columns % 5)
    for mask in (noise(0.02, k, shape), noise(0.1, k, shape), rings, stripes):
        after, _ = drawn(blank, mask, f"smoothing.smooth(raster, {k});")
        np.testing.assert_array_equal(after, smoothed(mask, k))


def test_smoothing_keeps_the_area_and_takes_the_teeth(blank: Page) -> None:
    shape = (200, 200)
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    angle = np.arctan2(rows - 100, columns - 100)
    mask = np.hypot(rows - 100, columns - 100) < 60 + 4 * np.sign(np.sin(40 * angle))
    after, _ = drawn(blank, mask, "smoothing.smooth(raster, 4);")
    assert abs(int(after.sum()) - int(mask.sum())) <= 8

    def rim(one: Mask) -> int:
        return int((one & ~ndimage.binary_erosion(one)).sum())

    assert rim(after) < 0.75 * rim(mask)


def test_undo_and_redo_go_through_every_step(blank: Page) -> None:
    _, found = drawn(
        blank,
        empty(),
        """
        const states = [[...raster.words].join()];
        for (let i = 0; i < 250; i++) {
          const at = { x: (i * 7) % 101, y: (i * 13) % 83 };
          brush.capsule(at, { x: at.y, y: at.x }, 3, set(i % 3 ? 1 : 0));
          if (raster.commit()) states.push([...raster.words].join());
        }
        let same = true;
        let steps = 0;
        for (let i = states.length - 2; i >= 0; i--, steps++) {
          same &&= raster.undo() && [...raster.words].join() === states[i];
        }
        const blank = raster.area;
        for (let i = 1; i < states.length; i++) {
          same &&= raster.redo() && [...raster.words].join() === states[i];
        }
        return { same: Boolean(same), steps, blank, more: raster.redo() };""",
    )
    assert isinstance(found, dict)
    assert found["same"]
    assert found["steps"] >= 200
    assert (found["blank"], found["more"]) == (0, False)


def test_a_stroke_taken_back_under_way_leaves_no_trace(blank: Page) -> None:
    mask = blobs()
    after, steps = drawn(
        blank,
        mask,
        """const before = raster.done.length;
        brush.capsule({ x: 3, y: 3 }, { x: 90, y: 70 }, 9, set(0));
        brush.capsule({ x: 3, y: 70 }, { x: 90, y: 3 }, 9, set(1));
        raster.abandon();
        return [before, raster.done.length, raster.commit()];""",
    )
    np.testing.assert_array_equal(after, mask)
    assert steps == [1, 1, None]


def test_a_thousand_strokes_on_a_large_film_undo_in_less_than_the_bound(blank: Page) -> None:
    _, found = drawn(
        blank,
        empty((3000, 2999)),
        """for (let i = 0; i < 1000; i++) {
          for (let k = 0; k < 20; k++) {
            const at = { x: (i * 37 + k * 20) % 2999, y: (i * 91 + k * 15) % 3000 };
            brush.capsule(at, { x: at.x + 20, y: at.y + 15 }, 25, set(i % 4 ? 1 : 0));
          }
          raster.commit();
        }
        return [raster.done.length, raster.bytes];""",
    )
    assert isinstance(found, list)
    assert found[0] >= 900
    assert found[1] < 4 * 2**20


def test_the_memory_of_steps_is_bounded_whatever_they_hold(blank: Page) -> None:
    """Steps of noise cannot be packed: the oldest are let go, the newest still undo."""
    _, found = drawn(
        blank,
        empty((300, 2999)),
        """raster.bound = 2 ** 20;
        const most = [];
        let seed = 1;
        for (let i = 0; i < 20; i++) {
          const next = () => (seed = Math.imul(seed, 1664525) + 1013904223) & ~255;
          const noise = raster.words.map(next);
          for (let row = 0; row < 300; row++) noise[row * raster.stride + raster.stride - 1] = 0;
          raster.become(noise);
          raster.commit(i % 2 ? "slot" : "union");
          most.push(raster.bytes);
        }
        const before = raster.area;
        let steps = 0;
        while (raster.undo()) steps++;
        const base = raster.note;
        while (raster.redo());
        return { most: Math.max(...most), steps, same: raster.area === before, base };""",
    )
    assert isinstance(found, dict)
    assert found["most"] <= 2**20
    assert 5 <= found["steps"] < 20
    assert found["same"]
    assert found["base"] != "blank"


def test_the_grey_brush_paints_what_is_as_bright_as_its_start(blank: Page) -> None:
    rng = np.random.default_rng(5)
    values = rng.integers(0, 60_000, SHAPE)
    values[30:50, 40:60] = rng.integers(20_000, 21_000, (20, 20))
    deflated = list(zlib.compress(values.astype("<u2").tobytes()))
    act = f"""
      const {{ inflate }} = await import("/static/physician/flate.js");
      const bytes = await inflate(Uint8Array.from({deflated}));
      const values = new Uint16Array(bytes.buffer);
      const film = {{ height: {SHAPE[0]}, width: {SHAPE[1]}, values }};
      const range = greys.likeAt(film, {{ x: 50.2, y: 40.8 }}, 0.05);
      brush.capsule({{ x: 50, y: 40 }}, {{ x: 62, y: 44 }}, 14, (row, start, end) =>
        greys.within(film, range, row, start, end, set(1)));
      return {{ ...range, spread: greys.spread(film) }};"""
    after, said = drawn(blank, empty(), act)
    assert isinstance(said, dict)
    middle = np.sort(values[38:43, 48:53].ravel())[12]
    assert said["low"] == pytest.approx(middle - 0.05 * said["spread"])
    assert said["spread"] == pytest.approx(np.ptp(np.quantile(values, [0.01, 0.99])), rel=0.01)
    like = (values >= said["low"]) & (values <= said["high"])
    np.testing.assert_array_equal(after, capsule(SHAPE, 50, 40, 62, 44, 14) & like)
