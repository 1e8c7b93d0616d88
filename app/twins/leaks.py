"""Films, patients and splits that should not meet, and do. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from app.twins.search import Twin

Crossing = Literal["", "splits", "folders"]
"""What a leak crosses: nothing, two splits of one folder, or two folders."""


@dataclass(frozen=True)
class SeenFilm:
    """What is known of a film; unknown words are empty."""

    folder: str
    name: str
    pixels_sha256: str
    patient: str
    split: str

    @property
    def place(self) -> str:
        """Return folder and split in words."""
        return f"{self.folder} ({self.split})" if self.split else self.folder


@dataclass(frozen=True)
class Pair:
    """Two films that are one picture. ``words`` say what differs."""

    first: SeenFilm
    second: SeenFilm
    same_pixels: bool
    score: float
    words: str

    @property
    def crosses(self) -> Crossing:
        """Return what the pair crosses."""
        return crossing([self.first, self.second])


@dataclass(frozen=True)
class Leaks:
    """All that was found.

    ``torn`` are patients whose films stand on two sides, with those films; ``shared`` are pairs
    of one picture under two patient ids.
    """

    pairs: tuple[Pair, ...]
    torn: dict[str, tuple[SeenFilm, ...]]
    shared: tuple[Pair, ...]

    @property
    def crossing(self) -> bool:
        """Say whether anything crosses splits or folders."""
        return bool(self.torn) or any(pair.crosses for pair in self.pairs)


def leaks(films: Sequence[SeenFilm], twins: Sequence[Twin]) -> Leaks:
    """Return what films, and the twins found among them, give away."""
    pairs = tuple(_same_pixels(films) + _near(films, twins))
    return Leaks(
        pairs=pairs,
        torn=_torn(films),
        shared=tuple(pair for pair in pairs if _two_patients(pair)),
    )


def crossing(films: Sequence[SeenFilm]) -> Crossing:
    """Return what a set of films that belong together crosses."""
    if len({film.folder for film in films}) > 1:
        return "folders"
    return "splits" if len({film.split for film in films}) > 1 else ""


def _same_pixels(films: Sequence[SeenFilm]) -> list[Pair]:
    alike: dict[str, list[SeenFilm]] = defaultdict(list)
    for film in films:
        alike[film.pixels_sha256].append(film)
    return [
        Pair(first, second, same_pixels=True, score=1.0, words="the same pixels")
        for group in alike.values()
        for first, second in combinations(group, 2)
    ]


def _near(films: Sequence[SeenFilm], twins: Sequence[Twin]) -> list[Pair]:
    found = [(films[twin.first], films[twin.second], twin) for twin in twins]
    return [
        Pair(first, second, same_pixels=False, score=twin.score, words=twin.change.words())
        for first, second, twin in found
        if first.pixels_sha256 != second.pixels_sha256
    ]


def _torn(films: Sequence[SeenFilm]) -> dict[str, tuple[SeenFilm, ...]]:
    of: dict[str, list[SeenFilm]] = defaultdict(list)
    for film in films:
        if film.patient:
            of[film.patient].append(film)
    return {patient: tuple(own) for patient, own in of.items() if crossing(own)}


def _two_patients(pair: Pair) -> bool:
    one, other = pair.first.patient, pair.second.patient
    return bool(one and other and one != other)
