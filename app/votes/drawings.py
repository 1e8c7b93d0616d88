"""Drawings: taken from the wire, checked bit for bit, kept with the vote."""

import base64
import binascii
import hashlib
import zlib

from sqlalchemy.orm import Session

from app.ballots.tables import Ballot
from app.clock import Clock
from app.masks.codec import Mask, to_png, unpack_bits
from app.votes.answers import AnswerRefused, DrawingSent
from app.votes.tables import Drawing


def keep(session: Session, *, ballot: Ballot, sent: DrawingSent, clock: Clock) -> Drawing:
    """Store the drawing for ``ballot``. Raises `AnswerRefused` where it is not what was drawn."""
    mask = unpacked(sent, (ballot.film.native_h, ballot.film.native_w))
    drawing = Drawing(
        ballot_id=ballot.id,
        author_id=ballot.physician_id,
        mask_png=to_png(mask),
        bits_sha256=sent.sha256,
        area=int(mask.sum()),
        started_from=sent.started_from,
        made_at=clock.now(),
    )
    session.add(drawing)
    session.flush()
    return drawing


def unpacked(sent: DrawingSent, shape: tuple[int, int]) -> Mask:
    """Return what was drawn, bool ``shape``. Raises `AnswerRefused` where it came otherwise."""
    bits = _decompress(sent, length=(shape[0] * shape[1] + 7) // 8)
    if hashlib.sha256(bits).hexdigest() != sent.sha256:
        raise AnswerRefused(
            "The drawing was damaged on its way.", cure="Nothing was saved; send it again."
        )
    return unpack_bits(bits, shape)


def _decompress(sent: DrawingSent, *, length: int) -> bytes:
    """Return exactly ``length`` bytes; never more is unpacked, whatever was sent."""
    unpacker = zlib.decompressobj()
    try:
        bits = unpacker.decompress(base64.b64decode(sent.bits, validate=True), length + 1)
    except (zlib.error, binascii.Error, ValueError) as error:
        raise AnswerRefused("The drawing cannot be unpacked.", cure="Send it again.") from error
    if len(bits) != length:
        raise AnswerRefused("The drawing is not of the film's native size.")
    return bits
