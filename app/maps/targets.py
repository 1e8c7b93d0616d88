"""Where the maps of a folder's films are written. Pure but for looking at paths.

A map is named by its film's stem. Where two films share one, both keep their folder, and if that
is not enough their whole name, so that none is written over another.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from app.films.layout import FilmEntry
from app.problems import Problem

Kind = Literal["mask", "lungs", "overlay"]


class WouldOverwrite(Problem):
    """A map would be written over a film, a hand-drawn mask or another map."""

    code = "would-overwrite"


@dataclass(frozen=True)
class Outputs:
    """What is written a film: pictures of these kinds, and the numbers.

    The first kind asked for (mask, lungs, overlay) goes to OUT itself, further ones to folders
    of their own below it: OUT/lungs, OUT/overlay.
    """

    out: Path
    kinds: tuple[Kind, ...]
    numbers: bool = False

    @property
    def masks_only(self) -> bool:
        """Say whether nothing is asked for which the lungs would have to be known."""
        return self.kinds == ("mask",) and not self.numbers

    @property
    def lungs_only(self) -> bool:
        """Say whether nothing is asked for which infection would have to be known."""
        return self.kinds == ("lungs",) and not self.numbers

    def folder(self, kind: Kind) -> Path:
        """Return the folder of one kind."""
        return self.out if kind == self.kinds[0] else self.out / kind

    def picture(self, kind: Kind, stem: str) -> Path:
        """Return the path of one film's picture."""
        return self.folder(kind) / f"{stem}.png"

    def json(self, stem: str) -> Path:
        """Return the path of one film's numbers."""
        return self.out / f"{stem}.json"

    def paths(self, stem: str) -> list[Path]:
        """Return all that is written for one film."""
        pictures = [self.picture(kind, stem) for kind in self.kinds]
        return pictures + ([self.json(stem)] if self.numbers else [])


@dataclass(frozen=True)
class Target:
    """A film and the name, below OUT and without suffix, under which its maps are written."""

    entry: FilmEntry
    stem: str


def targets(entries: Sequence[FilmEntry], outputs: Outputs) -> list[Target]:
    """Return a target a film; raises `WouldOverwrite` where OUT and the films are the same files.

    Files below OUT are the maps of an earlier run, and are no films.
    """
    out = outputs.out.resolve()
    films = [entry for entry in entries if not _lies_below(entry.path, out)]
    if len(films) < len(entries) and not films:
        raise WouldOverwrite(
            f"All films lie in {outputs.out} itself.", cure="Name another folder with --out."
        )
    found = [Target(film, stem) for film, stem in zip(films, _stems(films), strict=True)]
    _refuse_overwriting(found, outputs)
    return found


def _lies_below(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder)


def _stems(films: Sequence[FilmEntry]) -> list[str]:
    names = [PurePosixPath(film.name) for film in films]
    ways: list[Callable[[PurePosixPath], str]] = [
        lambda name: name.stem,
        lambda name: name.with_suffix("").as_posix(),
        lambda name: name.as_posix(),
    ]
    stems: list[str | None] = [None] * len(names)
    for way in ways:
        # Some file systems do not tell upper case from lower.
        counts = Counter(way(name).casefold() for name in names)
        for number, name in enumerate(names):
            if stems[number] is None and counts[way(name).casefold()] == 1:
                stems[number] = way(name)
    return [stem or name.as_posix() for stem, name in zip(stems, names, strict=True)]


def _refuse_overwriting(found: Sequence[Target], outputs: Outputs) -> None:
    taken = {
        path.resolve()
        for target in found
        for path in (target.entry.path, *target.entry.masks.values())
    }
    for target in found:
        for path in outputs.paths(target.stem):
            if path.resolve() in taken:
                raise WouldOverwrite(
                    f"{path} would be written over for the film {target.entry.name}.",
                    cure="Name another folder with --out, or rename the film.",
                )
            taken.add(path.resolve())
