"""One evaluation as a whole: what was measured, how, and what came out; as JSON too."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from app import RESEARCH_ONLY, __version__
from app.evaluation.calibration import BINS
from app.evaluation.formulas import OVERLAPS, per_film_parts
from app.evaluation.listing import LeftOut
from app.evaluation.records import FilmResult, Tolerance
from app.evaluation.shortcuts import WIDENED
from app.evaluation.summary import Summary
from app.networks.manifest import NetworkEntry, Operating
from app.networks.scoring import RESAMPLES, evaluate

CONFOUNDED = (
    "Films with and without infection mostly come from different hospitals, which a network may "
    "recognise instead of the disease: such figures of detection are an upper bound "
    "(DeGrave et al. 2021)."
)


@dataclass(frozen=True)
class Evaluation:
    """Networks of one task on the films of some folders."""

    entries: tuple[NetworkEntry, ...]
    operating: Operating  # where a mask begins and a film counts as infected
    folders: tuple[str, ...]
    split: str | None
    seed: int
    tolerance: Tolerance
    films: list[FilmResult]
    left_out: list[LeftOut]
    summary: Summary

    @property
    def task(self) -> str:
        """What the networks outline."""
        return self.entries[0].task

    @property
    def names(self) -> list[str]:
        """The networks' names."""
        return [entry.name for entry in self.entries]

    @property
    def interval(self) -> str:
        """What stands in brackets behind a value."""
        return (
            f"95 % bootstrap over patients, percentile method, {RESAMPLES} resamples, "
            f"seed {self.seed}"
        )


def as_json(found: Evaluation) -> dict[str, Any]:
    """Return everything, ready for JSON. ``scores`` and ``false_alarms`` are those of the cards."""
    point = found.operating
    scored = [film.scored for film in found.films]
    card = evaluate(scored, detection_threshold=point.detection_threshold, seed=found.seed)
    summary = {name: part for name, part in asdict(found.summary).items() if name != "overall"}
    return {
        "research_only": RESEARCH_ONLY,
        "version": __version__,
        "network": "+".join(found.names),
        "networks": [
            {"name": entry.name, "sha256": [file.sha256 for file in entry.files]}
            for entry in found.entries
        ],
        "task": found.task,
        "threshold": point.threshold,
        "specks": point.specks,
        "detection_threshold": point.detection_threshold,
        "folders": list(found.folders),
        "split": found.split,
        "interval": found.interval,
        "nsd_tolerance": asdict(found.tolerance),
        "calibration_bins": BINS,
        "lungs_widened_by": WIDENED,
        **card.as_dict(),
        "measures": asdict(found.summary.overall),
        **summary,
        "caution": CONFOUNDED,
        "films": [_film(film) for film in found.films],
        "left_out": [{"film": film.name, "reason": film.reason} for film in found.left_out],
    }


def _film(film: FilmResult) -> dict[str, Any]:
    values = per_film_parts(film.counts)
    overlaps = {
        name: float(value) if known else None
        for name, (value, known) in zip(OVERLAPS, values, strict=True)
    }
    distances = film.distances
    far = {"hd95": distances.hd95, "hd95_mm": distances.hd95_mm}
    return {
        "name": film.name,
        "source": film.source,
        "view": film.view,
        "patient": film.patient,
        "drawn_area": film.drawn_area,
        "score": film.score,
        **({} if not film.has_truth else overlaps),
        **{name: None if value in (None, np.inf) else value for name, value in far.items()},
        "nsd": distances.nsd,
        "nsd_mm": distances.nsd_mm,
        **{f"score_{name}": score for name, score in film.altered.items()},
    }


def dice_of(film: FilmResult) -> float:
    """Return the film's Dice."""
    return film.counts.dice


def ranked(films: Sequence[FilmResult]) -> list[FilmResult]:
    """Return the films with a drawn mask, best Dice first."""
    return sorted((film for film in films if film.has_truth), key=lambda f: (-dice_of(f), f.name))


def alarms(films: Sequence[FilmResult]) -> list[FilmResult]:
    """Return the films without a drawn mask on which something was claimed, most first."""
    clear = (film for film in films if not film.has_truth and not film.claims_nothing)
    return sorted(clear, key=lambda film: (-film.score, film.name))
