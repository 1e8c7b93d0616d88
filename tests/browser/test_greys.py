"""Grey values on the screen: pixel by pixel what pydicom's own look-up functions say."""

import base64
from itertools import product
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Page

from app.films.decode import decode
from app.films.limits import Limits
from app.films.pixels import FilmPixels
from app.films.wire import pack
from tests.films.files import dicom, table
from tests.films.test_voi import pydicoms

LIMITS = Limits(max_bytes=4 * 1024 * 1024, max_pixels=1_000_000)
PAINTERS = ["processor", "card"]

# Paints a film pixel for pixel, as its window says and after each step of `steps`, and reads the
# canvas back. A step is [preset, inverted]; "after" is
# the film's own window after the one before.
PAINT = """async ({ wire, painter, steps, place }) => {
  localStorage.setItem("maskballot.painter", painter);
  const { decodeFilm } = await import("/static/physician/filmcode.js");
  const { Film } = await import("/static/physician/film.js");
  const { Lightbox } = await import("/static/physician/lightbox.js");
  const film = new Film(await decodeFilm(Uint8Array.from(atob(wire), (c) => c.charCodeAt(0))));
  const box = new Lightbox(() => {});
  const size = place.size ?? { width: film.width, height: film.height };
  let window = null;
  const seen = steps.map(([preset, inverted]) => {
    window = preset === "after" ? film.meaning.storedAfter(window) : film.meaning.preset(preset);
    box.setWindow(film, window, inverted);
    const canvas = box.film(film, place, size);
    const { data } = canvas.getContext("2d").getImageData(0, 0, size.width, size.height);
    let text = "";
    for (let i = 0; i < data.length; i += 4) {
      if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) throw new Error("not grey");
      text += String.fromCharCode(data[i]);
    }
    return btoa(text);
  });
  return { seen, by: box.plates.values().next().value.shown.by };
}"""

Greys = NDArray[np.uint8]
AS_IS = {"scale": 1, "x": 0, "y": 0}


def painted(
    page: Page,
    film: FilmPixels,
    painter: str,
    *,
    steps: list[tuple[str, bool]] | None = None,
    place: dict[str, Any] = AS_IS,
) -> list[Greys]:
    """What a painter shows of a film, uint8 [H, W], after each of ``steps``."""
    wire = base64.b64encode(pack(film.to_bytes(), film.meta())).decode()
    asked = {
        "wire": wire,
        "painter": painter,
        "place": place,
        "steps": steps or [("stored", False)],
    }
    found = page.evaluate(PAINT, asked)
    assert found["by"] == painter
    size = place.get("size")
    shape = (size["height"], size["width"]) if size else film.shape
    return [np.frombuffer(base64.b64decode(one), np.uint8).reshape(shape) for one in found["seen"]]


def every_value(bits: int, *, signed: bool) -> NDArray[Any]:
    """Stored values [H, W]: each that ``bits`` can hold, once, in no order."""
    low = -(2 ** (bits - 1)) if signed else 0
    kind = f"{'i' if signed else 'u'}{1 if bits <= 8 else 2}"
    values = np.random.default_rng(bits).permutation(2**bits).astype(np.int32) + low
    return values.reshape(2 ** (bits // 2), -1).astype(kind)


def voi_of(function: str, *, bits: int, low: int, slope: float) -> dict[str, Any]:
    """The elements that ask for a window, or for a table that is no straight line."""
    if function == "LUT":
        # pydicom reckons the places of a table in the film's own type, so it begins within it.
        depth = 8 if bits == 8 else 16
        values = [round((2**depth - 1) * (i / 99) ** 2) for i in range(100)]
        return {"VOILUTSequence": [table(values, first=20, bits=depth)]}
    return {
        "WindowCenter": round((low + 2**bits * 0.4) * slope, 3),
        "WindowWidth": round(2**bits * 0.3 * abs(slope), 3),
        "VOILUTFunction": function,
        "RescaleSlope": slope,
        "RescaleIntercept": 0,
    }


@pytest.mark.parametrize("painter", PAINTERS)
@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("bits", [8, 10, 12, 14, 16])
def test_each_pixel_is_pydicoms(blank: Page, bits: int, signed: bool, painter: str) -> None:
    stored = every_value(bits, signed=signed)
    low = int(stored.min())
    ways = [
        (kind, slope)
        for kind in ("LINEAR", "LINEAR_EXACT", "SIGMOID")
        for slope in ((1, 2.5, -1, -0.5) if bits <= 12 else (1, -0.5))
    ]
    for (function, slope), photometric in product(
        [*ways, ("LUT", 1)], ["MONOCHROME1", "MONOCHROME2"]
    ):
        voi = voi_of(function, bits=bits, low=low, slope=slope)
        data = dicom(stored, bits=bits, PhotometricInterpretation=photometric, **voi)
        film = decode(data, name="a", limits=LIMITS)
        seen = painted(blank, film, painter)[0]
        # A half may go either way.
        assert np.abs(seen - pydicoms(data)).max() <= 0.5 + 1e-6, (function, slope, photometric)


@pytest.mark.parametrize("painter", PAINTERS)
@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_inverting_twice_and_resetting_come_back_to_the_film(
    blank: Page, photometric: str, painter: str
) -> None:
    stored = every_value(12, signed=False)
    data = dicom(
        stored, bits=12, PhotometricInterpretation=photometric, WindowCenter=1700, WindowWidth=900
    )
    film = decode(data, name="a", limits=LIMITS)
    steps = [
        ("stored", False),
        ("stored", True),
        ("stored", False),
        ("lung", True),
        ("stored", False),
    ]
    first, inverted, again, other, reset = painted(blank, film, painter, steps=steps)
    assert np.abs(first - pydicoms(data)).max() <= 0.5 + 1e-6
    assert np.abs(first.astype(int) + inverted - 255).max() <= 1
    assert np.array_equal(first, again)
    assert np.array_equal(first, reset)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("painter", PAINTERS)
@pytest.mark.parametrize("kind", ["windows", "tables"])
def test_each_further_window_is_pydicoms_and_then_the_first_again(
    blank: Page, kind: str, painter: str
) -> None:
    curve = [round(65535 * (i / 99) ** 2) for i in range(100)]
    brought: dict[str, dict[str, Any]] = {
        "windows": {"WindowCenter": [1700, 900, 2500], "WindowWidth": [900, 300, 2000]},
        "tables": {
            "VOILUTSequence": [table(curve, first=first, bits=16) for first in (20, 700, 1500)]
        },
    }
    data = dicom(every_value(12, signed=False), bits=12, **brought[kind])
    film = decode(data, name="a", limits=LIMITS)
    steps = [("stored", False), ("after", False), ("after", False), ("after", False)]
    *seen, again = painted(blank, film, painter, steps=steps)
    for way, greys in enumerate(seen):
        assert np.abs(greys - pydicoms(data, way)).max() <= 0.5 + 1e-6, way
    assert np.array_equal(again, seen[0])
    (reset,) = painted(blank, film, painter, steps=[("lung", False), ("after", False)])[1:]
    assert np.array_equal(reset, seen[0])


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("place", [(0.37, 3.2, -5.7), (0.05, 0, 0), (3.3, -20.4, 11.9)])
def test_card_and_processor_show_the_same_at_any_zoom(
    blank: Page, bits: int, place: tuple[float, float, float]
) -> None:
    rows, columns = np.mgrid[:700, :500]
    waves = np.sin(rows / 9) * np.cos(columns / 7) * 0.5 + 0.5
    kind = np.uint8 if bits == 8 else np.uint16
    film = FilmPixels((waves * (2**bits - 1)).astype(kind), bits)
    scale, x, y = place
    asked = {"scale": scale, "x": x, "y": y, "size": {"width": 211, "height": 173}}
    processor, card = (painted(blank, film, name, place=asked)[0] for name in PAINTERS)
    assert np.abs(processor.astype(int) - card).max() <= 1
    assert np.ptp(processor) > 100


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize("slope", [1.0, -1.0])
def test_presets_mean_the_same_whatever_the_numbers_mean(
    blank: Page, photometric: str, slope: float
) -> None:
    # Dark lungs, brighter bones, and a flat frame around the exposed field.
    seen = np.zeros((400, 400))
    seen[50:350, 50:350] = np.random.default_rng(1).normal(0.3, 0.05, (300, 300))
    seen[200:350, 50:350] = np.random.default_rng(2).normal(0.8, 0.05, (150, 300))
    upwards = (slope > 0) == (photometric == "MONOCHROME2")
    stored = np.rint(np.clip(seen if upwards else 1 - seen, 0, 1) * 4095).astype(np.uint16)
    film = FilmPixels(
        stored, 12, "MONOCHROME1" if photometric == "MONOCHROME1" else "MONOCHROME2", slope
    )
    steps = [(name, False) for name in ("lung", "bone", "soft", "auto", "full")]
    lung, bone, soft, auto, full = painted(blank, film, "processor", steps=steps)
    lungs, bones = np.s_[60:190, 60:340], np.s_[210:340, 60:340]
    assert np.ptp(np.percentile(lung[lungs], [5, 95])) > np.ptp(np.percentile(full[lungs], [5, 95]))
    assert np.ptp(np.percentile(bone[bones], [5, 95])) > np.ptp(np.percentile(full[bones], [5, 95]))
    assert lung[bones].mean() > 220
    assert bone[lungs].mean() < 20
    assert 20 < auto[lungs].mean() < soft[bones].mean() < 240
