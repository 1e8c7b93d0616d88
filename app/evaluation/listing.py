"""Which films of several folders are measured, and from which source each is."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import ClassVar

from app.films.layout import FilmEntry, read_layout
from app.problems import Problem

# "covid_12.jpg" and "sub-S03068_ses-E06.jpg": letters, then what counts the films of that source.
PREFIX = re.compile(r"^([A-Za-z]{2,}[_-]?)(?=.*\d)")
SMALLEST_SHARE = 0.05


class NoSuchSplit(Problem):
    """A folder has splits, but none of this name."""

    code: ClassVar[str] = "no-such-split"


@dataclass(frozen=True)
class ListedFilm:
    """A film of a folder: its name is unique among all, its source is a folder or a part of it."""

    entry: FilmEntry
    name: str
    folder: str
    source: str

    @property
    def patient(self) -> str:
        """Whose it is; a film of an unknown patient stands for itself."""
        return self.entry.patient_id or self.name


@dataclass(frozen=True)
class LeftOut:
    """A film that is not scored, and why."""

    name: str
    reason: str


def list_films(
    folders: Sequence[Path], *, split: str | None = None, with_notes: bool = False
) -> tuple[list[ListedFilm], list[LeftOut]]:
    """Return the films of all folders, and those left out because they carry a note.

    ``split`` takes only the films of that split; a folder that has no splits gives all its films.
    Raises `NoSuchSplit`, and what `read_layout` raises.
    """
    listed: list[ListedFilm] = []
    noted: list[LeftOut] = []
    for folder, title in zip(folders, _titles(folders), strict=True):
        entries = _of_split(read_layout(folder), split, title)
        sources = _sources([entry.name for entry in entries], title)
        for entry, source in zip(entries, sources, strict=True):
            name = f"{title}/{entry.name}" if len(folders) > 1 else entry.name
            if entry.note and not with_notes:
                noted.append(LeftOut(name, f"its note says: {entry.note}"))
            else:
                listed.append(ListedFilm(entry, name, title, source))
    return listed, noted


def _of_split(entries: list[FilmEntry], split: str | None, title: str) -> list[FilmEntry]:
    known = sorted({entry.split for entry in entries if entry.split})
    if split is None or not known:
        return entries
    if split not in known:
        raise NoSuchSplit(
            f"No film of {title} is in the split {split!r}.",
            cure=f"Its splits are: {', '.join(known)}.",
        )
    return [entry for entry in entries if entry.split == split]


def _titles(folders: Sequence[Path]) -> list[str]:
    """Return a short name a folder; where two share one, both are numbered."""
    names = [
        folder.resolve().stem if folder.is_file() else folder.resolve().name for folder in folders
    ]
    counts = Counter(names)
    return [
        f"{name} ({number})" if counts[name] > 1 else name for number, name in enumerate(names, 1)
    ]


def _sources(names: Sequence[str], title: str) -> list[str]:
    """Return the source of each film: the folder, and the prefix that many of its names share."""
    prefixes = [_prefix(name) for name in names]
    counts = Counter(prefix for prefix in prefixes if prefix)
    common = {prefix for prefix, count in counts.items() if count >= SMALLEST_SHARE * len(names)}
    if len(common) < 2 and not (common and counts[next(iter(common))] < len(names)):
        return [title for _ in names]
    return [f"{title}: {p}" if p in common else f"{title}: others" for p in prefixes]


def _prefix(name: str) -> str | None:
    found = PREFIX.match(PurePosixPath(name).name)
    return found[1] if found else None
