"""All maps of one film: the infection map, the activation maps, and what speaks for infection."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.evaluation.shortcuts import lungs_blanked
from app.films.pixels import FilmPixels
from app.films.voi import luminance
from app.maps.team import Roster
from app.networks.folds import default_file, file_for
from app.networks.manifest import NetworkEntry, read_manifest
from app.networks.predict import Network, open_file
from app.networks.registry import entry_of, lungs_entry, read_trained_on
from app.networks.scaling import to_input, to_native
from app.training.activation_maps import ActivationMapper
from app.training.config import TrainingConfig
from app.training.sources import Source, read_mask, read_pixels

Map = NDArray[np.float32]
Mask = NDArray[np.bool_]

INFECTION_MAP = "infection map"
IN_THE_LUNGS = ", in the lungs"
ALL_OF_THE_LUNGS = "all of the lungs"  # no map at all: what knowing where lungs are is worth


@dataclass(frozen=True)
class Speaking:
    """What speaks for infection on a film: the mask's share of it, and the classifier's logit."""

    area: float
    logit: float


@dataclass(frozen=True)
class FilmMaps:
    """A film, its drawn mask and its maps, all [H, W] at native size.

    ``lungs`` is None where there is no lung network, and empty where it found none; ``blanked``,
    what still speaks for infection when the lungs are painted over, is None in both cases, and
    where nothing lies around the lungs.
    """

    source: Source
    film: FilmPixels
    truth: Mask
    lungs: Mask | None
    maps: dict[str, Map]
    seen: Speaking
    blanked: Speaking | None

    def each(self) -> Iterator[tuple[str, Map]]:
        """Yield every map by name: as it is and, where there is a lung network, in the lungs.

        Where it found no lungs, the map stays as it is.
        """
        for name, values in self.maps.items():
            yield name, values
            if self.lungs is not None:
                kept = self.lungs if self.lungs.any() else np.ones_like(self.lungs)
                yield name + IN_THE_LUNGS, np.where(kept, values, np.float32(0))
        if self.lungs is not None:
            yield ALL_OF_THE_LUNGS, self.lungs.astype(np.float32)


@dataclass(frozen=True)
class MapRoom:
    """The networks that make the maps of films: one of the roster, its lungs, and a classifier."""

    roster: Roster
    config: TrainingConfig
    grid: tuple[int, int]
    mapper: ActivationMapper

    @property
    def entry(self) -> NetworkEntry:
        """Return the network whose infection maps are compared."""
        return self.roster.entries[0]

    @property
    def lungs_entry(self) -> NetworkEntry | None:
        """Return the lung network, if there is one."""
        return lungs_entry(self.roster.manifest)

    def network_for(self, film: FilmPixels, *, tuning: bool) -> Network:
        """Return the file that never saw the film; raises `InFold`. Tuning films may be known."""
        file = default_file(self.entry)
        if not tuning:
            trained = read_trained_on(self.roster.models, self.entry)
            file = file_for(self.entry, trained, film.sha256())
        return open_file(self.roster.models, self.entry, file, threads=self.roster.threads)

    def maps_of(self, source: Source, *, tuning: bool = False) -> FilmMaps:
        """Return a film with all its maps; raises `InFold` where the network learnt from it."""
        film = read_pixels(source)
        network = self.network_for(film, tuning=tuning)
        lungs = self.roster.lungs(film.sha256()).mask(film) if self.lungs_entry else None
        grey = luminance(film)
        probability = network.probability(film)
        reads = self._input(grey)
        native = {name: to_native(m, film.shape) for name, m in self._activations(reads)}
        seen = Speaking(float(network.mask_of(probability).mean()), self.mapper.logit(reads))
        painted = None if lungs is None else lungs_blanked(grey, lungs)
        return FilmMaps(
            source=source,
            film=film,
            truth=read_mask(source, film.shape),
            lungs=lungs,
            maps={INFECTION_MAP: probability} | native,
            seen=seen,
            blanked=None if painted is None else self._blanked(network, painted),
        )

    def _activations(self, reads: Map) -> Iterator[tuple[str, Map]]:
        for kind, values in self.mapper.maps(reads).items():
            yield str(kind), values

    def _input(self, grey: Map) -> Map:
        return to_input(grey, grid=self.grid, low=self.config.low, high=self.config.high)

    def _blanked(self, network: Network, painted: Map) -> Speaking:
        """Return what both networks say of the film with its lungs painted over."""
        reads = network.entry.input
        given = to_input(painted, grid=reads.grid, low=reads.low, high=reads.high)
        native = to_native(network.probability_of(given), painted.shape)
        area = float(network.mask_of(native).mean())
        return Speaking(area, self.mapper.logit(self._input(painted)))


def map_room(
    models: Path,
    name: str,
    *,
    config: TrainingConfig,
    grid: tuple[int, int],
    mapper: ActivationMapper,
    threads: int,
) -> MapRoom:
    """Return the room of the manifest's network ``name``, its lung network and a classifier."""
    manifest = read_manifest(models)
    roster = Roster(models, manifest, (entry_of(manifest, name),), threads)
    return MapRoom(roster, config, grid, mapper)
