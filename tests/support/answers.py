"""Answers as a physician's browser sends them."""

import base64
import hashlib
import uuid
import zlib

import numpy as np
from numpy.typing import NDArray

from app.masks.codec import pack_bits
from app.votes.answers import Answer, AnswerKind, DrawingSent, Submission


def submission(kind: AnswerKind, *letters: str, key: str | None = None) -> Submission:
    """An answer of ``kind``, with a fresh idempotency key unless one is given."""
    return Submission(
        idempotency_key=key or str(uuid.uuid4()), answer=Answer(kind=kind, slots=letters)
    )


def choose(letter: str, *, key: str | None = None) -> Submission:
    """The answer “this slot”."""
    return submission(AnswerKind.SLOT, letter, key=key)


def later() -> Submission:
    """The answer “later”."""
    return submission(AnswerKind.LATER)


def none_acceptable(mask: NDArray[np.bool_] | None = None) -> Submission:
    """The answer “none acceptable”, with a drawing where one is given."""
    sent = submission(AnswerKind.NONE)
    return sent if mask is None else sent.model_copy(update={"drawing": drawing(mask)})


def drawing(mask: NDArray[np.bool_]) -> DrawingSent:
    """``mask`` as it goes over the wire."""
    bits = pack_bits(mask)
    return DrawingSent(
        bits=base64.b64encode(zlib.compress(bits)).decode(),
        sha256=hashlib.sha256(bits).hexdigest(),
    )
