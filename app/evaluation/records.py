"""What is kept of each film while the next is read: numbers, never pictures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.evaluation.rewritten import Writing
from app.evaluation.shortcuts import Condition
from app.masks.measures import Confusion
from app.networks.scoring import ScoredFilm

Values = NDArray[np.float64]
LungsFrom = Literal["drawn", "network", "none"]


@dataclass(frozen=True)
class Tolerance:
    """How far a boundary may lie off for the NSD, in native pixels and in millimetres."""

    pixels: float = 2.0
    millimetres: float = 2.0


@dataclass(frozen=True)
class Distances:
    """HD95 (infinite where one mask is empty) and NSD, in pixels, and in mm if spacing is known."""

    hd95: float
    nsd: float
    hd95_mm: float | None = None
    nsd_mm: float | None = None


@dataclass(frozen=True)
class FilmResult:
    """One film.

    ``reliability`` is [2, 3, BINS]: `app.evaluation.calibration.binned` at T = 1 and at the
    manifest's temperature, within the lungs if ``lungs_from`` is not "none". ``by_threshold`` is
    [2, thresholds]: pixels hit and pixels claimed. ``altered`` holds the score of detection under
    each condition that could be made, ``rewritten`` the counts of the same film written otherwise.
    """

    name: str
    source: str
    view: str
    patient: str
    patient_known: bool
    shape: tuple[int, int]
    counts: Confusion
    distances: Distances
    lungs_from: LungsFrom
    reliability: Values
    by_threshold: Values
    altered: Mapping[Condition, float] = field(default_factory=dict)
    rewritten: Mapping[Writing, Confusion] = field(default_factory=dict)

    @property
    def scored(self) -> ScoredFilm:
        """The film as the measures of a network's card take it."""
        return ScoredFilm(self.name, self.patient, self.counts)

    @property
    def has_truth(self) -> bool:
        """Say whether anything was drawn on the film."""
        return self.scored.has_truth

    @property
    def score(self) -> float:
        """The mask's area as a fraction of the film: the score of detection."""
        return self.scored.area

    @property
    def drawn_area(self) -> float:
        """The drawn mask's area as a fraction of the film."""
        counts = self.counts
        return (counts.true_positive + counts.false_negative) / (self.shape[0] * self.shape[1])

    @property
    def claims_nothing(self) -> bool:
        """Say whether the network's mask is empty."""
        return self.score == 0
