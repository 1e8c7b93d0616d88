"""A network on the films of a folder, against the masks that were drawn there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.films.layout import FilmEntry
from app.films.limits import Limits
from app.films.opening import Opened, ahead, open_entry
from app.films.refusals import FilmRefused
from app.masks.measures import confusion
from app.networks.manifest import NetworkEntry
from app.networks.predict import open_for_film
from app.networks.refusals import InFold
from app.networks.scoring import ScoredFilm


@dataclass(frozen=True)
class LeftOut:
    """A film that is not scored, and why."""

    name: str
    reason: str


@dataclass(frozen=True)
class Evaluator:
    """Scores one network; each film gets the file that never saw it, or is left out."""

    models: Path
    entry: NetworkEntry
    limits: Limits
    threads: int

    def score_all(self, entries: Sequence[FilmEntry]) -> Iterator[ScoredFilm | LeftOut]:
        """Yield a score a film. A film without a drawn mask has an empty truth.

        For a lung network there is no film without lungs, so such a film is left out.
        """
        for entry, opened in zip(entries, ahead(self._open, entries), strict=True):
            yield opened if isinstance(opened, LeftOut) else self._score(entry, opened)

    def _open(self, entry: FilmEntry) -> Opened | LeftOut:
        try:
            return open_entry(entry, self.limits)
        except FilmRefused as refused:
            return LeftOut(entry.name, str(refused))

    def _score(self, entry: FilmEntry, opened: Opened) -> ScoredFilm | LeftOut:
        film, truth = opened.pixels, opened.masks.get(self.entry.task)
        if truth is None:
            if self.entry.task == "lungs":
                return LeftOut(entry.name, "no lungs were drawn on it")
            truth = np.zeros(film.shape, np.bool_)
        try:
            network = open_for_film(
                self.models, self.entry.name, pixels_sha=film.sha256(), threads=self.threads
            )
        except InFold:
            return LeftOut(entry.name, "the network learnt from it")
        counts = confusion(network.mask(film), truth)
        return ScoredFilm(entry.name, entry.patient_id or entry.name, counts)
