"""The curves of the page as points from 0 to 1, told apart by dashes and names, not by colour."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from app.evaluation.calibration import BINS, Calibration
from app.evaluation.records import FilmResult
from app.evaluation.report import Evaluation, ranked
from app.evaluation.summary import WHOLE, CalibrationPair, Summary
from app.evaluation.tables import CONDITIONS

HISTOGRAM_BINS = 20
FIFTHS = tuple((k / 5, f"{k / 5:.1f}") for k in range(6))


@dataclass(frozen=True)
class Line:
    """A curve of points (x, y); ``style`` 1 to 3 chooses its dashes and colour."""

    name: str
    style: int
    points: list[tuple[float, float]]
    marks: bool = False


@dataclass(frozen=True)
class Bar:
    """A bar from x ``low`` to ``high`` of height ``y``, each from 0 to 1, and what it counts."""

    low: float
    high: float
    y: float
    words: str


@dataclass(frozen=True)
class Chart:
    """Axes from 0 to 1. Ticks are (place from 0 to 1, words); ``against`` joins the axes' names."""

    title: str
    x_label: str
    y_label: str
    lines: list[Line] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    diagonal: str = ""
    marked_x: float | None = None
    marked_words: str = ""
    points: list[tuple[float, float, str]] = field(default_factory=list)
    y_ticks: list[tuple[float, str]] = field(default_factory=lambda: list(FIFTHS))
    x_ticks: list[tuple[float, str]] = field(default_factory=lambda: list(FIFTHS))
    against: str = "against"


def dice_histogram(films: Sequence[FilmResult]) -> Chart:
    """Return how the films' Dice are spread."""
    drawn = ranked(films)
    values = np.array([film.counts.dice for film in drawn])
    counts, edges = np.histogram(values, HISTOGRAM_BINS, (0, 1))
    top = _round_up(int(counts.max()))
    bars = [
        Bar(float(low), float(high), count / top, f"Dice {low:.2f} to {high:.2f}: {count} films")
        for low, high, count in zip(edges[:-1], edges[1:], counts.tolist(), strict=True)
    ]
    median = float(np.median(values))
    return Chart(
        "How the films' Dice are spread",
        "Dice of a film",
        "films",
        bars=bars,
        marked_x=median,
        marked_words=f"median {median:.3f}",
        y_ticks=[(k / 4, f"{k * top / 4:g}") for k in range(5)],
    )


def by_threshold(found: Evaluation) -> list[Chart]:
    """Return Dice at each threshold, if anything was drawn."""
    curve = found.summary.by_threshold
    if curve is None:
        return []
    lines = [
        Line("pooled", 1, list(zip(curve.thresholds, curve.pooled, strict=True))),
        Line("per film", 2, list(zip(curve.thresholds, curve.per_film, strict=True))),
    ]
    threshold = found.operating.threshold
    return [
        Chart(
            "Dice at other thresholds (specks kept)",
            "probability from which a pixel is inside",
            "Dice",
            lines=lines,
            marked_x=threshold,
            marked_words=f"used: {threshold:g}",
        )
    ]


def roc(summary: Summary) -> Chart:
    """Return the curve of detection, and those of the shortcut check."""
    assert summary.detection is not None
    check = summary.shortcut_check
    conditions = check.conditions if check else {WHOLE: summary.detection}
    lines = [
        Line(f"{CONDITIONS[name]}, AUC {it.auc.value:.3f}", style, it.curve)
        for style, (name, it) in enumerate(conditions.items(), 1)
    ]
    one = conditions[WHOLE]
    point = (1 - one.specificity.value, one.sensitivity.value, "threshold of the manifest")
    return Chart(
        "Detection by the area of the mask",
        "false alarms: share of films without infection called infected",
        "sensitivity: share of infected films found",
        lines=lines,
        diagonal="guessing",
        points=[point],
    )


def reliability(name: str, pair: CalibrationPair) -> Chart:
    """Return the reliability curves before and after the temperature."""

    def points(it: Calibration) -> list[tuple[float, float]]:
        return [(one.probability, one.inside) for one in it.bins]

    return Chart(
        f"Reliability, {name} ({BINS} bins)",
        "mean probability of a bin's pixels",
        "share of them inside the drawn mask",
        lines=[
            Line(f"as used, error {pair.after.ece.value:.3f}", 1, points(pair.after), marks=True),
            Line(f"T = 1, error {pair.before.ece.value:.3f}", 2, points(pair.before), marks=True),
        ],
        diagonal="perfect",
    )


def _round_up(count: int) -> int:
    """Return the next number that four ticks part evenly and people like."""
    step = 10 ** max(0, len(str(max(count, 1))) - 2)
    unit = 4 * step
    return int(max(unit, -(-count // unit) * unit))
