"""The networks that make the map of one film, opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.films.pixels import FilmPixels
from app.maps.infection_map import InfectionMap, make_map
from app.networks.folds import default_file, file_for
from app.networks.manifest import Manifest, NetworkEntry, NetworkFile
from app.networks.predict import Network, open_file
from app.networks.refusals import InFold
from app.networks.registry import choose, lungs_entry, read_trained_on


@dataclass(frozen=True)
class Team:
    """Infection networks, the lung network if there is one, and who has learnt from the film."""

    networks: tuple[Network, ...]
    lungs: Network | None
    learnt_from: tuple[str, ...]

    def map_of(self, film: FilmPixels) -> InfectionMap:
        """Return the film's map."""
        return make_map(film, self.networks, self.lungs)


def default_names(manifest: Manifest) -> list[str]:
    """Return the stage whose networks make maps when none are named: the latest there is."""
    stages = {stage for entry in manifest.networks for stage in entry.stages}
    return ["stage2" if 2 in stages else "stage1"]


def team_for(
    models: Path,
    manifest: Manifest,
    *,
    names: Sequence[str],
    pixels_sha: str,
    threads: int,
) -> Team:
    """Return the networks ``names`` for one film, each by its file that never saw it.

    A map is no proposal: where only files are left that learnt from the film, the map is made all
    the same and says so. Raises `NetworkUnknown` and `NetworkRefused`.
    """
    learnt_from = []

    def opened(entry: NetworkEntry) -> Network:
        file, seen = _file(models, entry, pixels_sha)
        if seen:
            learnt_from.append(entry.name)
        return open_file(models, entry, file, threads=threads)

    networks = tuple(opened(entry) for entry in choose(manifest, names or default_names(manifest)))
    lungs = lungs_entry(manifest)
    return Team(
        networks=networks,
        lungs=opened(lungs) if lungs else None,
        learnt_from=tuple(learnt_from),
    )


def _file(models: Path, entry: NetworkEntry, pixels_sha: str) -> tuple[NetworkFile, bool]:
    try:
        return file_for(entry, read_trained_on(models, entry), pixels_sha), False
    except InFold:
        return default_file(entry), True
