"""The second stage of the search: one film laid over another, and how well they agree there.

A candidate part is placed in the whole by its detail (`placing`), then an affine map (a crop,
another aspect, a small turn) is improved until the detail agrees best: Gauss-Newton with the
gradients of the fixed picture (Baker and Matthews 2004), coarse to fine. The score is the
correlation of fine detail over what both films show.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.twins.candidates import Candidates
from app.twins.detail import Grid, detail
from app.twins.fingerprint import SIDE, Fingerprints
from app.twins.placing import Maps, place

AT_ONCE = 64  # pairs, so that the arrays stay in the cache
LEAST_SHARED = 0.4  # of the part's area that both films must show
LARGEST_STEP = 0.1
STEADY = 1e-3  # of Gauss-Newton's matrix, as a share of its mean eigenvalue
FINE_REACH = 2.0  # cells of 64; anatomy is alike in all chests, ribs and vessels are not


@dataclass(frozen=True)
class _Level:
    cells: int
    reach: float  # of the detail, in cells
    steps: int
    least: float  # agreement below which a pair is given up


LEVELS = (_Level(32, 1.92, 4, 0.74), _Level(64, 2.56, 5, -1))


@dataclass(frozen=True)
class Aligned:
    """Pairs laid over each other: the maps from part to whole, agreement and shared area."""

    maps: Maps
    score: Grid  # [n], correlation −1 … 1; 0 where a pair was given up
    shared: Grid  # [n], share of the part's area


def align(pairs: Candidates, parts: Fingerprints, wholes: Fingerprints) -> Aligned:
    """Lay the films of pairs over each other; parts and wholes are uint8 [n, 64, 64]."""
    aligned = Aligned(
        np.zeros((len(pairs), 2, 3)),
        np.zeros(len(pairs), np.float32),
        np.zeros(len(pairs), np.float32),
    )
    for start in range(0, len(pairs), AT_ONCE):
        some = slice(start, start + AT_ONCE)
        found = _align(pairs.chosen(some), parts, wholes)
        aligned.maps[some], aligned.score[some] = found.maps, found.score
        aligned.shared[some] = found.shared
    return aligned


def _align(pairs: Candidates, parts: Fingerprints, wholes: Fingerprints) -> Aligned:
    fixed = parts[pairs.part]
    fixed = np.where(pairs.mirrored[:, None, None], fixed[:, :, ::-1], fixed)
    fixed = np.where(pairs.inverted[:, None, None], 255 - fixed, fixed)
    still, other = _at(fixed, SIDE), _at(wholes[pairs.of], SIDE)
    maps = place(still, other, pairs.window).maps
    live = np.arange(len(pairs))
    for level in LEVELS:
        if not len(live):
            break
        coarse, below = _at(fixed[live], level.cells), _at(wholes[pairs.of[live]], level.cells)
        maps[live], agreed = _climb(coarse, below, maps[live], level)
        live = live[agreed > level.least]
    score = np.zeros(len(pairs), np.float32)
    shared = np.zeros(len(pairs), np.float32)
    if len(live):
        score[live], shared[live] = _agreement(still[live], other[live], maps[live])
    return Aligned(maps, score, shared)


def _at(prints: Fingerprints, cells: int) -> Grid:
    each = SIDE // cells
    pictures = prints.astype(np.float32) / 255
    split = pictures.reshape(-1, cells, each, cells, each)
    return np.asarray(split.mean((2, 4)), np.float32)


def _grid(cells: int) -> Grid:
    """Return the places (row, column, 1) of cell centres, float32 [3, cells²]."""
    place_ = (np.arange(cells, dtype=np.float32) + 0.5) / cells
    down, across = np.meshgrid(place_, place_, indexing="ij")
    return np.stack([down.ravel(), across.ravel(), np.ones(cells**2, np.float32)])


def _climb(still: Grid, other: Grid, maps: Maps, level: _Level) -> tuple[Maps, Grid]:
    """Return the best maps [n, 2, 3] found on the way up from maps, and their agreement [n]."""
    change, steep = _slopes(detail(still, reach=level.reach))
    target = detail(still, reach=level.reach).reshape(len(still), -1)
    kept, best = maps.copy(), np.full(len(maps), -2, np.float32)
    for step in range(level.steps + 1):
        seen, inside = _seen_through(other, maps)
        # The detail anew in every step: its reach is to be the same in both pictures.
        looks = detail(seen, reach=level.reach).reshape(target.shape) * inside
        sought = target * inside
        power, common = _inner(looks, looks), _inner(looks, sought)
        agreed = common / np.sqrt(np.maximum(power * _inner(sought, sought), 1e-9))
        agreed[inside.mean(1) < LEAST_SHARED] = -2
        better = agreed > best
        best[better], kept[better] = agreed[better], maps[better]
        if step < level.steps:
            gain = np.maximum(common / np.maximum(power, 1e-6), 0.1)
            error = looks * gain[:, None] - sought
            maps = _stepped(maps, np.linalg.solve(steep, change @ error[:, :, None])[:, :, 0])
    return kept, best


def _slopes(fixed: Grid) -> tuple[Grid, Grid]:
    """Return how pictures [n, c, c] change with each number of a map about the centre.

    That is [n, 6, c²], and Gauss-Newton's matrix of it [n, 6, 6].
    """
    count, cells = fixed.shape[:2]
    down, across = np.gradient(fixed, axis=1), np.gradient(fixed, axis=2)
    slopes = np.stack([down, across], 1).reshape(count, 2, 1, -1) * cells
    about = _grid(cells) - np.array([[0.5], [0.5], [0]], np.float32)
    change = (slopes * about).reshape(count, 6, -1)
    steep = change @ change.transpose(0, 2, 1)
    steady = STEADY / 6 * np.trace(steep, axis1=1, axis2=2)
    steep += (steady[:, None, None] + 1e-6) * np.eye(6, dtype=np.float32)
    return np.asarray(change, np.float32), np.asarray(steep, np.float32)


def _inner(one: Grid, two: Grid) -> Grid:
    return np.asarray(np.einsum("np,np->n", one, two), np.float32)


def _stepped(maps: Maps, step: Grid) -> Maps:
    """Return maps ∘ (identity + step)⁻¹, the step [n, 6] being about the centre."""
    turn = np.clip(step, -LARGEST_STEP, LARGEST_STEP).astype(np.float64).reshape(-1, 2, 3)
    turn[:, :, 2] -= turn[:, :, :2].sum(2) / 2
    last = np.broadcast_to(np.array([0.0, 0, 1]), (len(maps), 1, 3))
    small = np.concatenate([np.eye(3)[:2] + turn, last], 1)
    return np.asarray(maps @ np.linalg.inv(small))


def _seen_through(pictures: Grid, maps: Maps) -> tuple[Grid, Grid]:
    """Return pictures [n, c, c] through maps, bilinear, and where that is inside: [n, c²]."""
    count, cells = len(pictures), pictures.shape[-1]
    places = maps.astype(np.float32) @ _grid(cells)  # [n, 2, c²]
    inside = ((places > 0) & (places < 1)).all(1)
    places = np.clip(places * cells - 0.5, 0, cells - 1.001)
    corner = places.astype(np.int32)
    rest = places - corner
    down, across = rest[:, 0], rest[:, 1]
    film = np.arange(count, dtype=np.int32)[:, None] * cells**2
    first = film + corner[:, 0] * cells + corner[:, 1]
    flat = pictures.ravel()
    upper = flat[first] * (1 - across) + flat[first + 1] * across
    lower = flat[first + cells] * (1 - across) + flat[first + cells + 1] * across
    seen = upper * (1 - down) + lower * down
    return np.asarray(seen.reshape(pictures.shape), np.float32), np.asarray(inside, np.float32)


def _agreement(still: Grid, other: Grid, maps: Maps) -> tuple[Grid, Grid]:
    """Return the correlation of fine detail over what both show, and how much of still that is."""
    seen, inside = _seen_through(other, maps)
    one, two = (_centred(detail(film, reach=FINE_REACH), inside) for film in (still, seen))
    size = np.sqrt(_inner(one, one) * _inner(two, two))
    shared = np.asarray(inside.mean(1), np.float32)
    score = _inner(one, two) / np.maximum(size, 1e-6)
    return np.where(shared >= LEAST_SHARED, score, 0).astype(np.float32), shared


def _centred(fine: Grid, inside: Grid) -> Grid:
    flat = fine.reshape(inside.shape)
    mean = (flat * inside).sum(1) / np.maximum(inside.sum(1), 1)
    return np.asarray((flat - mean[:, None]) * inside, np.float32)
