"""The networks that answer together, and what they answer on one film.

Several networks are one by the mean of their calibrated probabilities, as in
`app.maps.infection_map.make_map`; a test compares both.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.masks.components import without_specks
from app.networks.folds import file_for
from app.networks.manifest import Manifest, NetworkEntry, NetworkInput, Operating
from app.networks.predict import Grid, Network, open_file, sigmoid
from app.networks.registry import choose, entry_of, read_trained_on
from app.networks.scaling import to_input, to_native

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Panel:
    """Networks opened for one film, each by the file that never saw it."""

    networks: tuple[Network, ...]
    operating: Operating

    @property
    def grid(self) -> tuple[int, int]:
        """The finest grid (rows, columns) on which one of the networks reads a film."""
        return max((network.entry.input.grid for network in self.networks), key=math.prod)

    def logits(self, grey: Grid) -> list[Grid]:
        """Return each network's logits [h, w], on its own grid, of a luminance [H, W]."""
        # Networks that read films alike share one input: scaling a large film costs most.
        made: dict[NetworkInput, Grid] = {}
        found = []
        for network in self.networks:
            reads = network.entry.input
            if reads not in made:
                made[reads] = to_input(grey, grid=reads.grid, low=reads.low, high=reads.high)
            found.append(network.logits_of(made[reads]))
        return found

    def probability(
        self, logits: Sequence[Grid], shape: tuple[int, int], *, calibrated: bool = True
    ) -> Grid:
        """Return the mean probability [H, W] at native shape; not calibrated means T = 1."""
        total = np.zeros(shape, np.float32)
        for network, grid in zip(self.networks, logits, strict=True):
            temperature = network.entry.operating.temperature if calibrated else 1.0
            total += to_native(sigmoid(grid, temperature=temperature), shape)
        return total / np.float32(len(self.networks))

    def mask(self, probability: Grid) -> Mask:
        """Return the mask of a probability [H, W] at native size."""
        point = self.operating
        return without_specks(probability >= point.threshold, fraction=point.specks)


def entries_of(manifest: Manifest, said: str) -> tuple[NetworkEntry, ...]:
    """Return the networks that ``said`` names: one of either task, or several for infection.

    Names and stages are parted by commas. Raises `NetworkUnknown`.
    """
    names = [name.strip() for name in said.split(",") if name.strip()]
    lungs = {entry.name for entry in manifest.networks if entry.task == "lungs"}
    if len(names) == 1 and names[0] in lungs:
        return (entry_of(manifest, names[0]),)
    return tuple(choose(manifest, names))


def panel_for(
    models: Path,
    entries: Sequence[NetworkEntry],
    operating: Operating,
    *,
    pixels_sha: str,
    near: str = "",
    threads: int,
) -> Panel:
    """Return the panel for a film; raises `InFold` if one of them has learnt from it.

    ``operating`` is the networks' point together, ``near`` the film's near code: the same view in
    another file counts as the film.
    """
    networks = []
    for entry in entries:
        file = file_for(entry, read_trained_on(models, entry), pixels_sha, near)
        networks.append(open_file(models, entry, file, threads=threads))
    return Panel(tuple(networks), operating)
