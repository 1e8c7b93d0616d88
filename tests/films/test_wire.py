"""A film on the wire: its stored values, losslessly, and what they mean."""

import io
import json
import zlib

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from PIL import Image

from app.blobs.store import BlobStore
from app.films.pixels import FilmPixels, Values, Window
from app.films.tables import Film
from app.films.wire import film_wire, pack

kinds = st.sampled_from([np.uint8, np.uint16])
shapes = arrays.array_shapes(min_dims=2, max_dims=2, max_side=20)
values = kinds.flatmap(lambda kind: arrays.arrays(kind, shapes))


def unpacked(wire: bytes) -> tuple[dict[str, object], Values]:
    """Read a film as another implementation would: by Pillow, from the parts of the stream."""
    assert wire[:4] == b"MBF1"
    start = 8 + int.from_bytes(wire[4:8])
    header = json.loads(wire[8:start])
    rows = zlib.decompress(wire[start:])
    kind = ">u2" if header["depth"] == 16 else np.uint8
    stride = header["width"] * header["depth"] // 8 + 1
    assert len(rows) == stride * header["height"]
    return header, unfiltered(rows, stride, header["depth"] // 8).view(kind).astype(kind)


def unfiltered(rows: bytes, stride: int, back: int) -> NDArray[np.uint8]:
    """Undo PNG's filters as its standard writes them, one byte after the other."""
    found = np.zeros((len(rows) // stride, stride - 1), np.uint8)
    for row, line in enumerate(found):
        kind, above = rows[row * stride], found[row - 1] if row else np.zeros_like(line)
        for i in range(stride - 1):
            left = int(line[i - back]) if i >= back else 0
            corner = int(above[i - back]) if i >= back else 0
            up, nearest = int(above[i]), left + int(above[i]) - corner
            paeth = min((left, up, corner), key=lambda value: abs(nearest - value))
            guess = (0, left, up, (left + up) // 2, paeth)[kind]
            line[i] = (rows[row * stride + 1 + i] + guess) % 256
    return found


@given(values, st.floats(-3, 3).filter(bool))
def test_every_stored_value_and_its_meaning_arrive(stored: Values, slope: float) -> None:
    voi = Window(center=3, width=9, function="SIGMOID")
    bits = 8 * stored.itemsize
    film = FilmPixels(stored, bits, "MONOCHROME1", slope, -7.5, voi, spacing_mm=(0.1, 0.2))
    header, found = unpacked(pack(film.to_bytes(), film.meta()))
    assert np.array_equal(found, stored)
    size = {"height": stored.shape[0], "width": stored.shape[1], "depth": 8 * stored.itemsize}
    assert header == {**film.meta(), **size, "aspect": 0.5}


def test_a_film_kept_in_another_form_of_png_is_sent_in_the_same(blobs: BlobStore) -> None:
    stored = np.arange(12, dtype=np.uint8).reshape(3, 4) * 20
    palette = Image.fromarray(stored).convert("P", palette=Image.Palette.ADAPTIVE)
    file = io.BytesIO()
    palette.save(file, "PNG")
    meta = FilmPixels(stored, 8).meta()
    film = Film(blob_sha=blobs.put(file.getvalue()), meta=meta)
    header, found = unpacked(film_wire(blobs, film))
    assert (header["height"], header["width"], found.shape) == (3, 4, (3, 4))
