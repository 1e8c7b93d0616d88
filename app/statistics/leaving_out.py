"""What the strengths would be without one reader or another: does the result hang on one? Pure."""

from dataclasses import dataclass

import numpy as np

from app.statistics.strengths import fit, model_of, shares_of, tellable
from app.statistics.votes import Votes

MOST = 200
"""Of more readers none weighs much."""


@dataclass(frozen=True)
class Without:
    """The ``strengths`` of the sources from the ``choices`` of all readers but ``reader``."""

    reader: int
    choices: int
    strengths: list[float]


def without_each(votes: Votes) -> list[Without]:
    """Return the strengths without each reader in turn; nothing for one reader, or for very many.

    A reader is left out only where the others chose a slot at all.
    """
    readers = np.unique(votes.reader)
    if not 2 <= len(readers) <= MOST or not tellable(votes):
        return []
    model = model_of(votes)
    size = model.possible.size
    kept = model.outcome >= 0
    cells = [
        np.bincount(model.outcome[kept & (votes.reader != one)], minlength=size) for one in readers
    ]
    counts = np.array(cells, np.float64)
    found = fit(model, counts)
    split = model.source_basis.shape[1]
    strengths = shares_of(found[:, :split] @ model.source_basis.T)
    return [
        Without(int(one), int(count.sum()), [float(value) for value in own])
        for one, count, own in zip(readers, counts, strengths, strict=True)
        if count.sum()
    ]
