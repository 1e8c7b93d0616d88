"""The networks that make the map of one film, opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from app.films.pixels import FilmPixels
from app.maps.infection_map import InfectionMap, make_map
from app.networks.folds import default_file, file_for
from app.networks.manifest import Manifest, NetworkEntry, Operating, read_manifest
from app.networks.predict import Network, open_file
from app.networks.refusals import InFold, NetworkUnknown
from app.networks.registry import choose, lungs_entry, read_trained_on
from app.networks.together import operating_of


@dataclass(frozen=True)
class Team:
    """Infection networks, the lung network if there is one, and who has learnt from the film."""

    networks: tuple[Network, ...]
    lungs: Network | None
    learnt_from: tuple[str, ...]
    operating: Operating | None = None  # of the infection networks together

    def map_of(self, film: FilmPixels) -> InfectionMap:
        """Return the film's map."""
        return make_map(film, self.networks, self.lungs, operating=self.operating)


@dataclass(frozen=True)
class Roster:
    """Which networks make maps; for each film, each sends the file that never saw it.

    A map is no proposal: where only files are left that learnt from the film, the map is made all
    the same and says so.
    """

    models: Path
    manifest: Manifest
    entries: tuple[NetworkEntry, ...]
    threads: int

    @classmethod
    def read(
        cls, models: Path, names: Sequence[str], *, threads: int, lungs_only: bool = False
    ) -> Self:
        """Return the roster of ``names`` (networks or stages; none: the latest stage there is).

        With ``lungs_only`` there need not be an infection network. Raises `NetworkUnknown` and
        `NetworkRefused`.
        """
        manifest = read_manifest(models)
        entries = [] if lungs_only else choose(manifest, names or default_names(manifest))
        return cls(models=models, manifest=manifest, entries=tuple(entries), threads=threads)

    def team(self, pixels_sha: str, near: str = "", *, with_lungs: bool = True) -> Team:
        """Return the opened networks for one film; ``near`` is its near code."""
        networks = [self._opened(entry, pixels_sha, near) for entry in self.entries]
        lungs = None
        entry = lungs_entry(self.manifest) if with_lungs else None
        if entry is not None:
            lungs, seen = self._opened(entry, pixels_sha, near)
            networks.append((lungs, seen))
        return Team(
            networks=tuple(network for network, _ in networks if network is not lungs),
            lungs=lungs,
            learnt_from=tuple(network.name for network, seen in networks if seen),
            operating=operating_of(self.manifest, self.entries) if self.entries else None,
        )

    def lungs(self, pixels_sha: str, near: str = "") -> Network:
        """Return the lung network for one film; raises `NetworkUnknown` where there is none."""
        entry = lungs_entry(self.manifest)
        if entry is None:
            raise NetworkUnknown('The manifest has no lung network (task = "lungs").')
        return self._opened(entry, pixels_sha, near)[0]

    def _opened(self, entry: NetworkEntry, pixels_sha: str, near: str) -> tuple[Network, bool]:
        """Return the network's file for the film, and whether it learnt from the film."""
        trained = read_trained_on(self.models, entry)
        try:
            file, seen = file_for(entry, trained, pixels_sha, near), False
        except InFold:
            file, seen = default_file(entry), True
        return open_file(self.models, entry, file, threads=self.threads), seen


def default_names(manifest: Manifest) -> list[str]:
    """Return the stage whose networks make maps when none are named: the latest there is."""
    stages = {stage for entry in manifest.networks for stage in entry.stages}
    return ["stage2" if 2 in stages else "stage1"]
