"""Make ``app/twins/basis.npz``: the directions in which films differ and displaced windows do not.

    python scripts/twin_basis.py DATA [--leave-out NAMES.txt]

DATA is a folder of layouts (as ../shared/data). Linear discriminants (Fisher 1936): each class is
one window of one film, its members the same window displaced by up to half a step of
`app.twins.windows.PARTS`, stretched and turned. Films and their mirror images are both seen, so the
directions part into even and odd ones; covariances are about zero, so a film and its inverse count
the same.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, ndimage

from app.films.decode import decode
from app.films.layout import read_layout
from app.films.limits import Limits
from app.films.voi import luminance
from app.twins.fingerprint import SIDE, fingerprint
from app.twins.windows import BASIS, CELLS, normal

FILMS = 1500
MEMBERS = 6
TURN = 5.0  # degrees
STEP = 0.05  # how far an edge of a window may be off
EVEN, ODD = 56, 40
STEADY = 1e-4  # added to the covariance, as a share of its mean eigenvalue


def main() -> None:
    """Read films, find the directions, write them."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("data", type=Path)
    asked.add_argument("--leave-out", type=Path, help="a file with a film's name a line")
    said = asked.parse_args()
    left_out = set(said.leave_out.read_text("utf-8").split("\n")) if said.leave_out else set()
    chance = np.random.default_rng(1)
    prints = _prints(said.data, left_out, chance)
    between, total = _scatters(prints, chance)
    even = _directions(between, total, parity=1, count=EVEN)
    odd = _directions(between, total, parity=-1, count=ODD)
    np.savez_compressed(BASIS, even=even.astype(np.float16), odd=odd.astype(np.float16))
    print(f"{BASIS}: {EVEN} even and {ODD} odd directions from {len(prints)} films")


def _prints(
    data: Path, left_out: set[str], chance: np.random.Generator
) -> list[NDArray[np.float32]]:
    layouts = sorted(table.parent for table in data.glob("*/films.csv"))
    entries = [entry for layout in layouts for entry in read_layout(layout)]
    entries = [entry for entry in entries if entry.name not in left_out]
    chosen = chance.choice(len(entries), min(FILMS, len(entries)), replace=False)
    prints = []
    for index in sorted(chosen):
        entry = entries[index]
        film = decode(entry.path.read_bytes(), name=entry.name, limits=Limits.default())
        prints.append(np.asarray(fingerprint(luminance(film)) / 255, np.float32))
    return prints


def _scatters(
    prints: list[NDArray[np.float32]], chance: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the scatter [256, 256] between classes, and in all."""
    within = np.zeros((CELLS**2, CELLS**2))
    total = np.zeros((CELLS**2, CELLS**2))
    for picture in [*prints, *prints]:
        for seen in (picture, picture[:, ::-1]):
            cells = _members(seen, chance)
            for members in (cells, cells[..., ::-1]):  # the same class mirrored: parity is exact
                vectors = normal(members).astype(np.float64)
                total += vectors.T @ vectors / MEMBERS
                off = vectors - vectors.mean(0)
                within += off.T @ off / (MEMBERS - 1)
    return total - within, total


def _members(picture: NDArray[np.float32], chance: np.random.Generator) -> NDArray[np.float32]:
    """Return one window of a film and how it looks a little off, [members, 16, 16]."""
    length = chance.uniform(0.7, 1, 2) if chance.random() < 0.7 else np.ones(2)
    start = chance.uniform(0, 1 - length)
    found = []
    for _ in range(MEMBERS):
        ends = np.stack([start, start + length])
        if chance.random() < 0.8:
            ends = ends + chance.uniform(-STEP, STEP, (2, 2))
        turn = np.deg2rad(chance.uniform(-TURN, TURN)) if chance.random() < 0.4 else 0.0
        found.append(_window(picture, ends, turn))
    return np.array(found, np.float32)


def _window(
    picture: NDArray[np.float32], ends: NDArray[np.float64], turn: float
) -> NDArray[np.float32]:
    centre, length = ends.mean(0), ends[1] - ends[0]
    place = (np.arange(2 * CELLS) + 0.5) / (2 * CELLS) - 0.5
    down, across = np.meshgrid(place * length[0], place * length[1], indexing="ij")
    rows = centre[0] + np.cos(turn) * down - np.sin(turn) * across
    columns = centre[1] + np.sin(turn) * down + np.cos(turn) * across
    where = [rows * SIDE - 0.5, columns * SIDE - 0.5]
    fine = ndimage.map_coordinates(picture, where, order=1, mode="nearest")
    return np.asarray(fine.reshape(CELLS, 2, CELLS, 2).mean((1, 3)), np.float32)


def _directions(
    between: NDArray[np.float64], total: NDArray[np.float64], *, parity: int, count: int
) -> NDArray[np.float64]:
    """Return the best directions [256, count] among pictures that are even (1) or odd (-1)."""
    half = np.eye(CELLS // 2)
    side = np.concatenate([half, parity * half[::-1]]) / np.sqrt(2)  # [16, 8] of one row
    space = np.kron(np.eye(CELLS), side)  # [256, 128]
    inside, all_of = space.T @ between @ space, space.T @ total @ space
    all_of += STEADY * np.trace(all_of) / len(all_of) * np.eye(len(all_of))
    kept, vectors = linalg.eigh(inside, all_of)
    best = np.argsort(-kept)[:count]
    scale = np.sqrt(np.maximum(kept[best], 0) * np.trace(total))
    return np.asarray(space @ vectors[:, best] * scale)


if __name__ == "__main__":
    main()
