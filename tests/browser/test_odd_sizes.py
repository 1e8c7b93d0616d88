"""Random drawings on films of odd sizes, in a real browser and either database, bit for bit."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page

from app.masks.codec import from_png, pack_bits, unpack_bits
from app.settings import Settings
from app.web.house import House, build_house
from tests.browser.conftest import Room, all_saved, press_and_go_on
from tests.support.ports import free_port


@pytest.fixture
def house(tmp_path: Path, database_url: str) -> Iterator[House]:
    """A house on either database."""
    settings = Settings(home=tmp_path / "home", database_url=database_url, port=free_port())
    built = build_house(settings)
    yield built
    built.engine.dispose()
    built.reader.dispose()


@pytest.fixture(params=[(257, 129), (96, 33)], ids=str)
def shape(request: pytest.FixtureRequest) -> tuple[int, int]:
    """Films whose rows share bytes and words with the next."""
    found: tuple[int, int] = request.param
    return found


PACKED = """async () => {
  const asked = indexedDB.open("maskballot-strokes", 1);
  const base = await new Promise((resolve) => { asked.onsuccess = () => resolve(asked.result); });
  const all = (name) => new Promise((resolve) => {
    const got = base.transaction(name).objectStore(name).getAll();
    got.onsuccess = () => resolve(got.result);
  });
  const [sheets, steps] = [await all("sheets"), await all("steps")];
  base.close();
  const { Raster } = await import("/static/physician/raster.js");
  const { toPacked } = await import("/static/physician/drawing/runs.js");
  const { height, width, position } = sheets[0];
  const raster = new Raster(height, width);
  for (const step of steps.slice(0, position)) raster.redoStep(step);
  return [...toPacked(raster)];
}"""


def scribble(page: Page, rng: np.random.Generator) -> None:
    """Strokes to and fro, beyond the film's edge too, with tools and undo in between."""
    box = page.locator(".sheet .ink").bounding_box()
    assert box is not None
    for key in rng.permutation(["b", "e", "a", "b", "t", "h", "s", "z", "b"]):
        page.keyboard.press(str(key))
        for k in range(4):
            x, y = rng.uniform(0.02, 0.98, 2)
            page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
            if k == 0:
                page.mouse.down()
        page.mouse.up()


@pytest.mark.parametrize("seed", [1])
def test_what_is_stored_is_what_was_drawn(
    ballot: Page, room: Room, shape: tuple[int, int], seed: int
) -> None:
    ballot.keyboard.press("0")
    ballot.wait_for_selector(".sheet .ink")
    scribble(ballot, np.random.default_rng(seed))
    drawn = unpack_bits(bytes(ballot.evaluate(PACKED)), shape)
    press_and_go_on(ballot, "Enter")
    all_saved(ballot)
    drawing = room.votes()[-1].drawing
    assert drawing is not None
    mask = from_png(drawing.mask_png, max_pixels=shape[0] * shape[1])
    np.testing.assert_array_equal(mask, drawn)
    assert drawing.bits_sha256 == hashlib.sha256(pack_bits(mask)).hexdigest()
    assert drawing.area == mask.sum() > 0
