"""A drawing that begins with a candidate, or with what candidates have in common."""

import zlib
from base64 import b64decode

import numpy as np
import pytest
from playwright.sync_api import Page
from scipy import ndimage

from app.masks.codec import unpack_bits
from tests.browser.test_raster import SHAPE, Mask, blobs, empty, noise


def test_a_candidate_of_the_films_own_size_is_taken_up_unchanged(blank: Page) -> None:
    for mask in (blobs(2), noise(0.3, 2), empty(), ~empty()):
        taken = started(blank, mask, SHAPE)
        np.testing.assert_array_equal(taken, mask)


def test_a_candidate_of_a_coarser_grid_is_taken_up_as_it_is_seen(blank: Page) -> None:
    """Without the grid's stair steps: smoother than its pixels enlarged, and of the same area."""
    coarse = blobs(3)
    taken = started(blank, coarse, (SHAPE[0] * 4, SHAPE[1] * 4))
    enlarged = np.kron(coarse, np.ones((4, 4), np.bool_))
    assert 2 * (taken & enlarged).sum() / (taken.sum() + enlarged.sum()) > 0.95
    assert taken.sum() == pytest.approx(enlarged.sum(), rel=0.02)
    assert roughness(taken) < 0.5 * roughness(enlarged)


def roughness(mask: Mask) -> int:
    """How many pixels a light smoothing turns over."""
    return int(((ndimage.gaussian_filter(mask.astype(float), 2) >= 0.5) ^ mask).sum())


def started(page: Page, mask: Mask, native: tuple[int, int]) -> Mask:
    found = page.evaluate(
        """async ({ mask, grid, native }) => {
          const { Drawing } = await import("/static/physician/drawing.js");
          const { startOf } = await import("/static/physician/drawing/starting.js");
          const [drawing, masks] = [new Drawing(), [Uint8Array.from(mask)]];
          const [gridHeight, gridWidth, nativeHeight, nativeWidth] = [...grid, ...native];
          drawing.show({ gridHeight, gridWidth, nativeHeight, nativeWidth, masks });
          await drawing.work(startOf(drawing.bundle, 0).wish, () => {}, console.error);
          return [...drawing.packed()];
        }""",
        {"mask": mask.ravel().astype(int).tolist(), "grid": mask.shape, "native": native},
    )
    return unpack_bits(bytes(found), native)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_union_and_majority_are_counted_over_all_candidates(blank: Page, count: int) -> None:
    masks = np.array([blobs(seed) for seed in range(count)])
    rasters = masks.reshape(count, -1).astype(int).tolist()
    for start, least in (("union", 1), ("majority", count // 2 + 1)):
        found = blank.evaluate(
            """async ({ masks, height, width, start }) => {
              const { Drawing } = await import("/static/physician/drawing.js");
              const { startOf } = await import("/static/physician/drawing/starting.js");
              const [drawing, each] = [new Drawing(), masks.map((one) => Uint8Array.from(one))];
              drawing.show({ gridHeight: height, gridWidth: width, nativeHeight: height,
                nativeWidth: width, masks: each });
              const { wish, startedFrom } = startOf(drawing.bundle, start);
              await drawing.work(wish, () => {}, console.error, startedFrom);
              const sent = await drawing.toSend();
              drawing.undo();
              return { ...sent, before: drawing.startedFrom };
            }""",
            {"masks": rasters, "height": SHAPE[0], "width": SHAPE[1], "start": start},
        )
        mask = unpack_bits(zlib.decompress(b64decode(found["bits"])), SHAPE)
        np.testing.assert_array_equal(mask, masks.sum(0) >= least)
        assert (found["started_from"], found["before"]) == (start, "blank")
