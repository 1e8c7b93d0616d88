"""The operating point of several networks together, chosen and measured on a recipe's films.

The recipe says which films tune and which test, as it did for the networks that it trained. A film
that one of the networks has learnt from tunes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.evaluation.panel import Panel
from app.films.pixels import FilmPixels
from app.films.prints import near_code_of
from app.films.voi import luminance
from app.networks.folds import default_file
from app.networks.manifest import NetworkEntry, Operating
from app.networks.predict import Grid, open_file
from app.networks.registry import read_trained_on
from app.networks.scoring import Evaluation, ScoredFilm, evaluate
from app.problems import Problem
from app.training.evaluation import scored
from app.training.operating import OperatingPoint, best, trials_of
from app.training.runs import Prepared
from app.training.sources import Source, read_mask, read_pixels

BOOTSTRAP_SEED = 1


class NothingToTune(Problem):
    """No film is left to choose thresholds on."""

    code = "nothing-to-tune"


@dataclass(frozen=True)
class Tuned:
    """What was chosen on how many films, and how well it does on films that chose nothing."""

    point: OperatingPoint
    films: int
    left_out: int  # tuning films that a network has learnt from
    measured: Evaluation


@dataclass(frozen=True)
class Tuner:
    """Networks of the folder ``models`` that answer together."""

    models: Path
    entries: Sequence[NetworkEntry]
    threads: int

    def tune(self, prepared: Prepared, *, after_film: Callable[[], None] = lambda: None) -> Tuned:
        """Choose the point on the tuning films and measure it on the test films.

        Raises NothingToTune where no tuning film with a mask is left.
        """
        sources, parts = prepared.sources, prepared.parts
        tried = [
            trials_of(probability, truth)
            for _, probability, truth in self._answers(sources, parts.tune, after_film)
        ]
        if not any(trials.marked for trials in tried):
            raise NothingToTune(
                "No film with a mask is left to choose thresholds on.",
                cure="Give the recipe's [data] a tune_share, and networks that did not learn "
                "from these films.",
            )
        point = best(tried)
        tested = list(self._scored(sources, parts.test, point, after_film))
        measured = evaluate(
            tested, detection_threshold=point.detection_threshold, seed=BOOTSTRAP_SEED
        )
        return Tuned(point, len(tried), len(parts.tune) - len(tried), measured)

    def _scored(
        self,
        sources: Sequence[Source],
        chosen: Iterable[int],
        point: OperatingPoint,
        after_film: Callable[[], None],
    ) -> Iterator[ScoredFilm]:
        for source, probability, truth in self._answers(sources, chosen, after_film):
            yield scored(source.name, source.patient, point.mask(probability), truth)

    def _answers(
        self, sources: Sequence[Source], chosen: Iterable[int], after_film: Callable[[], None]
    ) -> Iterator[tuple[Source, Grid, NDArray[np.bool_]]]:
        """Yield film, mean probability [H, W] and truth [H, W] of films that nobody learnt from."""
        panel = self._panel()
        for film in chosen:
            source = sources[film]
            pixels = read_pixels(source)
            after_film()
            if self._taught_by(pixels):
                continue
            probability = panel.probability(panel.logits(luminance(pixels)), pixels.shape)
            yield source, probability, read_mask(source, pixels.shape)

    def _taught_by(self, pixels: FilmPixels) -> bool:
        sha, near = pixels.sha256(), near_code_of(pixels)
        return any(
            read_trained_on(self.models, entry).taught_by(sha, near) for entry in self.entries
        )

    def _panel(self) -> Panel:
        networks = [
            open_file(self.models, entry, default_file(entry), threads=self.threads)
            for entry in self.entries
        ]
        return Panel(tuple(networks), Operating())  # the point is not known yet
