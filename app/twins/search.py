"""Which films are the same picture: the two stages put together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from app.twins.candidates import candidates
from app.twins.changes import Change, change_of
from app.twins.fingerprint import Fingerprints
from app.twins.registration import align
from app.twins.windows import whole, windows

SAME = 0.87  # agreement of fine detail from which two films are one picture; see docs/leaks.md
BLOCK = 16  # films whose windows are compared at a time

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Twin:
    """Two films that are one picture, by their places in what was searched.

    ``score`` is the agreement of their fine detail, `SAME` … 1.
    """

    first: int
    second: int
    score: float
    change: Change


def twins(
    prints: Fingerprints, *, least: float = SAME, progress: Progress = lambda done, total: None
) -> list[Twin]:
    """Return the pairs among fingerprints uint8 [n, 64, 64], each once, first < second.

    Pairs whose agreement is ``least`` or more are returned; lower it to look at what comes near.
    """
    best: dict[tuple[int, int], Twin] = {}
    for twin in _found(prints, prints, least, progress):
        first, second = sorted((twin.first, twin.second))
        known = best.get((first, second))
        if first != second and (known is None or known.score < twin.score):
            best[first, second] = Twin(first, second, twin.score, twin.change)
    return [best[pair] for pair in sorted(best)]


def twins_between(
    prints: Fingerprints,
    others: Fingerprints,
    *,
    least: float = SAME,
    progress: Progress = lambda done, total: None,
) -> list[Twin]:
    """Return the pairs of a film of prints and one of others, both uint8 [n, 64, 64]."""
    total = len(prints) + len(others)
    best: dict[tuple[int, int], Twin] = {}
    ways = [
        *_found(prints, others, least, lambda done, _: progress(done, total)),
        *(
            Twin(twin.second, twin.first, twin.score, twin.change)
            for twin in _found(
                others, prints, least, lambda done, _: progress(len(others) + done, total)
            )
        ),
    ]
    for twin in ways:
        pair = twin.first, twin.second
        if pair not in best or best[pair].score < twin.score:
            best[pair] = twin
    return [best[pair] for pair in sorted(best)]


def _found(
    parts: Fingerprints, wholes: Fingerprints, least: float, progress: Progress
) -> list[Twin]:
    """Return the pairs in which a film of parts is a film of wholes, or a part of it."""
    sought = whole(parts)
    found = []
    for start in range(0, len(wholes), BLOCK):
        pairs = candidates(sought, windows(wholes[start : start + BLOCK]), first=start)
        if parts is wholes:
            pairs = pairs.chosen(pairs.part != pairs.of)
        aligned = align(pairs, parts, wholes)
        for place in np.flatnonzero(aligned.score >= least).tolist():
            change = change_of(
                aligned.maps[place],
                mirrored=bool(pairs.mirrored[place]),
                inverted=bool(pairs.inverted[place]),
            )
            score = float(aligned.score[place])
            found.append(Twin(int(pairs.part[place]), int(pairs.of[place]), score, change))
        progress(min(start + BLOCK, len(wholes)), len(wholes))
    return found
