"""The wire format of a ballot: all candidates as one compressed stream, and nothing else.

Before compression: ``MBB1``, the number of candidates (uint16), then grid height, grid width,
native height, native width (uint32 each, big endian), then for each slot, in order, the mask on
the display grid at one bit a pixel (row-major, most significant bit first, rows not padded). All
masks have the same length, and they share one stream, so no length belongs to one mask.
"""

import struct
import zlib

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.ballots.coming import Upcoming, of_ballot
from app.ballots.tables import Ballot
from app.blobs.store import BlobStore
from app.masks.grid import display_grid
from app.proposals.tables import Candidate
from app.studies.studies import protocol_of
from app.studies.tables import Study

MAGIC = b"MBB1"
HEADER = struct.Struct(">4sHIIII")
# Fixed, because the level shows in the length.
LEVEL = 6


def bundle(session: Session, blobs: BlobStore, ballot: Ballot | Upcoming) -> bytes:
    """Return the masks of a ballot, dealt or coming, as the browser gets them (zlib, RFC 1950).

    A blank ballot's bundle holds none.
    """
    one = ballot if isinstance(ballot, Upcoming) else of_ballot(ballot)
    film = one.film
    native = (film.native_h, film.native_w)
    display = protocol_of(session.get_one(Study, film.study_id)).display
    query = select(Candidate).where(Candidate.id.in_(one.candidates))
    found = {candidate.id: candidate for candidate in session.scalars(query)}
    shown = [found[candidate_id] for candidate_id in one.candidates]
    masks = [blobs.get((one.native and mask.native_sha) or mask.grid_sha) for mask in shown]
    return pack(masks, grid=display_grid(native, display.long_side), native=native)


def pack(masks: list[bytes], *, grid: tuple[int, int], native: tuple[int, int]) -> bytes:
    """Return the compressed stream of packed ``masks``, each of ceil(grid area / 8) bytes."""
    length = (grid[0] * grid[1] + 7) // 8
    if any(len(mask) != length for mask in masks):
        raise ValueError("a packed mask is not of the grid's size")
    header = HEADER.pack(MAGIC, len(masks), *grid, *native)
    return zlib.compress(header + b"".join(masks), LEVEL)
