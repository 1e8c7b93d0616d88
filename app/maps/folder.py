"""The maps of all films of a folder, written as files."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.films.decode import decode
from app.films.limits import Limits
from app.films.opening import ahead, read_bytes
from app.films.pixels import FilmPixels
from app.films.prints import near_code_of
from app.films.refusals import FilmRefused
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

        The next films are decoded while one is mapped. Files appear whole or not at all, so
        stopping and starting again does no harm.
        """
        for target, film in zip(targets, ahead(self._read, targets), strict=True):
            yield self._map(target, film) if isinstance(film, FilmPixels) else film

    def rehearse(self) -> None:
        """Open the networks, so that what is wrong with them is said once, and not a film."""
        if self.outputs.lungs_only:
            self.roster.lungs("")
        else:
            self.roster.team("")

    def _read(self, target: Target) -> FilmPixels | Mapped:
        entry = target.entry
        try:
            if entry.refusal is not None:
                raise entry.refusal
            data = read_bytes(entry.path, name=entry.name, limits=self.limits)
            return decode(data, name=entry.name, limits=self.limits)
        except FilmRefused as refused:
            return Mapped(entry.name, (), refusal=refused.reason)

    def _map(self, target: Target, film: FilmPixels) -> Mapped:
        try:
            files = self._draw(film, target.stem)
            for path, data in files.items():
                write_whole(path, data)
        except Problem as problem:
            return Mapped(target.entry.name, (), refusal=f"{problem.sentence} {problem.cure}")
        except OSError as error:
            return Mapped(target.entry.name, (), refusal=f"{error}.")
        return Mapped(target.entry.name, tuple(files))

    def _draw(self, film: FilmPixels, stem: str) -> dict[Path, bytes]:
        """Return what is written for one film."""
        sha, near = film.sha256(), near_code_of(film)
        if self.outputs.lungs_only:
            lungs = self.roster.lungs(sha, near).mask(film)
            return {self.outputs.picture("lungs", stem): to_png(lungs)}
        team = self.roster.team(sha, near, with_lungs=not self.outputs.masks_only)
        found = team.map_of(film)
        about = numbers_of(found, learnt_from=team.learnt_from)
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


def write_whole(path: Path, data: bytes) -> None:
    """Write ``data`` so that a reader sees the old file or the whole new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        unfinished.write_bytes(data)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
