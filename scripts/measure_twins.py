"""How often a changed film is known again, and what it costs: the tables of docs/leaks.md.

    python scripts/measure_twins.py DATA [--films 400]

Films are drawn from all layouts of DATA (as ../shared/data) by a fixed seed, each is changed in
every way and by six pairs of ways, and compared with itself. Found means: by `twins_between` at its
threshold, and by the near code at its own.
"""

from __future__ import annotations

import argparse
import io
import itertools
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.films.decode import decode
from app.films.layout import FilmEntry, read_layout
from app.films.limits import Limits
from app.films.voi import luminance
from app.twins.fingerprint import fingerprint
from app.twins.near import SAME_VIEW, likeness, near_code, read_codes
from app.twins.search import SAME, twins_between

Grey = NDArray[np.uint8]
Chance = np.random.Generator
Change = Callable[[Grey, Chance], Grey]
PAIRS = 6  # of changes, of each film


def _cropped(share: float) -> Change:
    def crop(grey: Grey, chance: Chance) -> Grey:
        rows, columns = (round(side * share) for side in grey.shape)
        top = chance.integers(0, grey.shape[0] - rows + 1)
        left = chance.integers(0, grey.shape[1] - columns + 1)
        return grey[top : top + rows, left : left + columns]

    return crop


def _gamma(power: float) -> Change:
    return lambda grey, _: np.asarray(np.rint((grey / 255.0) ** power * 255), np.uint8)


def _jpeg(grey: Grey, _: Chance) -> Grey:
    file = io.BytesIO()
    Image.fromarray(grey).save(file, "JPEG", quality=30)
    return np.asarray(Image.open(file))


def _windowed(grey: Grey, chance: Chance) -> Grey:
    low, high = np.percentile(grey, (chance.uniform(5, 20), chance.uniform(80, 95)))
    inside = np.clip((grey - low) / max(high - low, 1e-6), 0, 1)
    return np.asarray(np.rint(inside * 255), np.uint8)


def _turned(grey: Grey, chance: Chance) -> Grey:
    degrees = 5 if chance.random() < 0.5 else -5
    return np.asarray(Image.fromarray(grey).rotate(degrees, Image.Resampling.BILINEAR))


def _halved(grey: Grey, _: Chance) -> Grey:
    return np.asarray(Image.fromarray(grey).reduce(2))


CHANGES: dict[str, Change] = {
    "mirrored": lambda grey, _: np.ascontiguousarray(grey[:, ::-1]),
    "inverted": lambda grey, _: 255 - grey,
    "half the size": _halved,
    "gamma 0.5": _gamma(0.5),
    "gamma 2": _gamma(2),
    "window clipped at 5 … 20 % and 80 … 95 %": _windowed,
    "cropped to 90 % of each side": _cropped(0.9),
    "cropped to 80 %": _cropped(0.8),
    "cropped to 70 %": _cropped(0.7),
    "turned by 5 degrees": _turned,
    "JPEG, quality 30": _jpeg,  # last, as encoding comes last
}


def main() -> None:
    """Change films, look for them, print what was found."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("data", type=Path)
    asked.add_argument("--films", type=int, default=400)
    said = asked.parse_args()
    chance = np.random.default_rng(5)
    layouts = sorted(table.parent for table in said.data.glob("*/films.csv"))
    share = said.films // len(layouts)
    found: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    seconds: list[float] = []
    for layout in layouts:
        entries = read_layout(layout)
        for place in chance.choice(len(entries), min(share, len(entries)), replace=False):
            _measure(_grey(entries[place]), chance, found, seconds)
    _print(found, seconds)


def _grey(entry: FilmEntry) -> Grey:
    film = decode(entry.path.read_bytes(), name=entry.name, limits=Limits.default())
    grey = luminance(film)
    low, high = float(grey.min()), float(grey.max())
    return np.asarray(np.rint((grey - low) / max(high - low, 1e-6) * 255), np.uint8)


def _measure(
    grey: Grey,
    chance: Chance,
    found: dict[str, list[tuple[bool, bool]]],
    seconds: list[float],
) -> None:
    start = time.process_time()
    original = fingerprint(grey.astype(np.float32))
    code = read_codes([near_code(original)])[0]
    seconds.append(time.process_time() - start)
    both = list(itertools.combinations(CHANGES, 2))
    ways: list[tuple[str, ...]] = [(name,) for name in CHANGES]
    ways += [both[place] for place in chance.choice(len(both), PAIRS, replace=False)]
    prints = []
    for way in ways:
        changed = grey
        for name in way:
            changed = CHANGES[name](changed, chance)
        prints.append(fingerprint(changed.astype(np.float32)))
    known = {twin.first for twin in twins_between(np.array(prints), original[np.newaxis])}
    near = likeness(code, read_codes([near_code(one) for one in prints])) >= SAME_VIEW
    for place, way in enumerate(ways):
        kind = way[0] if len(way) == 1 else "two changes"
        found[kind].append((place in known, bool(near[place])))


def _print(found: dict[str, list[tuple[bool, bool]]], seconds: list[float]) -> None:
    print(f"| change | films | found (agreement ≥ {SAME}) | by the near code (≥ {SAME_VIEW}) |")
    print("| --- | --- | --- | --- |")
    single = [row for kind, rows in found.items() if kind != "two changes" for row in rows]
    for kind, rows in [*found.items(), ("all single changes", single)]:
        search, code = np.array(rows).mean(0)
        print(f"| {kind} | {len(rows)} | {search:.1%} | {code:.1%} |")
    print(f"\nfingerprint and near code: {1000 * np.median(seconds):.1f} ms of processor time")


if __name__ == "__main__":
    main()
