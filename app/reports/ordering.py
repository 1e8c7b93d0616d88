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
        rows = [
            (
                LETTERS[place],
                [
                    Cell(f"{chosen:,.1f}".removesuffix(".0")),
                    Cell(f"{expected:,.1f}".removesuffix(".0")),
                ],
            )
            for place, (chosen, expected) in enumerate(
                zip(found.slots.chosen, found.slots.expected, strict=True)
            )
        ]
        tables.append(Table("Slots chosen", ["Slot", "Chosen", "Expected without slot bias"], rows))
    if found.strengths:
        slots = [(LETTERS[n], one) for n, one in enumerate(found.strengths.slots)]
        charts.append(
            dots(
                "What a slot draws, all masks alike",
                slots,
                even=1 / len(slots),
                even_words="no bias",
            )
        )
    if found.sitting:
        tables.append(_sitting(found))
    if found.times:
        tables.append(_times(told))
    return Section(
        "Order effects",
        lead=words.slots_sentence(found.slots),
        tables=tables,
        dots=charts,
        notes=[
            sentence
            for title, sentence in (
                (
                    "Time along the sitting",
                    words.trend_sentence(
                        found.speeding_up, rising="readers slow down", falling="readers speed up"
                    ),
                ),
                (
                    "Agreement with others by time taken",
                    words.trend_sentence(
                        found.haste,
                        rising="slow answers agree more",
                        falling="quick answers agree more",
                    ),
                ),
            )
            if sentence
            for sentence in (f"{title}: {sentence}",)
        ],
    )


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
