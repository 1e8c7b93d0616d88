"""The maps of all films of a folder, written as files."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.films.decode import decode
from app.films.layout import FilmEntry
from app.films.limits import Limits
from app.films.pixels import FilmPixels
from app.maps.forms import mask_png, overlay_png
from app.maps.infection_map import InfectionMap
from app.maps.numbers import MapNumbers, numbers_of
from app.maps.targets import Kind, Outputs, Target
from app.maps.team import Roster
from app.masks.codec import to_png
from app.networks.refusals import NetworkUnknown
from app.problems import Problem


@dataclass(frozen=True)
class Mapped:
    """One film done: what was written, or why nothing was."""

    name: str
    written: tuple[Path, ...]
    refusal: str = ""


@dataclass(frozen=True)
class FolderMapper:
    """Makes the maps of many films with the networks of one roster."""

    roster: Roster
    outputs: Outputs
    limits: Limits

    def map_all(self, targets: Sequence[Target]) -> Iterator[Mapped]:
        """Write the maps of each film; a film that is refused is named and the rest goes on.

        Files appear whole or not at all, so stopping and starting again does no harm.
        """
        for target in targets:
            try:
                film = read_film_file(target.entry, self.limits)
                files = self._draw(film, target.stem)
                for path, data in files.items():
                    write_whole(path, data)
            except Problem as problem:
                yield Mapped(target.entry.name, (), refusal=f"{problem.sentence} {problem.cure}")
            except OSError as error:
                yield Mapped(target.entry.name, (), refusal=f"{error}.")
            else:
                yield Mapped(target.entry.name, tuple(files))

    def rehearse(self) -> None:
        """Open the networks, so that what is wrong with them is said once, and not a film."""
        if self.outputs.lungs_only:
            self.roster.lungs("")
        else:
            self.roster.team("")

    def _draw(self, film: FilmPixels, stem: str) -> dict[Path, bytes]:
        """Return what is written for one film."""
        sha = film.sha256()
        if self.outputs.lungs_only:
            lungs = self.roster.lungs(sha).mask(film)
            return {self.outputs.picture("lungs", stem): to_png(lungs)}
        team = self.roster.team(sha, with_lungs=not self.outputs.masks_only)
        found = team.map_of(film)
        about = numbers_of(found, learnt_from=team.learnt_from, masks=False)
        files = {
            self.outputs.picture(kind, stem): _picture(kind, found, film, about)
            for kind in self.outputs.kinds
        }
        if self.outputs.numbers:
            files[self.outputs.json(stem)] = about.model_dump_json(indent=1).encode()
        return files


def _picture(kind: Kind, found: InfectionMap, film: FilmPixels, about: MapNumbers) -> bytes:
    if kind == "overlay":
        return overlay_png(found, film, "cividis", about)
    mask = found.mask if kind == "mask" else found.lungs
    if mask is None:
        raise NetworkUnknown("The manifest has no lung network, so there are no lungs to write.")
    return mask_png(mask, about)


def read_film_file(entry: FilmEntry, limits: Limits) -> FilmPixels:
    """Return the film of a layout's entry; raises what `read_layout` or `decode` refuses."""
    if entry.refusal is not None:
        raise entry.refusal
    # A file that is far too large is not even read.
    limits.check_bytes(entry.path.stat().st_size)
    return decode(entry.path.read_bytes(), name=entry.name, limits=limits)


def write_whole(path: Path, data: bytes) -> None:
    """Write ``data`` so that a reader sees the old file or the whole new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        unfinished.write_bytes(data)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
