"""The parts of the page on order effects, and on what was shown. Pure."""

from app.evaluation.tables import Cell, Table
from app.reports import words
from app.reports.charts import dots
from app.reports.findings import Findings
from app.reports.report import Unblinded
from app.reports.section import Section

LETTERS = "ABCDEFGHIJ"


def order(told: Unblinded) -> Section:
    """Return whether slot, place in the sitting or haste show in the answers."""
    found = told.findings
    tables, charts = [], []
    if found.slots.p_value is not None:
        tables.append(_slots(found))
    if found.strengths:
        slots = [(LETTERS[n], one) for n, one in enumerate(found.strengths.slots)]
        title = "What a slot draws, all masks alike"
        charts.append(dots(title, slots, even=1 / len(slots), even_words="no bias"))
    if found.sitting:
        tables.append(_sitting(found))
    if found.times:
        tables.append(_times(told))
    return Section(
        "Order effects",
        lead=words.slots_sentence(found.slots),
        tables=tables,
        dots=charts,
        notes=_trends(found),
    )


def _trends(found: Findings) -> list[str]:
    along = words.trend_sentence(
        found.speeding_up, rising="readers slow down", falling="readers speed up"
    )
    haste = words.trend_sentence(
        found.haste, rising="slow answers agree more", falling="quick answers agree more"
    )
    named = (("Time along the sitting", along), ("Agreement with others by time taken", haste))
    return [f"{title}: {sentence}" for title, sentence in named if sentence]


def _slots(found: Findings) -> Table:
    both = zip(found.slots.chosen, found.slots.expected, strict=True)
    rows = [
        (LETTERS[place], [Cell(words.number(chosen)), Cell(words.number(expected))])
        for place, (chosen, expected) in enumerate(both)
    ]
    return Table("Slots chosen", ["Slot", "Chosen", "Expected without slot bias"], rows)


def _sitting(found: Findings) -> Table:
    rows = [
        (
            f"{one.first} to {one.last}" if one.last else f"{one.first} and on",
            [
                Cell(f"{one.answers:,}"),
                Cell(f"{one.seconds:.1f} s" if one.seconds is not None else "–"),
                Cell(words.percent(one.denied)),
                Cell(words.percent(one.with_others) if one.with_others is not None else "–"),
            ],
        )
        for one in found.sitting
    ]
    headings = [
        "Ballots of a sitting",
        "Answers",
        "Median time",
        "None acceptable",
        "Agree with others",
    ]
    return Table("Along the sitting", headings, rows)


def _times(told: Unblinded) -> Table:
    found = told.findings.times
    assert found is not None, "asked for where there are times"
    rows = [
        (
            "All readers",
            [
                Cell(f"{found.answers:,}"),
                Cell(
                    f"{found.median:.1f} s", f"half between {found.low:.1f} and {found.high:.1f} s"
                ),
            ],
        )
    ]
    rows += [
        (f"{reader + 1}. {told.readers[reader]}", [Cell(f"{number:,}"), Cell(f"{median:.1f} s")])
        for reader, number, median in found.by_reader
    ]
    return Table("Time per ballot, while it was visible", ["Reader", "Answers", "Median"], rows)


def fidelity(told: Unblinded) -> Section:
    """Return how far what was shown is what was made."""
    rows = [
        (
            words.source_name(one.source),
            [
                Cell(f"{one.candidates:,}"),
                Cell(f"{one.measured:,}"),
                Cell(f"{one.flagged:,}"),
                Cell(f"{one.lowest:.3f}" if one.lowest is not None else "–"),
            ],
        )
        for one in told.fidelity
    ]
    headings = ["Source", "Candidates", "Measured", "Below the protocol’s Dice", "Lowest"]
    return Section(
        "What was shown against what was made",
        lead="Dice, at native size, of the mask as it is displayed with the mask as it was made.",
        tables=[Table("Fidelity of the display", headings, rows)],
    )
