"""The design of a study's ballots: order of cases, order of slots, keys. Pure.

Everything is drawn from the study's stored seed by hashing, so it can be drawn again anywhere, and
a case that is added later changes nothing that was drawn before.
"""

import base64
import hashlib
from functools import lru_cache
from itertools import permutations
from math import factorial
from typing import TypeVar

T = TypeVar("T")

LETTERS = "ABCDEFGHIJ"


def draw(seed: str, *parts: object) -> int:
    """Return a uniform 64-bit number that belongs to ``parts`` under ``seed``."""
    return int.from_bytes(_digest(seed, *parts)[:8], "big")


def _digest(seed: str, *parts: object) -> bytes:
    text = "|".join(str(part) for part in parts)
    return hashlib.blake2b(text.encode(), key=bytes.fromhex(seed)[:64], digest_size=32).digest()


def chance(share: float, seed: str, *parts: object) -> bool:
    """Say, for a ``share`` of all ``parts``, yes: always the same for the same parts."""
    return draw(seed, *parts) < share * 2**64


def shuffled(items: list[T], seed: str, *parts: object) -> list[T]:
    """Return ``items`` in an order that belongs to ``parts`` under ``seed``."""
    return sorted(items, key=lambda item: draw(seed, *parts, item))


def case_order(film_ids: list[int], *, seed: str, physician_id: int) -> list[int]:
    """Return the order in which a physician meets these films; each physician has an own one."""
    return shuffled(film_ids, seed, "case", physician_id)


def slot_order(*, seed: str, physician_id: int, ordinal: int, sources: int) -> tuple[int, ...]:
    """Return which source stands in which slot of a physician's ballot number ``ordinal``.

    All ``sources``! orders come once in each block. A block is made of Latin squares (an order and
    its rotations), so that at any moment each source has stood in each slot equally often, give or
    take one. BLIND_VOTING §3.
    """
    block, within = divmod(ordinal, factorial(sources))
    square, row = divmod(within, sources)
    first = _squares(seed, physician_id, block, sources)[square]
    shift = _rows(seed, physician_id, block, square, sources)[row]
    return first[shift:] + first[:shift]


# A block is drawn once, not again for each of its orders: layouts run to millions of rows.
@lru_cache(maxsize=64)
def _squares(seed: str, physician_id: int, block: int, sources: int) -> list[tuple[int, ...]]:
    # One order of each square begins with source 0; the others are its rotations.
    squares = [(0, *rest) for rest in permutations(range(1, sources))]
    return shuffled(squares, seed, "square", physician_id, block)


@lru_cache(maxsize=64)
def _rows(seed: str, physician_id: int, block: int, square: int, sources: int) -> list[int]:
    return shuffled(list(range(sources)), seed, "row", physician_id, block, square)


def ballot_key(*, seed: str, physician_id: int, film_id: int, repeat_no: int) -> str:
    """Return the ballot's public name: 26 letters that say nothing, the same when dealt again."""
    digest = _digest(seed, "ballot", physician_id, film_id, repeat_no)[:16]
    return base64.b32encode(digest).decode().rstrip("=").lower()


def ballot_seed(*, seed: str, physician_id: int, film_id: int, repeat_no: int) -> str:
    """Return the ballot's own seed (hex)."""
    return _digest(seed, "seed", physician_id, film_id, repeat_no).hex()
