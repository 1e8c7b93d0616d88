"""Everything that is told about networks on films, from what was kept of each film."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.evaluation.bootstrap import Bootstrap
from app.evaluation.by_threshold import DiceByThreshold, dice_by_threshold
from app.evaluation.calibration import Calibration, calibration
from app.evaluation.detection import Detection, detect
from app.evaluation.groups import (
    ClearGroup,
    Frame,
    Group,
    by_patient_id,
    by_source,
    by_view,
    clear_group_of,
    group_of,
    parted,
    quarters,
)
from app.evaluation.records import FilmResult
from app.evaluation.rewritten import WRITINGS
from app.evaluation.shortcuts import CONDITIONS
from app.networks.scoring import Estimate, FalseAlarms, Scores, evaluate

WHOLE = "whole"
AS_IT_IS = "as_it_is"


@dataclass(frozen=True)
class CalibrationPair:
    """Calibration before (T = 1) and after the manifest's temperature, over ``films``."""

    films: int
    before: Calibration
    after: Calibration


@dataclass(frozen=True)
class ShortcutCheck:
    """The same films whole, with the lungs blanked, and with the borders masked.

    ``skipped`` counts the films on which no lungs were found: nothing can be blanked there.
    """

    skipped: int
    conditions: dict[str, Detection]


@dataclass(frozen=True)
class Written:
    """The same films in one way of writing: overlap and detection."""

    scores: Scores
    false_alarms: FalseAlarms
    auc: Estimate | None


@dataclass(frozen=True)
class SourceDetection:
    """Infected films of one source against all clear ones, or clear ones against all infected.

    ``auc`` has the whole film and, where the shortcut check was made, its conditions.
    """

    source: str
    infected: bool
    films: int
    against: int
    auc: dict[str, Detection]


@dataclass(frozen=True)
class Summary:
    """Measures of all films; None where there are no films to measure on."""

    overall: Group
    groups: dict[str, list[Group]]
    clear: list[ClearGroup]
    detection: Detection | None
    shortcut_check: ShortcutCheck | None
    written: dict[str, Written]
    detection_by_source: list[SourceDetection]
    calibration: dict[str, CalibrationPair]
    calibrated_in: dict[str, int]
    by_threshold: DiceByThreshold | None
    sizes: list[tuple[int, int]]


def summarise(films: Sequence[FilmResult], frame: Frame, *, detection: bool) -> Summary:
    """Return all measures; ``detection`` is False for lungs, which every film has."""
    drawn = [film for film in films if film.has_truth]
    clear = [film for film in films if not film.has_truth]
    check = _shortcut_check(films, frame) if detection else None
    return Summary(
        overall=group_of("all", drawn, frame),
        groups=_groups(drawn, frame),
        clear=_clear_groups(clear, frame),
        detection=_detect(films, frame) if detection else None,
        shortcut_check=check,
        written=_written(films, frame) if detection else {},
        detection_by_source=_by_source(drawn, clear, frame) if detection else [],
        calibration=_calibrations(drawn, films, frame),
        calibrated_in=_counted(films, lambda film: film.lungs_from),
        by_threshold=dice_by_threshold(films),
        sizes=sorted({film.shape for film in films}),
    )


def _groups(drawn: Sequence[FilmResult], frame: Frame) -> dict[str, list[Group]]:
    ways = {
        "source": parted(drawn, by_source),
        "patient": parted(drawn, by_patient_id),
        "view": parted(drawn, by_view),
        "size": quarters(drawn),
    }
    return {
        way: [group_of(name, films, frame) for name, films in parts.items()]
        for way, parts in ways.items()
    }


def _clear_groups(clear: Sequence[FilmResult], frame: Frame) -> list[ClearGroup]:
    found = [clear_group_of("all", clear, frame)]
    parts = parted(clear, by_source)
    if len(parts) > 1:
        found += [clear_group_of(name, films, frame) for name, films in parts.items()]
    return found


def _detect(
    films: Sequence[FilmResult],
    frame: Frame,
    score: Callable[[FilmResult], float] = lambda film: film.score,
) -> Detection | None:
    return detect(
        [score(film) for film in films],
        [film.has_truth for film in films],
        [film.patient for film in films],
        threshold=frame.detection_threshold,
        seed=frame.seed,
    )


def _conditions(films: Sequence[FilmResult], frame: Frame) -> dict[str, Detection]:
    """Return the detection whole and altered, over films on which all could be made."""
    scores: dict[str, Callable[[FilmResult], float]] = {WHOLE: lambda film: film.score}
    if any(film.altered for film in films):
        films = [film for film in films if len(film.altered) == len(CONDITIONS)]
        scores["lungs_blanked"] = lambda film: film.altered["lungs_blanked"]
        scores["borders_masked"] = lambda film: film.altered["borders_masked"]
    found = {name: _detect(films, frame, score) for name, score in scores.items()}
    return {name: detection for name, detection in found.items() if detection is not None}


def _shortcut_check(films: Sequence[FilmResult], frame: Frame) -> ShortcutCheck | None:
    conditions = _conditions(films, frame)
    if len(conditions) <= 1:
        return None
    return ShortcutCheck(
        skipped=sum(len(film.altered) < len(CONDITIONS) for film in films), conditions=conditions
    )


def _written(films: Sequence[FilmResult], frame: Frame) -> dict[str, Written]:
    """Return the films as they are and rewritten; nothing where none was."""
    again = [film for film in films if film.rewritten]
    if not again:
        return {}
    ways = {AS_IT_IS: again}
    for writing in WRITINGS:
        ways[writing] = [replace(film, counts=film.rewritten[writing]) for film in again]
    found = {}
    for name, some in ways.items():
        scored = [film.scored for film in some]
        told = evaluate(scored, detection_threshold=frame.detection_threshold, seed=frame.seed)
        detection = _detect(some, frame)
        found[name] = Written(
            told.scores, told.false_alarms, None if detection is None else detection.auc
        )
    return found


def _by_source(
    drawn: Sequence[FilmResult], clear: Sequence[FilmResult], frame: Frame
) -> list[SourceDetection]:
    found = []
    for infected, ones, others in ((True, drawn, clear), (False, clear, drawn)):
        for source, films in parted(ones, by_source).items():
            auc = _conditions([*films, *others], frame)
            if auc:
                found.append(SourceDetection(source, infected, len(films), len(others), auc))
    return found


def _calibrations(
    drawn: Sequence[FilmResult], films: Sequence[FilmResult], frame: Frame
) -> dict[str, CalibrationPair]:
    wanted = {"films with a drawn mask": drawn}
    if len(films) > len(drawn):
        wanted["all films"] = films
    found = {}
    for name, some in wanted.items():
        if not some:
            continue
        sums = np.stack([film.reliability for film in some])
        bootstrap = Bootstrap([film.patient for film in some], seed=frame.seed)
        before, after = (calibration(sums[:, which], bootstrap) for which in (0, 1))
        if before is not None and after is not None:
            found[name] = CalibrationPair(len(some), before, after)
    return found


def _counted(films: Sequence[FilmResult], key: Callable[[FilmResult], str]) -> dict[str, int]:
    return {name: len(some) for name, some in parted(films, key).items()}
