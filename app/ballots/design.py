"""The design of a study's ballots: order of cases, order of slots, keys. Pure.

Everything is drawn from the study's stored seed by hashing, so it can be drawn again anywhere, and
a case that is added later changes nothing that was drawn before.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import permutations
from math import factorial
from typing import TypeVar

T = TypeVar("T")
U = TypeVar("U")

Unit = tuple[int, ...]
"""The sources that share a slot, by their number."""

LETTERS = "ABCDEFGHIJ"
TIERS = 20
# Of more units, a block of all orders would never be filled; random Latin squares do.
ENUMERABLE = 6


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
    """Return a random order in which a physician meets these films; each has an own one."""
    return shuffled(film_ids, seed, "case", physician_id)


def in_backbone(film_id: int, *, seed: str, share: float) -> bool:
    """Say whether a film stands in the random backbone: the same films for all physicians."""
    return chance(share, seed, "backbone", film_id)


def mixed_order(
    priority: Mapping[int, float],
    *,
    seed: str,
    physician_id: int,
    backbone: float,
    by_priority: bool,
) -> list[int]:
    """Return the order in which a physician meets the films of ``priority``.

    A random share of films, the backbone, stands at random places, so that what was read at any
    moment holds an unbiased sample. The others come by priority, the highest first, in `TIERS`
    within which each physician has an own order: or all would run for the same case.
    """
    at_random = case_order(list(priority), seed=seed, physician_id=physician_id)
    if not by_priority:
        return at_random
    spine = [one for one in at_random if in_backbone(one, seed=seed, share=backbone)]
    others = [one for one in at_random if not in_backbone(one, seed=seed, share=backbone)]
    ranked = sorted(others, key=lambda one: -priority[one])
    tier = {one: rank * TIERS // len(ranked) for rank, one in enumerate(ranked)}
    others.sort(key=lambda one: tier[one])
    return _interleaved(spine, others, seed=seed, physician_id=physician_id)


def _interleaved(spine: list[int], others: list[int], *, seed: str, physician_id: int) -> list[int]:
    """Return both lists in one, each in its order: which places are whose is random."""
    marks = [True] * len(spine) + [False] * len(others)
    places = shuffled(list(range(len(marks))), seed, "spine", physician_id, *spine[:1])
    first, second = iter(spine), iter(others)
    return [next(first) if marks[place] else next(second) for place in places]


def slot_order(
    units: Sequence[U], *, seed: str, physician_id: int, ordinal: int, among: str = ""
) -> tuple[U, ...]:
    """Return ``units`` in slot order for a physician's ballot number ``ordinal`` of this kind.

    All orders come once in each block. A block is made of Latin squares (an order and its
    rotations), so that at any moment each unit has stood in each slot equally often, give or take
    one. BLIND_VOTING §3. Ballots ``among`` repeats or sentinels have blocks of their own, and so
    has each way of sharing slots.
    """
    count = len(units)
    kind: tuple[object, ...] = (among,) if among else ()
    if any(isinstance(unit, tuple) and len(unit) > 1 for unit in units):
        kind = (*kind, units)
    if count > ENUMERABLE:
        block, (square, row) = 0, divmod(ordinal, count)
        rest = shuffled(list(range(1, count)), seed, "square", physician_id, *kind, square)
        first = (0, *rest)
    else:
        block, within = divmod(ordinal, factorial(count))
        square, row = divmod(within, count)
        first = _squares(count, seed, physician_id, block, *kind)[square]
    shift = _rows(count, seed, physician_id, *kind, block, square)[row]
    order = first[shift:] + first[:shift]
    return tuple(units[index] for index in order)


# A block is drawn once, not again for each of its orders: layouts run to millions of rows.
@lru_cache(maxsize=64)
def _squares(
    count: int, seed: str, physician_id: int, block: int, *kind: object
) -> list[tuple[int, ...]]:
    # One order of each square begins with unit 0; the others are its rotations.
    squares = [(0, *rest) for rest in permutations(range(1, count))]
    return shuffled(squares, seed, "square", physician_id, *kind, block)


@lru_cache(maxsize=64)
def _rows(count: int, seed: str, physician_id: int, *parts: object) -> list[int]:
    return shuffled(list(range(count)), seed, "row", physician_id, *parts)


def ballot_key(*, seed: str, physician_id: int, film_id: int, repeat_no: int) -> str:
    """Return the ballot's public name: 26 letters that say nothing, the same when dealt again."""
    digest = _digest(seed, "ballot", physician_id, film_id, repeat_no)[:16]
    return base64.b32encode(digest).decode().rstrip("=").lower()


def ballot_seed(*, seed: str, physician_id: int, film_id: int, repeat_no: int) -> str:
    """Return the ballot's own seed (hex)."""
    return _digest(seed, "seed", physician_id, film_id, repeat_no).hex()
