"""How much of the lungs a mask covers. Pure.

A measure of extent only: it grades neither pattern nor density, which a mask does not hold, and
is therefore none of the radiological scores that do.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.maps.regions import ZONES, split_lungs, thirds

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class LungExtent:
    """One lung: percent covered, its grade 0 to 4, and the percent of its three zones."""

    percent: float
    grade: int
    zones: dict[str, float]


@dataclass(frozen=True)
class Extent:
    """Both lungs. A lung that was not found is None, and then so is the sum of the grades."""

    percent: float
    right: LungExtent | None
    left: LungExtent | None

    @property
    def grades(self) -> int | None:
        """The sum of the two lungs' grades, 0 to 8."""
        if self.right is None or self.left is None:
            return None
        return self.right.grade + self.left.grade


def measure(mask: Mask, lungs: Mask) -> Extent | None:
    """Return 100·|mask ∩ lungs| / |lungs|, and the same a lung and a zone.

    ``mask`` and ``lungs`` are bool[H, W]; None where no lung was found.
    """
    if not lungs.any():
        return None
    right, left = split_lungs(lungs)
    return Extent(
        percent=covered(mask, lungs), right=_of_lung(mask, right), left=_of_lung(mask, left)
    )


def covered(mask: Mask, part: Mask) -> float:
    """Return the percent of ``part`` that ``mask`` covers; an empty part is not covered: 0."""
    size = np.count_nonzero(part)
    return float(100 * np.count_nonzero(mask & part) / size) if size else 0.0


def grade(percent: float) -> int:
    """Return 0 for none, 1 below 25 %, 2 below 50 %, 3 up to 75 %, 4 above."""
    if percent <= 0:
        return 0
    return 1 + (percent >= 25) + (percent >= 50) + (percent > 75)


def _of_lung(mask: Mask, lung: Mask) -> LungExtent | None:
    if not lung.any():
        return None
    percent = covered(mask, lung)
    zones = {name: covered(mask, zone) for name, zone in zip(ZONES, thirds(lung), strict=True)}
    return LungExtent(percent=percent, grade=grade(percent), zones=zones)
