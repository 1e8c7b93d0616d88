"""The small charts of a study's report: dots with intervals, and bars; numbers stand beside."""

from dataclasses import dataclass

from app.evaluation.curves import Bar, Chart
from app.networks.scoring import Estimate


@dataclass(frozen=True)
class Dot:
    """One row: a value with its interval, as places from 0 to 1 along the axis."""

    label: str
    value: float
    low: float
    high: float
    words: str


@dataclass(frozen=True)
class Dots:
    """Rows of dots on one axis. ``ticks`` are (place, words); ``even`` marks what chance gives."""

    title: str
    rows: list[Dot]
    ticks: list[tuple[float, str]]
    even: float | None = None
    even_words: str = ""


def dots(
    title: str, rows: list[tuple[str, Estimate]], *, even: float | None = None, even_words: str = ""
) -> Dots:
    """Return shares with intervals on an axis that ends at the next tenth above them all."""
    top = max([0.1, even or 0.0, *(estimate.high for _, estimate in rows)])
    end = min(1.0, -(-top * 10 // 1) / 10)
    step = 0.1 if end <= 0.6 else 0.2
    places = [n * step for n in range(int(end / step + 1e-9) + 1)]
    return Dots(
        title,
        [
            Dot(
                name,
                one.value / end,
                one.low / end,
                one.high / end,
                f"{100 * one.value:.1f} % ({100 * one.low:.1f} to {100 * one.high:.1f})",
            )
            for name, one in rows
        ],
        [(place / end, f"{100 * place:.0f} %") for place in places],
        None if even is None else even / end,
        even_words,
    )


def disagreement(counts: list[int]) -> Chart:
    """Return in how many films which share of pairs of answers differs."""
    top = _round_up(max([*counts, 1]))
    bars = [
        Bar(n / 5, (n + 1) / 5, count / top, f"{20 * n} to {20 * n + 20} %: {count} films")
        for n, count in enumerate(counts)
    ]
    ticks = [(k / 4, f"{top * k / 4:g}") for k in range(5)]
    return Chart(
        "How far readers of one film differ",
        "share of pairs of answers that differ",
        "films",
        bars=bars,
        y_ticks=ticks,
    )


def _round_up(number: int) -> int:
    """Return the next of 4, 8, 20, 40, 80, 200… at or above: four steps divide them well."""
    scale = 1
    while True:
        for leading in (4, 8, 20):
            if leading * scale >= number:
                return leading * scale
        scale *= 10
