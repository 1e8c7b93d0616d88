"""The small charts of a study's report: dots with intervals, and bars; numbers stand beside."""

from dataclasses import dataclass

from app.evaluation.curves import Bar, Chart
from app.networks.scoring import Estimate
from app.reports.words import percent_of
from app.words.speaking import _, counted, decimal, ngettext, percents


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
                percent_of(one),
            )
            for name, one in rows
        ],
        [(place / end, percents(place)) for place in places],
        None if even is None else even / end,
        even_words,
    )


def disagreement(counts: list[int]) -> Chart:
    """Return in how many films which share of pairs of answers differs."""
    top = _round_up(max([*counts, 1]))
    bars = [
        Bar(n / 5, (n + 1) / 5, count / top, _counted_films(n / 5, (n + 1) / 5, count))
        for n, count in enumerate(counts)
    ]
    ticks = [(k / 4, counted(top * k / 4)) for k in range(5)]
    return Chart(
        _("How far readers of one film differ"),
        _("share of pairs of answers that differ"),
        _("films"),
        bars=bars,
        y_ticks=ticks,
        x_ticks=[(k / 5, decimal(k / 5, 1)) for k in range(6)],
        against=_("against"),
    )


def _counted_films(low: float, high: float, count: int) -> str:
    return ngettext(
        "{low} to {high}: {count} film",
        "{low} to {high}: {count} films",
        count,
        low=percents(low),
        high=percents(high),
    )


def _round_up(number: int) -> int:
    """Return the next of 4, 8, 20, 40, 80, 200… at or above: four steps divide them well."""
    scale = 1
    while True:
        for leading in (4, 8, 20):
            if leading * scale >= number:
                return leading * scale
        scale *= 10
