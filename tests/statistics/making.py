"""Columns of votes for tests, from choices written out."""

from typing import Any

import numpy as np

from app.statistics.votes import MISSING, NOT_ASKED, Votes

SOURCES = ("manual", "network:north", "network:south", "network:west")


def votes_of(slots: Any, chosen: Any, **columns: Any) -> Votes:
    """Votes on ``slots`` [n, K] of sources with the slots ``chosen``, a list of positions each.

    An empty list is “none acceptable”. All else is as plain as can be unless it is given.
    """
    placed = np.asarray(slots, np.int64)
    number = len(placed)
    taken = np.zeros(placed.shape, np.bool_)
    for row, positions in enumerate(chosen):
        taken[row, positions] = True
    plain: dict[str, Any] = {
        "sources": SOURCES,
        "members": np.eye(len(columns.get("sources", SOURCES)), dtype=np.bool_),
        "film": np.arange(number),
        "reader": np.zeros(number, np.int64),
        "word": np.where(taken.any(axis=1), 0, 1),
        "worst": np.full(number, MISSING),
        "guess": np.full(number, NOT_ASKED),
        "repeat": np.zeros(number, np.int64),
        "sitting": np.full(number, MISSING),
        "seconds": np.full(number, np.nan),
        "sure": np.full(number, MISSING),
        "native": np.zeros(number, np.bool_),
        "blank": np.zeros(number, np.bool_),
        "drew": np.zeros(number, np.bool_),
    }
    filled = plain | {
        name: np.asarray(value) if name != "sources" else value for name, value in columns.items()
    }
    filled.setdefault("patient", filled["film"])
    return Votes(slots=placed, chosen=taken, **filled)


def luce_votes(
    worths: Any,
    slot_worths: Any,
    *,
    number: int,
    seed: int,
    films: int | None = None,
    readers: int = 5,
) -> Votes:
    """Votes drawn from Luce's model, every order of the sources equally likely."""
    rng = np.random.default_rng(seed)
    worth, by_slot = np.asarray(worths, float), np.asarray(slot_worths, float)
    slots = rng.permuted(np.tile(np.arange(len(worth)), (number, 1)), axis=1)
    odds = worth[slots] * by_slot
    edges = (odds / odds.sum(axis=1, keepdims=True)).cumsum(axis=1)
    position = (rng.random((number, 1)) > edges[:, :-1]).sum(axis=1)
    return votes_of(
        slots,
        [[p] for p in position],
        sources=tuple(f"source {n}" for n in range(len(worth))),
        film=rng.integers(films or number, size=number),
        reader=rng.integers(readers, size=number),
    )
