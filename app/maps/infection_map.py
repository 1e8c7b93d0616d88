"""One film's infection map: probability, mask, lungs, extent, detection, and where it came from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app import __version__
from app.films.pixels import FilmPixels
from app.films.voi import luminance
from app.maps.extent import Extent, measure
from app.masks.components import without_specks
from app.networks.manifest import NetworkInput, Operating
from app.networks.predict import Grid, Network
from app.networks.scaling import to_input, to_native
from app.networks.together import mean_point

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Detection:
    """Yes or no. ``score`` is the mask's area as a fraction of the film.

    Sensitivity and specificity were measured at ``threshold`` on ``measured_on``; for the mean of
    networks that were never measured together they are None. ``any_pixel`` is the paper's rule.
    """

    infected: bool
    score: float
    threshold: float
    any_pixel: bool
    sensitivity: float | None
    specificity: float | None
    measured_on: str


@dataclass(frozen=True)
class Thresholds:
    """The probability from which a pixel is inside, and the smallest part (share of the film)."""

    probability: float
    specks: float


@dataclass(frozen=True)
class InfectionMap:
    """All of it at the film's native size [H, W], in (row, column) order.

    ``probability`` is float32 0 … 1, calibrated, the mean of the networks; ``mask`` is the
    networks' mask, ``lungs`` None where no lung network was asked. ``extent_range`` is the
    (smallest, largest) extent in percent of the single networks.
    """

    probability: Grid
    mask: Mask
    lungs: Mask | None
    extent: Extent | None
    extent_range: tuple[float, float] | None
    detection: Detection
    film_sha: str
    networks: list[tuple[str, str]]
    lungs_network: tuple[str, str] | None
    thresholds: Thresholds
    version: str = __version__

    @property
    def claimed(self) -> Mask:
        """The mask within the lungs: outside them nothing is claimed."""
        return self.mask if self.lungs is None else self.mask & self.lungs


def make_map(
    film: FilmPixels,
    networks: Sequence[Network],
    lungs: Network | None = None,
    *,
    operating: Operating | None = None,
) -> InfectionMap:
    """Return the map of ``film`` by the mean of ``networks`` (one at least).

    ``operating`` is their point together; where it is not given, the mean of their points.
    """
    read = _Reader(film)
    each = [to_native(network.probability_of(read(network)), film.shape) for network in networks]
    probability = _mean(each)
    point = operating or mean_point([network.entry for network in networks])
    mask = without_specks(probability >= point.threshold, fraction=point.specks)
    lung_mask = None
    if lungs is not None:
        lung_mask = lungs.mask_of(to_native(lungs.probability_of(read(lungs)), film.shape))
    return InfectionMap(
        probability=probability,
        mask=mask,
        lungs=lung_mask,
        extent=None if lung_mask is None else measure(mask, lung_mask),
        extent_range=_extent_range(networks, each, lung_mask),
        detection=_detect(mask, point),
        film_sha=film.sha256(),
        networks=[(network.name, network.sha256) for network in networks],
        lungs_network=None if lungs is None else (lungs.name, lungs.sha256),
        thresholds=Thresholds(probability=point.threshold, specks=point.specks),
    )


def _mean(each: Sequence[Grid]) -> Grid:
    if len(each) == 1:
        return each[0]
    total = each[0].copy()
    for probability in each[1:]:
        total += probability
    return total / np.float32(len(each))


class _Reader:
    """Networks that read films alike share one input: scaling a large film costs most."""

    def __init__(self, film: FilmPixels) -> None:
        self._luminance = luminance(film)
        self._made: dict[NetworkInput, Grid] = {}

    def __call__(self, network: Network) -> Grid:
        reads = network.entry.input
        if reads not in self._made:
            self._made[reads] = to_input(
                self._luminance, grid=reads.grid, low=reads.low, high=reads.high
            )
        return self._made[reads]


def _detect(mask: Mask, point: Operating) -> Detection:
    score = float(np.count_nonzero(mask) / mask.size)
    return Detection(
        infected=score > 0 and score >= point.detection_threshold,
        score=score,
        threshold=point.detection_threshold,
        any_pixel=score > 0,
        sensitivity=point.sensitivity,
        specificity=point.specificity,
        measured_on=point.measured_on,
    )


def _extent_range(
    networks: Sequence[Network], each: Sequence[Grid], lungs: Mask | None
) -> tuple[float, float] | None:
    if lungs is None or not lungs.any():
        return None
    size = np.count_nonzero(lungs)
    covered = [
        float(100 * np.count_nonzero(network.mask_of(probability) & lungs) / size)
        for network, probability in zip(networks, each, strict=True)
    ]
    return min(covered), max(covered)
