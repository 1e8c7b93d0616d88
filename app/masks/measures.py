"""How alike two masks are. Masks are ``bool[H, W]`` of one size, in (row, column) order."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from app.masks.components import bounding_box

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Confusion:
    """Pixel counts of a mask against the truth. Counts of many films add up (pooled scores)."""

    true_positive: int
    false_positive: int
    false_negative: int
    true_negative: int

    def __add__(self, other: "Confusion") -> "Confusion":
        """Return the counts of both together."""
        return Confusion(
            self.true_positive + other.true_positive,
            self.false_positive + other.false_positive,
            self.false_negative + other.false_negative,
            self.true_negative + other.true_negative,
        )

    @property
    def dice(self) -> float:
        """2·TP / (2·TP + FP + FN); 1 where both masks are empty, for then they agree."""
        return _share(
            2 * self.true_positive,
            2 * self.true_positive + self.false_positive + self.false_negative,
        )

    @property
    def iou(self) -> float:
        """TP / (TP + FP + FN); 1 where both masks are empty."""
        return _share(
            self.true_positive, self.true_positive + self.false_positive + self.false_negative
        )

    @property
    def sensitivity(self) -> float:
        """TP / (TP + FN); 1 where there was nothing to find."""
        return _share(self.true_positive, self.true_positive + self.false_negative)

    @property
    def specificity(self) -> float:
        """TN / (TN + FP); 1 where there was nothing to spare."""
        return _share(self.true_negative, self.true_negative + self.false_positive)

    @property
    def accuracy(self) -> float:
        """(TP + TN) / all pixels."""
        right = self.true_positive + self.true_negative
        return _share(right, right + self.false_positive + self.false_negative)

    @property
    def precision(self) -> float:
        """TP / (TP + FP); 1 where nothing was claimed."""
        return _share(self.true_positive, self.true_positive + self.false_positive)


def confusion(mask: Mask, truth: Mask) -> Confusion:
    """Count the pixels of ``mask`` against ``truth``; raises ValueError where the sizes differ."""
    if mask.shape != truth.shape:
        raise ValueError(f"masks of {mask.shape} and {truth.shape} cannot be compared")
    both = int(np.count_nonzero(mask & truth))
    claimed, present = area(mask), area(truth)
    return Confusion(
        true_positive=both,
        false_positive=claimed - both,
        false_negative=present - both,
        true_negative=mask.size - claimed - present + both,
    )


def area(mask: Mask) -> int:
    """Return the number of pixels inside."""
    return int(np.count_nonzero(mask))


def dice(a: Mask, b: Mask) -> float:
    """Return 2·|A∩B| / (|A|+|B|), 0 to 1; two empty masks agree: 1."""
    return confusion(a, b).dice


def iou(a: Mask, b: Mask) -> float:
    """Return intersection over union, 0 to 1; two empty masks agree: 1."""
    return confusion(a, b).iou


@dataclass(frozen=True)
class BoundaryDistances:
    """From each boundary pixel of one mask to the nearest of the other, both ways.

    Boundary pixels are those inside with a 4-neighbour outside (beyond the raster is outside);
    distances run between pixel centres. Where the other mask is empty they are infinite.
    """

    from_a: NDArray[np.float64]
    from_b: NDArray[np.float64]

    def percentile(self, percent: float) -> float:
        """Return the larger of the two directed percentiles (interpolated linearly).

        100: the Hausdorff distance; 95: HD95. Two empty masks are 0 apart, an empty and another
        infinitely far.
        """
        if not self.from_a.size and not self.from_b.size:
            return 0.0
        if not self.from_a.size or not self.from_b.size:
            return float("inf")
        return max(float(np.percentile(each, percent)) for each in (self.from_a, self.from_b))

    def share_within(self, tolerance: float) -> float:
        """Return the share of all boundary pixels that have the other boundary within reach.

        The normalised surface distance, or surface Dice (Nikolov et al. 2018, boundary pixels
        counted and not weighted by contour length); two empty masks agree: 1.
        """
        near = np.count_nonzero(self.from_a <= tolerance)
        near += np.count_nonzero(self.from_b <= tolerance)
        return _share(int(near), self.from_a.size + self.from_b.size)


def boundary_distances(
    a: Mask, b: Mask, *, spacing: tuple[float, float] = (1.0, 1.0)
) -> BoundaryDistances:
    """Return the distances between the boundaries, in the unit of ``spacing`` (row, column)."""
    if a.shape != b.shape:
        raise ValueError(f"masks of {a.shape} and {b.shape} cannot be compared")
    box = bounding_box(a | b)
    if box is None:
        nothing = np.empty(0)
        return BoundaryDistances(nothing, nothing)
    edge_a, edge_b = boundary(a[box]), boundary(b[box])
    return BoundaryDistances(
        _to_nearest(edge_b, spacing)[edge_a], _to_nearest(edge_a, spacing)[edge_b]
    )


def hd95(a: Mask, b: Mask, *, spacing: tuple[float, float] = (1.0, 1.0)) -> float:
    """Return the larger of the two directed 95th percentiles of `boundary_distances`."""
    return boundary_distances(a, b, spacing=spacing).percentile(95)


def nsd(a: Mask, b: Mask, *, tolerance: float, spacing: tuple[float, float] = (1.0, 1.0)) -> float:
    """Return the share, 0 to 1, of both boundaries that lies within ``tolerance`` of the other.

    Tolerance and spacing (row, column) are in one unit. Two empty masks agree: 1; an empty and
    another: 0.
    """
    return boundary_distances(a, b, spacing=spacing).share_within(tolerance)


def _to_nearest(edge: Mask, spacing: tuple[float, float]) -> NDArray[np.float64]:
    """Return each pixel's distance to the nearest of ``edge``; without any, infinity."""
    if not edge.any():
        return np.full(edge.shape, np.inf)
    distances: NDArray[np.float64] = ndimage.distance_transform_edt(~edge, sampling=spacing)
    return distances


def boundary(mask: Mask) -> Mask:
    """Return the pixels inside that have a 4-neighbour outside."""
    boundary: Mask = mask & ~ndimage.binary_erosion(mask)
    return boundary


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
