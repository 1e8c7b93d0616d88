"""From a film's native size to the grid on which candidates are shown.

All candidates of a film go through `normalise` with the same settings, so that neither stair
steps, specks nor holes tell a network's mask from a hand-drawn one.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, sparse

from app.masks.components import EIGHT_NEIGHBOURS, bounding_box

Mask = NDArray[np.bool_]
Coverage = NDArray[np.float32]

# Dropped specks may take, and filled holes may add, this share of a mask's area at most: a mask
# made of specks only is a finding, not noise, and stays as it is.
MAY_CHANGE = 0.01


def display_grid(shape: tuple[int, int], long_side: int = 768) -> tuple[int, int]:
    """Return the grid (rows, columns) for a film of ``shape``: never finer than the film."""
    scale = min(1.0, long_side / max(shape))
    return max(1, round(shape[0] * scale)), max(1, round(shape[1] * scale))


def to_grid(mask: Mask, grid: tuple[int, int]) -> Coverage:
    """Return ``float32[h, w]``: the share of each grid cell that ``mask`` covers, 0 to 1.

    Exact area averaging, so the covered area is the same on both rasters.
    """
    if mask.shape == grid:
        return mask.astype(np.float32)
    down = _averaging(mask.shape[0], grid[0])
    across = _averaging(mask.shape[1], grid[1])
    covered = (across @ (down @ mask.astype(np.float32)).T).T
    return np.ascontiguousarray(np.clip(covered, 0.0, 1.0))


def normalise(
    mask: Mask, grid: tuple[int, int], *, sigma: float, specks: float, holes: float
) -> Mask:
    """Return ``mask`` on the grid, ``bool[h, w]``, with smooth edges and the same area.

    Coverage → specks and holes below these fractions of the grid go → Gaussian of ``sigma`` grid
    cells → the cells of highest value, as many as the area asks for. The area is kept within 1 %
    (a tiny mask: within two cells). Empty stays empty and not-empty stays not-empty.
    """
    result = np.zeros(grid, np.bool_)
    coverage = to_grid(mask, grid)
    box = bounding_box(coverage, margin=round(4 * sigma) + 2)
    if box is None:
        return result
    inner = coverage[box]
    cells = grid[0] * grid[1]
    inner = _without_specks(inner, smallest=specks * cells)
    inner = _without_holes(inner, smallest=holes * cells)
    smooth = ndimage.gaussian_filter(inner, sigma, mode="nearest") if sigma > 0 else inner
    result[box] = _highest(smooth, count=max(1, round(float(inner.sum(dtype=np.float64)))))
    return result


def nearest(mask: Mask, shape: tuple[int, int]) -> Mask:
    """Return ``mask`` on a raster of ``shape``: each pixel takes the one that lies at its centre.

    Nothing is smoothed: steps stay steps.
    """
    rows, columns = (
        ((np.arange(new) + 0.5) * old / new).astype(np.intp)
        for old, new in zip(mask.shape, shape, strict=True)
    )
    chosen: Mask = mask[rows[:, None], columns]
    return chosen


def _averaging(fine: int, coarse: int) -> sparse.csr_array:
    """Return the sparse matrix [coarse, fine] that averages ``fine`` pixels into cells."""
    edges = np.linspace(0, fine, coarse + 1)
    pixel = np.arange(fine)
    first = np.minimum(np.searchsorted(edges, pixel, side="right") - 1, coarse - 1)
    last = np.minimum(np.searchsorted(edges, pixel + 1, side="left") - 1, coarse - 1)
    rows, columns, weights = [], [], []
    for step in range(int((last - first).max()) + 1):
        cell = np.minimum(first + step, last)
        overlap = np.minimum(edges[cell + 1], pixel + 1) - np.maximum(edges[cell], pixel)
        touched = first + step <= last
        rows.append(cell[touched])
        columns.append(pixel[touched])
        weights.append(overlap[touched] * coarse / fine)
    entries = (np.concatenate(weights), (np.concatenate(rows), np.concatenate(columns)))
    return sparse.csr_array(entries, shape=(coarse, fine), dtype=np.float32)


def _without_specks(coverage: Coverage, *, smallest: float) -> Coverage:
    """Return the coverage without components of an area below ``smallest`` cells."""
    labels, count = ndimage.label(coverage > 0, EIGHT_NEIGHBOURS)
    areas = _sums(labels, coverage, count)
    gone = _negligible(areas, smallest=smallest, total=float(areas.sum()))
    if not gone.any():
        return coverage
    return np.where(np.concatenate(([False], gone))[labels], np.float32(0), coverage)


def _without_holes(coverage: Coverage, *, smallest: float) -> Coverage:
    """Return the coverage with enclosed holes of an area below ``smallest`` cells filled."""
    labels, count = ndimage.label(coverage < 0.5)
    areas = _sums(labels, 1 - coverage, count)
    # What touches the border is outside, not a hole.
    border = np.concatenate((labels[0], labels[-1], labels[:, 0], labels[:, -1]))
    areas[np.setdiff1d(border, [0]) - 1] = np.inf
    gone = _negligible(areas, smallest=smallest, total=float(coverage.sum()))
    if not gone.any():
        return coverage
    return np.where(np.concatenate(([False], gone))[labels], np.float32(1), coverage)


def _sums(labels: NDArray[np.int32], values: Coverage, count: int) -> NDArray[np.float64]:
    """Return the sum of ``values`` over each of the components 1 to ``count``."""
    return np.bincount(labels.ravel(), values.ravel(), count + 1)[1:].astype(np.float64)


def _negligible(areas: NDArray[np.float64], *, smallest: float, total: float) -> Mask:
    """Return which components go: the smallest first, together `MAY_CHANGE` of ``total``."""
    order = np.argsort(areas, kind="stable")
    affordable = np.cumsum(areas[order]) <= MAY_CHANGE * total
    gone = np.zeros(areas.size, np.bool_)
    gone[order[affordable & (areas[order] < smallest)]] = True
    return gone


def _highest(values: Coverage, *, count: int) -> Mask:
    """Return the ``count`` cells of highest positive value; ties go to the earlier cells."""
    flat = values.ravel()
    positive = flat[flat > 0]
    count = min(count, positive.size)
    lowest = np.partition(positive, positive.size - count)[positive.size - count]
    chosen: Mask = flat > lowest
    ties = np.flatnonzero(flat == lowest)
    chosen[ties[: count - int(np.count_nonzero(chosen))]] = True
    return chosen.reshape(values.shape)
