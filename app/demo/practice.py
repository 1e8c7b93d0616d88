"""The practice round: three films that no patient ever had, with masks of which all is known. Pure.

Each is made from its seed, the same on every machine, and kept in memory once it was asked for.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from app.demo.phantom import Phantom, hand_drawn, phantom
from app.masks.measures import dice

Mask = NDArray[np.bool_]

SIZE = (512, 512)


@dataclass(frozen=True)
class Lesson:
    """What a film is made from and what it teaches. ``best`` is the slot that fits, if any."""

    seed: int
    best: int | None


LESSONS = (Lesson(seed=13, best=1), Lesson(seed=18, best=None), Lesson(seed=8, best=None))
"""Choose; none will do, so draw; nothing is there."""


@dataclass(frozen=True)
class PracticeFilm:
    """A film with what was planted in it, and the candidates in slot order."""

    drawn: Phantom
    candidates: tuple[Mask, ...]
    best: int | None

    @property
    def healthy(self) -> bool:
        """Whether nothing was planted."""
        return not self.drawn.infection.any()

    def overlap(self, mask: Mask) -> float | None:
        """Return the Dice of ``mask`` with what was planted; nothing where nothing was."""
        return None if self.healthy else dice(mask, self.drawn.infection)


@cache
def practice_film(number: int) -> PracticeFilm:
    """Return film ``number`` of the round, counted from 1."""
    lesson = LESSONS[number - 1]
    drawn = phantom(lesson.seed, size=SIZE)
    wrong = _wrong(drawn)
    if lesson.best is not None:
        wrong.insert(lesson.best, hand_drawn(drawn, lesson.seed))
    return PracticeFilm(drawn, tuple(wrong[:4]), lesson.best)


def _wrong(drawn: Phantom) -> list[Mask]:
    """Return masks that do not fit, each within the lungs: elsewhere, too little, too much."""
    rows, columns = np.indices(SIZE)
    upper = drawn.lungs & (rows < np.nonzero(drawn.lungs)[0].mean())
    lower = drawn.lungs & ~upper
    halves = [lower & (columns < SIZE[1] // 2), lower & (columns >= SIZE[1] // 2)]
    corner = min(halves, key=lambda half: int((half & drawn.infection).sum()))
    source = drawn.infection if drawn.infection.any() else corner
    higher = np.roll(source, -SIZE[0] // 6, axis=0) & drawn.lungs & ~drawn.infection
    mirrored = np.fliplr(source) & drawn.lungs & ~drawn.infection
    return [higher, upper, corner, mirrored]
