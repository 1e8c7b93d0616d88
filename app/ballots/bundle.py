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

from app.ballots.tables import Ballot, Slot
from app.blobs.store import BlobStore
from app.masks.grid import display_grid
from app.proposals.tables import Candidate
from app.studies.studies import protocol_of

MAGIC = b"MBB1"
HEADER = struct.Struct(">4sHIIII")
# Fixed, because the level shows in the length.
LEVEL = 6


def bundle(session: Session, blobs: BlobStore, ballot: Ballot) -> bytes:
    """Return the ballot's masks as the browser gets them (zlib, RFC 1950)."""
    film = ballot.film
    native = (film.native_h, film.native_w)
    grid = display_grid(native, protocol_of(ballot.study).display.long_side)
    query = (
        select(Candidate.grid_sha)
        .join(Slot, Slot.candidate_id == Candidate.id)
        .where(Slot.ballot_id == ballot.id)
        .order_by(Slot.position)
    )
    masks = [blobs.get(sha) for sha in session.scalars(query)]
    return pack(masks, grid=grid, native=native)


def pack(masks: list[bytes], *, grid: tuple[int, int], native: tuple[int, int]) -> bytes:
    """Return the compressed stream of packed ``masks``, each of ceil(grid area / 8) bytes."""
    length = (grid[0] * grid[1] + 7) // 8
    if any(len(mask) != length for mask in masks):
        raise ValueError("a packed mask is not of the grid's size")
    header = HEADER.pack(MAGIC, len(masks), *grid, *native)
    return zlib.compress(header + b"".join(masks), LEVEL)
