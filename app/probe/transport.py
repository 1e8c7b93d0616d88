"""What reached the browser of one ballot, in numbers: no mask is looked at here. Pure.

Every answer's length, time, headers and text are taken apart into groups of numbers. A group of as
many numbers as there are masks speaks of each mask in turn; anything else speaks of the ballot, and
is offered once for each slot: "a long answer means slot B".
"""

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.probe.guessing import Seen

Values = NDArray[np.float64]

TOKENS = re.compile(r"[A-Za-z0-9_.+]+")
PIECES = re.compile(r"[<>{}\[\]\n]+")
MOST_PIECES = 400
MOST_NUMBERS = 120
TEXT = ("text/", "json")


@dataclass(frozen=True)
class Heard:
    """One answer of the server: to what (page, film, bundle …), and the ``seconds`` it took."""

    name: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    seconds: float


@dataclass(frozen=True)
class Delivery:
    """All that was heard of one ballot of ``slots`` masks; ``found`` is the hand-drawn one."""

    patient: str
    slots: int
    found: int
    heard: tuple[Heard, ...]


def seen_of(deliveries: Sequence[Delivery]) -> list[Seen]:
    """Return what an adversary sees: numbers that all deliveries have, and that are not constant.

    Deliveries must have the same number of slots.
    """
    groups = [_groups(one) for one in deliveries]
    slots = deliveries[0].slots
    by_mask, by_ballot = _in_all(groups, slots)
    seen = []
    for delivery, found in zip(deliveries, groups, strict=True):
        each = [np.array(found[name]) for name in by_mask]
        whole = np.concatenate([np.array(found[name]) for name in by_ballot] or [np.zeros(0)])
        # One copy of the ballot's numbers for each slot, which only that slot's row carries.
        for number in whole[:MOST_NUMBERS]:
            each.extend(number * np.eye(slots))
        columns = [column.reshape(slots) for column in each] or [np.zeros(slots)]
        seen.append(Seen(delivery.patient, np.stack(columns, axis=1), delivery.found))
    return seen


def _in_all(
    groups: Sequence[Mapping[str, tuple[float, ...]]], slots: int
) -> tuple[list[str], list[str]]:
    """Return the names of groups that speak of each mask, and of those that speak of the ballot."""
    by_mask: list[str] = []
    by_ballot: list[str] = []
    for name, first in groups[0].items():
        sizes = {len(one.get(name, ())) for one in groups}
        if sizes == {len(first)} and len({one.get(name, ()) for one in groups}) > 1:
            (by_mask if len(first) == slots else by_ballot).append(name)
    return by_mask, by_ballot


def _groups(delivery: Delivery) -> dict[str, tuple[float, ...]]:
    found: dict[str, tuple[float, ...]] = {}
    for heard in delivery.heard:
        size = float(np.log1p(len(heard.body)))
        found[f"{heard.name} size and time"] = (size, float(np.log(max(heard.seconds, 1e-6))))
        for name, value in heard.headers:
            found[f"{heard.name} {name.lower()}"] = _numbers(value)
        kind = dict(heard.headers).get("content-type", "")
        if any(part in kind for part in TEXT):
            pieces = PIECES.split(heard.body.decode("utf-8", "replace"))[:MOST_PIECES]
            for number, piece in enumerate(pieces):
                found[f"{heard.name} piece {number}"] = _numbers(piece)
    return found


def _numbers(text: str) -> tuple[float, ...]:
    """Return one number a word: its value, or for a word that is none, a number of its own."""
    return tuple(_number(word) for word in TOKENS.findall(text))


def _number(word: str) -> float:
    try:
        value = float(word)
    except ValueError:
        return zlib.crc32(word.encode()) % 1000 / 1000
    return float(np.sign(value) * np.log1p(abs(value))) if np.isfinite(value) else 0.0
