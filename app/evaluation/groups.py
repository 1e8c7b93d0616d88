"""Films in groups: all, by source, view, patient id and size; each with both averages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from app.evaluation.bootstrap import Bootstrap
from app.evaluation.detection import called
from app.evaluation.formulas import OVERLAPS, per_film_parts, pooled_parts
from app.evaluation.records import FilmResult
from app.networks.scoring import Estimate, FalseAlarms, evaluate

QUARTERS = 4


@dataclass(frozen=True)
class Surfaces:
    """Distances of boundaries, means of films, in one unit.

    HD95 is over the films on which something was claimed; ``without_hd95`` names the others. In
    the NSD these count as 0.
    """

    unit: str
    films: int
    tolerance: float
    hd95: Estimate | None
    nsd: Estimate | None
    without_hd95: list[str]


@dataclass(frozen=True)
class Group:
    """Films with a drawn mask. ``per_film`` and ``pooled`` have the keys of `OVERLAPS`.

    ``no_precision`` counts films on which nothing was claimed: they have no precision and are left
    out of its mean. ``found`` is the share called infected.
    """

    name: str
    films: int
    patients: int
    per_film: dict[str, Estimate | None]
    pooled: dict[str, Estimate | None]
    no_precision: int
    surfaces: list[Surfaces]
    found: Estimate | None


@dataclass(frozen=True)
class ClearGroup:
    """Films without a drawn mask: false alarms only."""

    name: str
    alarms: FalseAlarms


@dataclass(frozen=True)
class Frame:
    """What all groups share: where a film counts as infected, tolerances, the bootstrap's seed."""

    detection_threshold: float
    tolerance: tuple[float, float]
    seed: int


def group_of(name: str, films: Sequence[FilmResult], frame: Frame) -> Group:
    """Return the measures of films with a drawn mask."""
    bootstrap = Bootstrap([film.patient for film in films], seed=frame.seed)
    averages = []
    for parts in (per_film_parts, pooled_parts):
        rows = [parts(film.counts) for film in films]
        stacked = np.array(rows).reshape(len(films), len(OVERLAPS), 2)
        averages.append(dict(zip(OVERLAPS, bootstrap.ratios(stacked), strict=True)))
    found = called(np.array([film.score for film in films]), frame.detection_threshold)
    return Group(
        name=name,
        films=len(films),
        patients=bootstrap.patients,
        per_film=averages[0],
        pooled=averages[1],
        no_precision=sum(film.claims_nothing for film in films),
        surfaces=_surfaces(films, frame),
        found=bootstrap.mean(found.astype(np.float64)) if films else None,
    )


def clear_group_of(name: str, films: Sequence[FilmResult], frame: Frame) -> ClearGroup:
    """Return the false alarms on films without a drawn mask."""
    scored = [film.scored for film in films]
    found = evaluate(scored, detection_threshold=frame.detection_threshold, seed=frame.seed)
    return ClearGroup(name, found.false_alarms)


def by_source(film: FilmResult) -> str:
    """Return the folder, or the part of it, that a film is from."""
    return film.source


def by_view(film: FilmResult) -> str:
    """Return how the film was taken."""
    return film.view


def by_patient_id(film: FilmResult) -> str:
    """Return whether the film's patient is known."""
    return "patient id known" if film.patient_known else "patient id unknown"


def parted(
    films: Sequence[FilmResult], key: Callable[[FilmResult], str]
) -> dict[str, list[FilmResult]]:
    """Return the films by a key, in order of the keys."""
    parts: dict[str, list[FilmResult]] = {}
    for film in films:
        parts.setdefault(key(film), []).append(film)
    return dict(sorted(parts.items()))


def quarters(films: Sequence[FilmResult]) -> dict[str, list[FilmResult]]:
    """Return films in four groups of one size by the drawn area; names give their span."""
    ranked = sorted(films, key=lambda film: (film.drawn_area, film.name))
    cuts = np.linspace(0, len(ranked), QUARTERS + 1).round().astype(int)
    found = {}
    for number, (start, end) in enumerate(pairwise(cuts), 1):
        part = ranked[start:end]
        if part:
            low, high = part[0].drawn_area, part[-1].drawn_area
            found[f"quarter {number}: {100 * low:.1f} to {100 * high:.1f} % of the film"] = part
    return found


def _surfaces(films: Sequence[FilmResult], frame: Frame) -> list[Surfaces]:
    measured = [(film, film.distances.hd95, film.distances.nsd) for film in films]
    found = [_surface("pixels", measured, frame.tolerance[0], frame.seed)]
    scaled = [
        (film, film.distances.hd95_mm, film.distances.nsd_mm)
        for film in films
        if film.distances.hd95_mm is not None and film.distances.nsd_mm is not None
    ]
    if scaled:
        found.append(_surface("mm", scaled, frame.tolerance[1], frame.seed))
    return found


def _surface(
    unit: str,
    measured: Sequence[tuple[FilmResult, float | None, float | None]],
    tolerance: float,
    seed: int,
) -> Surfaces:
    bootstrap = Bootstrap([film.patient for film, _, _ in measured], seed=seed)
    hd95 = np.array([far for _, far, _ in measured], np.float64)
    near = np.array([share for _, _, share in measured], np.float64)
    return Surfaces(
        unit=unit,
        films=len(measured),
        tolerance=tolerance,
        hd95=bootstrap.mean(hd95) if measured else None,
        nsd=bootstrap.mean(near) if measured else None,
        without_hd95=[film.name for film, far, _ in measured if far == np.inf],
    )
