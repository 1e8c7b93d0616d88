"""A film's near code: 64 letters by which the same view of it is known again.

48 bytes hold the 96 numbers of the film's descriptor (`windows.whole`) in four bits each. Another
size, encoding, window or gamma, a mirror image and an inversion keep it; a crop or a turn does not.
It is small enough to stand beside every film that a network has learnt from.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence

import numpy as np

from app.twins.changes import Change
from app.twins.detail import Grid
from app.twins.fingerprint import Fingerprint
from app.twins.windows import even_count, number_count, unit, whole

SAME_VIEW = 0.88  # likeness from which two codes are of one view; see docs/leaks.md
STEPS = 7  # each number is stored as -7 … 7
FULL = 0.35  # size of a number of a unit descriptor that is stored as 7; few are larger


def near_code(print_: Fingerprint) -> str:
    """Return the near code of a fingerprint uint8 [64, 64]; empty if there is nothing to see."""
    numbers = whole(print_[np.newaxis])[0]
    if not numbers.any():
        return ""
    steps = np.clip(np.rint(numbers * (STEPS / FULL)), -STEPS, STEPS).astype(np.int8) + 8
    packed = (steps[::2].astype(np.uint8) << 4) | steps[1::2].astype(np.uint8)
    return base64.b64encode(packed.tobytes()).decode("ascii")


def read_codes(codes: Sequence[str]) -> Grid:
    """Return unit descriptors float32 [n, 96] of near codes; raises `ValueError` for other text."""
    size = number_count()
    letters = size // 2 * 4 // 3
    if any(len(code) != letters for code in codes):
        raise ValueError(f"a near code has {letters} letters")
    try:
        data = base64.b64decode("".join(codes), validate=True)
    except binascii.Error as error:
        raise ValueError("a near code is base64") from error
    packed = np.frombuffer(data, np.uint8).reshape(len(codes), size // 2)
    steps = np.stack([packed >> 4, packed & 15], -1).reshape(len(codes), size)
    return unit(steps.astype(np.float32) - 8)


def how(code: Grid, other: Grid) -> Change:
    """Return how two descriptors [96] of one view differ: mirrored, inverted, both or neither."""
    even = even_count()
    inverted = bool(code[:even] @ other[:even] < 0)
    turned = bool(code[even:] @ other[even:] < 0)
    return Change(mirrored=turned != inverted, inverted=inverted, cropped=1.0, turned=0.0)


def likeness(code: Grid, codes: Grid) -> Grid:
    """Return how alike codes [n, 96] are to code [96], 0 … 1, mirrored or inverted or not."""
    even = even_count()
    blind = np.abs(codes[:, :even] @ code[:even])
    handed = np.abs(codes[:, even:] @ code[even:])
    return np.asarray(blind + handed, np.float32)
