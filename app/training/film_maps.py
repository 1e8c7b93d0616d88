"""All maps of one film: the infection map, the activation maps, and what speaks for infection."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from app.films.pixels import FilmPixels
from app.films.voi import luminance
from app.networks.folds import default_file, file_for
from app.networks.manifest import NetworkEntry, read_manifest
from app.networks.predict import Network, open_file
from app.networks.refusals import InFold
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
WIDENED = 0.03


@dataclass(frozen=True)
class Speaking:
    """What speaks for infection on a film: the mask's share of it, and the classifier's logit."""

    area: float
    logit: float


@dataclass(frozen=True)
class FilmMaps:
    """A film, its drawn mask and its maps, all [H, W] at native size.

    ``lungs`` is None where there is no lung network, and empty where it found none; ``blanked``,
    what still speaks for infection when the lungs are painted over, is None in both cases.
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
    """The networks that make the maps of films."""

    models: Path
    entry: NetworkEntry
    lungs_entry: NetworkEntry | None
    config: TrainingConfig
    grid: tuple[int, int]
    mapper: ActivationMapper
    threads: int

    def network_for(self, film: FilmPixels, *, tuning: bool) -> Network:
        """Return the file that never saw the film; raises `InFold`. Tuning films may be known."""
        file = default_file(self.entry)
        if not tuning:
            file = file_for(self.entry, read_trained_on(self.models, self.entry), film.sha256())
        return open_file(self.models, self.entry, file, threads=self.threads)

    def maps_of(self, source: Source, *, tuning: bool = False) -> FilmMaps:
        """Return a film with all its maps; raises `InFold` where the network learnt from it."""
        film = read_pixels(source)
        network = self.network_for(film, tuning=tuning)
        lungs = self._lungs(film)
        grey = luminance(film)
        probability = network.probability(film)
        reads = self._input(grey)
        native = {name: to_native(m, film.shape) for name, m in self._activations(reads)}
        seen = Speaking(float(network.mask_of(probability).mean()), self.mapper.logit(reads))
        blanked = None
        if lungs is not None and lungs.any():
            blanked = self._blanked(network, grey, lungs)
        return FilmMaps(
            source=source,
            film=film,
            truth=read_mask(source, film.shape),
            lungs=lungs,
            maps={INFECTION_MAP: probability} | native,
            seen=seen,
            blanked=blanked,
        )

    def _activations(self, reads: Map) -> Iterator[tuple[str, Map]]:
        for kind, values in self.mapper.maps(reads).items():
            yield str(kind), values

    def _input(self, grey: Map) -> Map:
        return to_input(grey, grid=self.grid, low=self.config.low, high=self.config.high)

    def _lungs(self, film: FilmPixels) -> Mask | None:
        """Return the lungs, by whichever file never saw the film if there is one."""
        entry = self.lungs_entry
        if entry is None:
            return None
        try:
            file = file_for(entry, read_trained_on(self.models, entry), film.sha256())
        except InFold:
            file = default_file(entry)
        return open_file(self.models, entry, file, threads=self.threads).mask(film)

    def _blanked(self, network: Network, grey: Map, lungs: Mask) -> Speaking:
        """Return what both networks say of the film with its lungs painted over."""
        painted = without_lungs(grey, lungs)
        reads = network.entry.input
        given = to_input(painted, grid=reads.grid, low=reads.low, high=reads.high)
        native = to_native(network.probability_of(given), grey.shape)
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
    return MapRoom(
        models=models,
        entry=entry_of(manifest, name),
        lungs_entry=lungs_entry(manifest),
        config=config,
        grid=grid,
        mapper=mapper,
        threads=threads,
    )


def without_lungs(grey: Map, lungs: Mask) -> Map:
    """Return a film's luminance [H, W] with the lungs in the median grey of what is around them.

    They are widened by `WIDENED` of the longer side first: their edge tells of them too.
    """
    wide = ndimage.distance_transform_edt(~lungs) <= round(WIDENED * max(lungs.shape))
    around = grey[~wide]
    return np.where(wide, np.float32(np.median(around if around.size else grey)), grey)
