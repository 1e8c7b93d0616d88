"""Smooth masks drawn by chance, for adversaries to look at."""

import numpy as np
from numpy.typing import NDArray

from app.probe.rounds import Round

Mask = NDArray[np.bool_]


def smooth_mask(rng: np.random.Generator, side: int = 96) -> Mask:
    """A star-shaped region with three gentle waves: bool[side, side]."""
    rows, columns = np.mgrid[:side, :side]
    centre = rng.uniform(0.4, 0.6, 2) * side
    angle = np.arctan2(rows - centre[0], columns - centre[1])
    reach = np.hypot(rows - centre[0], columns - centre[1]) / side
    edge = rng.uniform(0.18, 0.28) + sum(
        rng.uniform(0, 0.03) * np.cos(wave * angle + rng.uniform(0, 6)) for wave in (2, 3, 4)
    )
    inside: Mask = reach <= edge
    return inside


def with_stair_steps(mask: Mask) -> Mask:
    """The mask on a grid of half the size, blown up again: every step is two cells long."""
    return np.kron(mask[::2, ::2], np.ones((2, 2), np.bool_))


def rounds(count: int, *, told: bool, seed: int = 3, each: int = 4) -> list[Round]:
    """Ballots of ``each`` smooth masks; ``told``: the hand-drawn one has stair steps."""
    rng = np.random.default_rng(seed)
    made = []
    for number in range(count):
        masks = [smooth_mask(rng) for _ in range(each)]
        found = int(rng.integers(each))
        if told:
            masks[found] = with_stair_steps(masks[found])
        made.append(Round(f"film-{number}", f"patient-{number // 2}", tuple(masks), found))
    return made
