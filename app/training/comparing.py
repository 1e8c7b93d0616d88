"""Infection maps and activation maps of the same films, measured by the same rules.

Thresholds are chosen on the run's tuning films; what is reported was measured on other films.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from app.networks.refusals import InFold
from app.problems import Problem
from app.training.film_maps import ALL_OF_THE_LUNGS, INFECTION_MAP, FilmMaps, MapRoom
from app.training.map_scores import (
    MapScores,
    ScoredMap,
    ThresholdSearch,
    evenly_chosen,
    score_map,
    sum_up,
)
from app.training.presence import Detection, ScoredFilms, detection, threshold_for
from app.training.sources import Source

BOOTSTRAP_SEED = 1
FILMS_SHOWN = 12
MANIFEST = "manifest"
TUNING = "tuning films"
AS_THEY_ARE, PAINTED_OVER = "as they are", "lungs painted over"
AfterFilm = Callable[[], None]


class NothingToCompare(Problem):
    """No film is left to choose a threshold on, or to measure."""

    code = "nothing-to-compare"


@dataclass(frozen=True)
class Reading:
    """A map read at a threshold, and what chose the threshold."""

    map: str
    threshold: float
    chosen_on: str


@dataclass(frozen=True)
class Row:
    """One line of the table: a reading, and what came of it."""

    reading: Reading
    scores: MapScores


@dataclass(frozen=True)
class DetectionRow:
    """One line of the second table: a way to call a film infected, and what was hidden."""

    detector: str
    films: str
    figures: Detection


@dataclass(frozen=True)
class Shown:
    """A film of the picture sheet, with the score of each reading."""

    source: Source
    scored: dict[Reading, ScoredMap]


@dataclass(frozen=True)
class Comparison:
    """Everything that was measured; ``shown`` are the films of the picture sheet, worst first."""

    rows: list[Row]
    detection: list[DetectionRow]
    tuning_infected: int
    tuning_clear: int
    left_out: list[str]
    shown: list[Shown]


@dataclass
class Spoken:
    """What spoke for infection on each film: the mask's area and the classifier's logit."""

    infected: list[bool] = field(default_factory=list)
    patients: list[str] = field(default_factory=list)
    scores: dict[tuple[str, str], list[float]] = field(default_factory=dict)

    def take(self, film: FilmMaps) -> None:
        """Remember a film. Where no lungs were found, nothing was painted over."""
        self.infected.append(bool(film.truth.any()))
        self.patients.append(film.source.patient or film.source.name)
        for films, said in ((AS_THEY_ARE, film.seen), (PAINTED_OVER, film.blanked or film.seen)):
            self.scores.setdefault((CLASSIFIER, films), []).append(said.logit)
            self.scores.setdefault((AREA, films), []).append(said.area)

    def of(self, detector: str, films: str) -> ScoredFilms:
        """Return one detector's scores of all films."""
        scores = np.array(self.scores[detector, films], np.float64)
        return ScoredFilms(scores, np.array(self.infected, np.bool_), tuple(self.patients))


CLASSIFIER, AREA = "classifier", "infection map, by area"


def compare(
    room: MapRoom,
    tuning: Sequence[Source],
    measured: Sequence[Source],
    *,
    after_film: AfterFilm = lambda: None,
) -> Comparison:
    """Choose thresholds on the tuning films, then measure every map on the other ones.

    Films that the network learnt from are named and left out.
    """
    searches, tuned = _tune(room, tuning, after_film)
    if not searches:
        raise NothingToCompare(
            "The run has no tuning film with a drawn mask to choose thresholds on.",
            cure="Train it with a larger tune_share.",
        )
    readings = [
        Reading(INFECTION_MAP, room.entry.operating.threshold, MANIFEST),
        *(Reading(name, search.best, TUNING) for name, search in searches.items()),
    ]
    films, spoken, left_out = _measure(room, measured, readings, after_film)
    if not films:
        raise NothingToCompare("No film with a drawn mask is left to measure.")
    return Comparison(
        rows=_rows(readings, films),
        detection=_detection(room, tuned, spoken),
        tuning_infected=sum(tuned.infected),
        tuning_clear=len(tuned.infected) - sum(tuned.infected),
        left_out=left_out,
        shown=_shown(films, readings[0]),
    )


def _tune(
    room: MapRoom, tuning: Sequence[Source], after_film: AfterFilm
) -> tuple[dict[str, ThresholdSearch], Spoken]:
    searches: dict[str, ThresholdSearch] = {}
    spoken = Spoken()
    for source in tuning:
        film = room.maps_of(source, tuning=True)
        spoken.take(film)
        if film.truth.any():
            for name, values in film.each():
                searches.setdefault(name, ThresholdSearch()).add(values, film.truth)
        after_film()
    return searches, spoken


def _measure(
    room: MapRoom, measured: Sequence[Source], readings: Sequence[Reading], after_film: AfterFilm
) -> tuple[list[Shown], Spoken, list[str]]:
    films: list[Shown] = []
    spoken, left_out = Spoken(), []
    for source in measured:
        try:
            film = room.maps_of(source)
        except InFold:
            left_out.append(source.name)
        else:
            spoken.take(film)
            if film.truth.any():
                films.append(Shown(source, scores_of(film, readings, room.entry.operating.specks)))
        after_film()
    return films, spoken, left_out


def scores_of(
    film: FilmMaps, readings: Sequence[Reading], specks: float
) -> dict[Reading, ScoredMap]:
    """Return the score of each reading on a film with a drawn mask."""
    maps = dict(film.each())
    return {
        reading: score_map(
            maps[reading.map],
            film.truth,
            threshold=reading.threshold,
            specks=specks,
            name=f"{film.source.folder}/{film.source.name}",
            patient=film.source.patient,
        )
        for reading in readings
    }


def _rows(readings: Sequence[Reading], films: Sequence[Shown]) -> list[Row]:
    by_reading = {reading: [film.scored[reading] for film in films] for reading in readings}
    reference = by_reading[readings[0]]
    rows = []
    for reading, scored in by_reading.items():
        scores = sum_up(scored, reference=reference, seed=BOOTSTRAP_SEED)
        if reading.map == ALL_OF_THE_LUNGS:
            scores = replace(scores, hit=None)  # it is as high everywhere, and points nowhere
        rows.append(Row(reading, scores))
    return rows


def _detection(room: MapRoom, tuned: Spoken, spoken: Spoken) -> list[DetectionRow]:
    """Return the figures of both detectors, with the lungs to be seen and painted over."""
    thresholds = {
        CLASSIFIER: threshold_for(tuned.of(CLASSIFIER, AS_THEY_ARE)),
        AREA: max(room.entry.operating.detection_threshold, float(np.finfo(float).tiny)),
    }
    return [
        DetectionRow(
            detector,
            films,
            detection(spoken.of(detector, films), threshold=threshold, seed=BOOTSTRAP_SEED),
        )
        for detector, threshold in thresholds.items()
        for films in ((AS_THEY_ARE, PAINTED_OVER) if room.lungs_entry else (AS_THEY_ARE,))
    ]


def _shown(films: Sequence[Shown], reading: Reading) -> list[Shown]:
    """Return films at evenly spaced quantiles of a reading's Dice, worst first."""
    by_score = {film.scored[reading].film.name: film for film in films}
    chosen = evenly_chosen([film.scored[reading] for film in films], FILMS_SHOWN)
    return [by_score[one.film.name] for one in chosen]
