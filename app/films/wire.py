"""A film as the browser gets it: stored values, and what is needed to understand them.

``MBF1``, the length of a JSON header (uint32, big endian), the header, then the stored values as
one zlib stream: row by row, each row led by its PNG filter (PNG, 9.2), samples of ``depth`` bits,
big endian. That is the inside of the PNG which the film's blob is, so nothing is packed again for a
reader, and films of any age are read.

The header is `FilmPixels.meta` with ``height``, ``width``, ``depth`` (8 or 16) and ``aspect``, by
how much a pixel is shown higher than wide. Signed stored values came in shifted up and the
intercept down by as much, so values are unsigned here.
"""

import json
import struct
from typing import Any

from app.blobs.store import BlobStore
from app.films.pixels import FilmPixels, aspect_of, grey_png
from app.films.tables import Film

MAGIC = b"MBF1"
PNG_START = b"\x89PNG\r\n\x1a\n"
CHUNK = struct.Struct(">I4s")
# Width, height, bits a sample, colour type, compression, filter method, interlace (PNG, 11.2.2).
IHDR = struct.Struct(">IIBBBBB")


def film_wire(blobs: BlobStore, film: Film) -> bytes:
    """Return the film's stored values and their meaning, for one reader or another the same."""
    png = blobs.get(film.blob_sha)
    if not _is_plain_grey(png):
        png = grey_png(FilmPixels.restore(png, film.meta).values)
    return pack(png, film.meta)


def pack(png: bytes, meta: dict[str, Any]) -> bytes:
    """Return the stream of a plain grey PNG, not interlaced; ``meta`` says what its values mean."""
    width, height, depth, *_ = _size(png)
    size = {"height": height, "width": width, "depth": depth, "aspect": aspect_of(meta)}
    said = {**meta, **size}
    header = json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
    return b"".join([MAGIC, struct.pack(">I", len(header)), header, *_data(png)])


def _size(png: bytes) -> tuple[int, ...]:
    return IHDR.unpack_from(png, len(PNG_START) + CHUNK.size)


def _is_plain_grey(png: bytes) -> bool:
    _width, _height, depth, colour, _compression, _filters, interlace = _size(png)
    return depth in (8, 16) and colour == 0 and interlace == 0


def _data(png: bytes) -> list[memoryview]:
    """Return the pieces of the PNG's one zlib stream."""
    found, at, whole = [], len(PNG_START), memoryview(png)
    while at < len(png):
        length, kind = CHUNK.unpack_from(png, at)
        start = at + CHUNK.size
        if kind == b"IDAT":
            found.append(whole[start : start + length])
        at = start + length + 4  # the checksum: the blob's digest was verified already
    return found
