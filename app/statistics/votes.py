"""The votes of a study as columns, after unblinding: the slots hold sources. Pure."""

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

WORDS = ("none acceptable", "no infection", "unreadable")
"""What a vote can say beside a source, in the order of `Votes.word` 1, 2, 3."""

NOT_ASKED, DONT_KNOW = -2, -1
MISSING = -1


@dataclass(frozen=True)
class Votes:
    """The newest vote of each answered ballot, n of them, in the order in which they were given.

    ``sources`` are the S names. A slot holds a *holding*: mostly one source; near-twins that were
    merged before display hold several. ``members`` bool[H, S] says which.
    ``film``, ``patient``, ``reader`` int[n] are numbers from 0; a film without a patient is one of
    its own. ``slots`` int[n, K] holds the holding in each slot, −1 where there is no such slot.
    ``chosen`` bool[n, K]; ``word`` int[n] is 0 where slots were chosen, else 1 + its place in
    `WORDS`. ``worst``, ``guess`` int[n] are slots or −1 (no worst; “don't know”), −2 where the
    guess was not answered. ``repeat`` int[n] is above 0 for a hidden repeat. ``sitting`` int[n]
    (from 1) and ``seconds`` float[n] are −1 and nan where unknown. ``sure`` int[n]: 1, 0, −1
    unknown. ``native``, ``blank``, ``drew`` bool[n]: shown without normalisation; drawn before any
    proposal was seen; with a drawing.
    """

    sources: tuple[str, ...]
    members: Bools
    film: Ints
    patient: Ints
    reader: Ints
    slots: Ints
    chosen: Bools
    word: Ints
    worst: Ints
    guess: Ints
    repeat: Ints
    sitting: Ints
    seconds: Floats
    sure: Ints
    native: Bools
    blank: Bools
    drew: Bools

    def __len__(self) -> int:
        return len(self.film)

    def where(self, wanted: Bools) -> "Votes":
        """Return the votes for which ``wanted`` bool[n] is true."""
        kept: dict[str, Any] = {
            field.name: getattr(self, field.name)[wanted]
            for field in fields(self)
            if field.name not in ("sources", "members")
        }
        return replace(self, **kept)

    @cached_property
    def shares(self) -> Floats:
        """float[n, K]: each chosen slot's share of its vote; a tie of m gives 1/m to each."""
        share: Floats = self.chosen / np.maximum(self.chosen.sum(axis=1, keepdims=True), 1)
        return share

    @cached_property
    def categories(self) -> Floats:
        """float[n, H + 3]: the vote over holdings, then `WORDS`. Rows sum to 1."""
        found = np.zeros((len(self), len(self.members) + len(WORDS)))
        rows, columns = np.nonzero(self.chosen)
        np.add.at(found, (rows, self.slots[rows, columns]), self.shares[rows, columns])
        words = np.flatnonzero(self.word)
        found[words, len(self.members) + self.word[words] - 1] = 1
        return found

    @cached_property
    def credits(self) -> Floats:
        """float[n, S]: what each source gets of the vote; merged near-twins each get all of it."""
        gained: Floats = self.categories[:, : len(self.members)] @ self.members.astype(np.float64)
        return gained

    @cached_property
    def choice_made(self) -> Bools:
        """bool[n]: one slot or a tie was chosen."""
        made: Bools = self.word == 0
        return made

    def holding_at(self, positions: Ints) -> Ints:
        """Return the holding that stood at ``positions`` int[n]; −1 where that is negative."""
        width = max(self.slots.shape[1], 1)
        found = self.slots[np.arange(len(self)), np.clip(positions, 0, width - 1)]
        return np.where(positions >= 0, found, MISSING)
