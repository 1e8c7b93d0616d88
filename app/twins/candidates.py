"""The first stage of the search: which pairs of films are worth a close look."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.twins.detail import Grid
from app.twins.windows import WINDOWS, even_count

LIKELY = 0.57  # of a copy's descriptor and the best window of its original; see docs/leaks.md


@dataclass(frozen=True)
class Candidates:
    """Pairs in which film ``part`` looks like window ``window`` of film ``of``; [m] each.

    ``mirrored`` and ``inverted`` say how the part has to be turned for that.
    """

    part: NDArray[np.intp]
    of: NDArray[np.intp]
    window: NDArray[np.intp]
    mirrored: NDArray[np.bool_]
    inverted: NDArray[np.bool_]
    score: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.part)

    def chosen(self, which: NDArray[np.intp] | NDArray[np.bool_] | slice) -> Candidates:
        """Return some of the pairs."""
        return Candidates(*(getattr(self, name)[which] for name in self.__dataclass_fields__))


def candidates(sought: Grid, views: Grid, *, first: int = 0) -> Candidates:
    """Return the pairs in which a film may be a window of another.

    ``sought`` [n, k] are descriptors of whole films (`windows.whole`), ``views`` [b, 100, k] those
    of the windows of some films (`windows.windows`), which are numbered from ``first``.
    """
    even = even_count()
    block = len(views)
    flat = views.reshape(block * len(WINDOWS), -1)
    # Mirroring negates the odd half, inversion all: the best of the four is |even| + |odd|.
    blind = flat[:, :even] @ sought[:, :even].T
    handed = flat[:, even:] @ sought[:, even:].T
    score = np.abs(blind)
    score += np.abs(handed)
    per_film = score.reshape(block, len(WINDOWS), len(sought))
    of, part = np.nonzero(per_film.max(1) > LIKELY)
    window = per_film[of, :, part].argmax(1)
    row = of * len(WINDOWS) + window
    inverted = blind[row, part] < 0
    return Candidates(
        part=part,
        of=of + first,
        window=window,
        mirrored=inverted != (handed[row, part] < 0),
        inverted=inverted,
        score=score[row, part],
    )
