"""Panels as a part: ballots swapped in place, films prepared ahead, a card that is lost."""

from typing import Any

from playwright.sync_api import Page

# Panels over films and masks made up here; `act` says what becomes of them.
STAGE = """async (painter) => {
  localStorage.setItem("maskballot.painter", painter);
  const load = (name) => import(`/static/physician/${name}.js`);
  const parts = await Promise.all(["film", "panels", "state"].map(load));
  const [{ Film }, { Panels }, { INITIAL }] = parts;
  document.body.innerHTML = `<div id="stage" style="position:fixed;inset:0">
    <figure class="panel sheet" hidden><canvas></canvas>
    <figcaption><span class="note"></span></figcaption></figure></div>`;
  const film = (grey) => {
    const values = new Uint8Array(120 * 100).fill(grey);
    const counts = new Uint32Array(256);
    counts[grey] = values.length;
    const size = { height: 120, width: 100 };
    const meaning = { photometric: "MONOCHROME2", slope: 1, intercept: 0, voi: null };
    const header = { ...size, depth: 8, bits: 8, ...meaning, spacing_mm: null };
    return new Film({ header, levels: [{ ...size, values }], counts, sample: values.slice(0, 9) });
  };
  const inside = (slot, i) => i % 50 < 5 + slot && i > 200;
  const mask = (slot) => Uint8Array.from({ length: 3000 }, (_, i) => inside(slot, i));
  const bundle = (count) => ({
    gridHeight: 60, gridWidth: 50, nativeHeight: 120, nativeWidth: 100,
    masks: Array.from({ length: count }, (_, slot) => mask(slot)),
  });
  const grey = ({ context, canvas: { width, height } }) =>
    context.getImageData(width / 2, height / 2, 1, 1).data[0];
  const stage = document.getElementById("stage");
  globalThis.room = { Panels, INITIAL, film, bundle, grey, stage };
}"""


def act(page: Page, script: str, painter: str = "processor") -> Any:
    """Run ``script``, the body of a function over `room`, with panels painted by ``painter``."""
    page.evaluate(STAGE, painter)
    return page.evaluate(f"async () => {{ {script} }}")


def test_a_ballot_is_swapped_in_place_whatever_its_number_of_masks(blank: Page) -> None:
    found = act(
        blank,
        """const { Panels, INITIAL, film, bundle, grey, stage } = room;
        const panels = new Panels(stage, film(10), bundle(4));
        const seen = [];
        for (const [value, count] of [[50, 4], [90, 3], [130, 5], [170, 0], [210, 2]]) {
          panels.show(film(value), bundle(count));
          panels.paint(INITIAL, () => {});
          const shown = stage.querySelectorAll(".panel:not([hidden])");
          seen.push([shown.length, count ? grey(panels.panels[count - 1]) : grey(panels.sheet),
            [...shown].map((panel) => panel.querySelector("b").textContent).join("")]);
        }
        return seen;""",
    )
    assert found == [
        [4, 50, "ABCD"],
        [3, 90, "ABC"],
        [5, 130, "ABCDE"],
        [1, 170, ""],
        [2, 210, "AB"],
    ]


def test_the_card_holds_five_films_and_no_more(blank: Page) -> None:
    found = act(
        blank,
        """const { Panels, INITIAL, film, bundle, grey, stage } = room;
        const panels = new Panels(stage, film(10), bundle(4));
        const films = [20, 40, 60, 80, 100, 120, 140, 160].map(film);
        for (const one of films) await panels.prepare(one, bundle(4));
        const held = panels.lightbox.card.films.size;
        panels.show(films[0], bundle(3));  // it had to make room
        panels.paint(INITIAL, () => {});
        return [held, panels.lightbox.card.films.size, grey(panels.panels[1])];""",
        painter="card",
    )
    assert found == [5, 5, 20]


def test_a_lost_card_leaves_no_panel_black_and_is_taken_up_again(blank: Page) -> None:
    found = act(
        blank,
        """const { Panels, INITIAL, film, bundle, grey, stage } = room;
        const panels = new Panels(stage, film(70), bundle(4));
        const by = () => panels.lightbox.plates.values().next().value.shown.by;
        panels.paint(INITIAL, () => {});
        const seen = [[by(), grey(panels.panels[3])]];
        const { gl, canvas } = panels.lightbox.card;
        const hand = gl.getExtension("WEBGL_lose_context");
        const once = { once: true };
        const told = (name) => new Promise((done) => canvas.addEventListener(name, done, once));
        const lost = told("webglcontextlost");
        hand.loseContext();
        await lost;
        await new Promise((done) => setTimeout(done));  // only then may it be given back
        seen.push([by(), grey(panels.panels[3])]);
        panels.show(film(150), bundle(4));
        panels.paint(INITIAL, () => {});
        seen.push([by(), grey(panels.panels[3])]);
        const back = told("webglcontextrestored");
        hand.restoreContext();
        await back;
        seen.push([by(), grey(panels.panels[3])]);
        return seen;""",
        painter="card",
    )
    assert found == [["card", 70], ["processor", 70], ["processor", 150], ["card", 150]]


def test_a_change_of_the_window_draws_no_outline_again(blank: Page) -> None:
    found = act(
        blank,
        """const { Panels, INITIAL, film, bundle, stage } = room;
        const panels = new Panels(stage, film(70), bundle(4));
        panels.paint(INITIAL, () => {});
        let strokes = 0;
        const { stroke } = OffscreenCanvasRenderingContext2D.prototype;
        OffscreenCanvasRenderingContext2D.prototype.stroke = function (...rest) {
          strokes++;
          return stroke.apply(this, rest);
        };
        const window = panels.film.meaning.moved(null, 0.1, 0.1);
        panels.paint({ ...INITIAL, window }, () => {});
        const still = strokes;
        panels.paint({ ...INITIAL, view: { zoom: 2, x: 0.5, y: 0.5 } }, () => {});
        return [still, strokes > 0];""",
    )
    assert found == [0, True]


def test_an_outline_leaves_out_only_points_that_nobody_could_see(blank: Page) -> None:
    found = blank.evaluate(
        """async () => {
          const { outlines, rounded } = await import("/static/physician/contours.js");
          const { Outline } = await import("/static/physician/masks.js");
          const side = 200;
          const mask = Uint8Array.from({ length: side * side }, (_, i) => {
            const [x, y] = [(i % side) - 100, Math.floor(i / side) - 100];
            return Number(Math.hypot(x, y) < 60 + 12 * Math.sin(5 * Math.atan2(y, x)));
          });
          const loops = outlines(mask, side, side).map((loop) => rounded(loop));
          const outline = new Outline(loops, 0, 4, 4);
          const apart = (few, x, y, i) => {
            const j = (i + 2) % few.length;
            const [dx, dy] = [few[j] - few[i], few[j + 1] - few[i + 1]];
            const share = ((x - few[i]) * dx + (y - few[i + 1]) * dy) / (dx * dx + dy * dy);
            const along = Math.min(1, Math.max(0, share));
            return Math.hypot(x - few[i] - along * dx, y - few[i + 1] - along * dy);
          };
          const [loop] = loops;
          return [0.05, 0.2, 1, 5].map((scale) => {
            const path = outline.path(scale);
            const few = outline.levels.find((level) => level?.path === path).loops[0];
            let most = 0;
            for (let k = 0; k < loop.length; k += 2) {
              let least = Infinity;
              for (let i = 0; i < few.length; i += 2) {
                least = Math.min(least, apart(few, loop[k], loop[k + 1], i));
              }
              most = Math.max(most, least);
            }
            return { grid: most, screen: most * 4 * scale, points: few.length / loop.length };
          });
        }"""
    )
    # Within 0.2 pixels of the screen, or as fine as outlines are kept: 0.06 pixels of the grid.
    for seen in found:
        assert seen["screen"] <= 0.27 or seen["grid"] <= 0.06 + 1e-9
        assert seen["points"] < 0.5
    assert found[0]["points"] < found[-1]["points"] / 2
