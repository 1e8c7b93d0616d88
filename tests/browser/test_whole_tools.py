"""The tools on the whole mask work beside the page: the same to the pixel, in turn, in one step."""

import numpy as np
import pytest
from playwright.sync_api import Page, Route, expect
from scipy import ndimage

from app.masks.codec import unpack_bits
from app.studies.protocol import Display
from tests.browser.conftest import Room, press_and_go_on
from tests.browser.test_drawing import drag, stored
from tests.browser.test_drawing_tools import EIGHT, Mask, open_sheet, shown
from tests.browser.test_raster import smoothed
from tests.support.factory import SMALL


@pytest.fixture
def display() -> Display:
    """A grid as fine as the films."""
    return SMALL.model_copy(update={"long_side": 768})


# A desk over a blotchy drawing, as on the ballot's page; `steps` acts on it.
DESK = """async (steps) => {
  const load = (name) => import(`/static/physician/${name}.js`);
  const rooms = ["panels", "drawing", "drawing/desk", "state", "drawing/whole",
    "drawing/picking", "drawing/runs"];
  const [{ Panels }, { Drawing }, { Desk }, { INITIAL, Store }, { make }, { cycle, decide },
    { toPacked }] = await Promise.all(rooms.map(load));
  const { sample } = await import("/tests/bench/frames.js");
  document.body.innerHTML = `<div class="stage" id="stage" style="width:600px;height:600px">
    <figure class="panel sheet"><canvas></canvas>
    <figcaption><span class="note"></span></figcaption></figure></div>`;
  const { film, bundle } = await sample(611);
  const store = new Store({ ...INITIAL, mode: "draw", radius: 9 });
  const panels = new Panels(document.getElementById("stage"), film, bundle);
  const drawing = new Drawing();
  drawing.show(bundle);
  const said = [];
  const desk = new Desk(store, panels, drawing, (words) => said.push(words));
  panels.paint(store.state);
  const { raster } = drawing;
  const { height, width } = raster;
  for (let i = 0; i < 400; i++) {
    const [row, start] = [(i * 6007) % (height - 40), (i * 7919) % (width - 40)];
    for (let k = 0; k < 3 + (i % 31); k++) {
      raster.set(row + k, start, start + 2 + ((i * k) % 37), i % 5 ? 1 : 0);
    }
  }
  drawing.commit();
  const lungs = raster.words.map((_, i) => (i * 40503) | 0);
  const wishes = [{ tool: "smooth" }, { tool: "holes" }, { tool: "specks", smallest: 300 },
    { tool: "lungs", lungs }, { tool: "start", bundle, least: 2 }];
  const here = (wish) => make({ wish, height, width, words: raster.words.slice() });
  const now = () => raster.words.join();
  const next = (by) => desk.change((tell) => (cycle(drawing, by, tell), null));
  // Threads of many lengths, one pixel apart: too many runs to be looked through on the page.
  const threads = () => {
    drawing.clear();
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column += 2) {
        if (row % 500 !== (column * 7919) % 499) raster.set(row, column, column + 1, 1);
      }
    }
    drawing.commit();
  };
  const stroke = () => {
    desk.draw([{ x: 100, y: 120 }], "start", false);
    desk.draw([{ x: 420, y: 300 }], "move", false);
    desk.draw([], "end", false);
  };
  const finished = async () => {
    while (drawing.turns.busy) await new Promise((done) => setTimeout(done));
  };
  return eval(`(async () => { ${steps} })()`);
}"""


def test_each_tool_makes_the_same_beside_the_page_as_on_it(blank: Page) -> None:
    steps = """
      const found = [];
      for (const wish of wishes) {
        const [before, wanted] = [now(), here(wish)];
        let count = null;
        await drawing.work(wish, (told) => (count = told), (error) => { throw error; });
        const worker = drawing.beside.worker !== null;
        found.push({ tool: wish.tool, worker, changed: now() !== before,
          same: now() === wanted.words.join(), counted: count === wanted.count });
        drawing.undo();
        found.at(-1).undone = now() === before;
      }
      return found;"""
    found = blank.evaluate(DESK, steps)
    assert [one.pop("tool") for one in found] == ["smooth", "holes", "specks", "lungs", "start"]
    right = dict.fromkeys(["worker", "changed", "same", "counted", "undone"], True)
    assert found == [right] * 5


def test_a_stroke_that_comes_meanwhile_waits_and_is_neither_lost_nor_overtakes(blank: Page) -> None:
    """It is drawn with the tool that was in hand, though another was taken since."""
    steps = """
      const before = now();
      const wanted = here({ tool: "smooth" }).words;
      desk.work(() => ({ tool: "smooth" }), () => "");
      stroke();
      store.set({ erases: true, radius: 2 });
      const waits = now() === before;
      await finished();
      const both = now();
      drawing.undo();
      const first = now() === wanted.join();
      drawing.undo();
      const none = now() === before;
      drawing.redo();
      store.set({ erases: false, radius: 9 });
      stroke();
      return { waits, first, none, both: now() === both, more: both !== wanted.join() };"""
    found = blank.evaluate(DESK, steps)
    assert found == dict.fromkeys(["waits", "first", "none", "both", "more"], True)


def test_escape_leaves_a_tool_off_and_what_waits_for_it(blank: Page) -> None:
    steps = """
      const before = now();
      desk.work(() => ({ tool: "smooth" }), () => "");
      stroke();
      desk.leave(true);
      const left = !drawing.turns.busy && now() === before && store.state.mode === "draw";
      const wanted = here({ tool: "holes" }).words.join();
      desk.work(() => ({ tool: "holes" }), () => "");
      await finished();
      return { left, next: now() === wanted, steps: raster.done.length };"""
    assert blank.evaluate(DESK, steps) == {"left": True, "next": True, "steps": 2}


def test_without_its_worker_a_tool_works_on_the_page(blank: Page) -> None:
    blank.route("**/wholeworker.js", lambda route: route.abort())
    steps = """
      const wanted = here({ tool: "smooth" }).words.join();
      desk.work(() => ({ tool: "smooth" }), () => "");
      await finished();
      return now() === wanted;"""
    assert blank.evaluate(DESK, steps)


def bits(packed: list[int]) -> Mask:
    return unpack_bits(bytes(packed), (611, 611))


def threads() -> Mask:
    rows, columns = np.indices((611, 611))
    found: Mask = (columns % 2 == 0) & (rows % 500 != columns * 7919 % 499)
    return found


def test_of_very_many_runs_a_part_is_looked_for_beside_the_page(blank: Page) -> None:
    """The same parts as scipy's, the largest first and of equal ones the upper one."""
    steps = """
      threads();
      const picked = () => ({ part: drawing.picked.part, said: said.at(-1),
        bits: [...toPacked({ ...raster, words: drawing.picked.words })] });
      const found = { drawing: [...toPacked(raster)], picked: [], worker: false, waits: true };
      for (const by of [1, 1, 1, -1, -1, -1, -1]) {
        const before = drawing.picked;
        next(by);
        found.waits &&= drawing.turns.busy && drawing.picked === before;
        await finished();
        found.picked.push(picked());
      }
      found.worker = drawing.beside.worker !== null;
      return found;"""
    found = blank.evaluate(DESK, steps)
    assert (found["worker"], found["waits"]) == (True, True)
    np.testing.assert_array_equal(bits(found["drawing"]), threads())
    labels, count = ndimage.label(threads(), EIGHT)
    areas = np.bincount(labels.ravel())[1:]
    order = np.argsort(-areas, kind="stable") + 1
    assert [one["part"] for one in found["picked"]] == [0, 1, 2, 1, 0, count - 1, count - 2]
    for one in found["picked"]:
        label = order[one["part"]]
        np.testing.assert_array_equal(bits(one["bits"]), labels == label)
        assert one["said"].startswith(f"Part {one['part'] + 1} of {count}, {areas[label - 1]} px")


def test_keys_pressed_while_a_part_is_looked_for_come_in_turn(blank: Page) -> None:
    steps = """
      threads();
      next(1);
      next(1);
      desk.change(() => decide(drawing, "drop"));
      next(1);
      desk.drop();  // another tool is taken
      const waits = drawing.turns.busy && drawing.picked === null;
      await finished();
      return { waits, bits: [...toPacked(raster)], picked: drawing.picked !== null, said };"""
    found = blank.evaluate(DESK, steps)
    assert (found["waits"], found["picked"]) == (True, False)
    labels, _ = ndimage.label(threads(), EIGHT)
    second = np.argsort(-np.bincount(labels.ravel())[1:], kind="stable")[1] + 1
    np.testing.assert_array_equal(bits(found["bits"]), threads() & (labels != second))
    told = [one.split()[1] for one in found["said"] if one.startswith("Part")]
    assert told == ["1", "2", "2", "1"]


@pytest.mark.parametrize("leave", ["desk.leave(true)", "drawing.show(bundle)"])
def test_escape_and_the_next_ballot_leave_looking_for_a_part_off(blank: Page, leave: str) -> None:
    steps = f"""
      threads();
      next(1);
      stroke();
      {leave};
      const left = !drawing.turns.busy;
      const before = drawing.raster.words.join();
      // As long as the same takes in a worker that begins now.
      const other = new drawing.beside.constructor();
      const wish = {{ tool: "part", which: {{ after: -1, by: 1 }} }};
      await other.make({{ wish, height, width, words: raster.words.slice() }});
      return {{ left, picked: drawing.picked, same: drawing.raster.words.join() === before,
        mode: store.state.mode }};"""
    found = blank.evaluate(DESK, steps)
    assert found == {"left": True, "picked": None, "same": True, "mode": "draw"}


def test_a_tool_that_takes_long_says_so_and_the_answer_waits_for_it(
    ballot: Page, room: Room
) -> None:
    held: list[Route] = []
    ballot.route("**/wholeworker.js", lambda route: held.append(route))
    open_sheet(ballot)
    drag(ballot, (60, 50), (60, 120))
    ballot.keyboard.press("s")
    expect(ballot.locator("#said")).to_have_text("Working…")
    drag(ballot, (120, 50), (120, 120))
    ballot.keyboard.press("Enter")
    here = ballot.url
    held[0].continue_()
    ballot.wait_for_url(lambda url: url != here)
    mask = stored(room)
    assert mask[60, 55:115].all()
    assert mask[120, 55:115].all()


def test_what_is_smoothed_on_the_ballot_is_stored_so(ballot: Page, room: Room) -> None:
    """Through the real page with its security policy: a worker does it."""
    candidate = shown(room)[0]
    open_sheet(ballot)
    ballot.keyboard.press("1")
    ballot.keyboard.press("s")
    press_and_go_on(ballot, "Enter")
    assert any(worker.url.endswith("wholeworker.js") for worker in ballot.workers)
    np.testing.assert_array_equal(stored(room), smoothed(candidate, 1))
