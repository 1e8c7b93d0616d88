"""The parts of the page on order effects, and on what was shown. Pure."""

from app.evaluation.tables import Cell, Table
from app.reports import words
from app.reports.cells import NONE, count_cell, named, number, seconds
from app.reports.charts import dots
from app.reports.findings import Findings
from app.reports.report import Unblinded
from app.reports.section import Section
from app.words.speaking import _, decimal, percents

LETTERS = "ABCDEFGHIJ"


def order(told: Unblinded) -> Section:
    """Return whether slot, place in the sitting or haste show in the answers."""
    found = told.findings
    tables, charts = [], []
    if found.slots.p_value is not None:
        tables.append(_slots(found))
    if found.strengths:
        slots = [(LETTERS[n], one) for n, one in enumerate(found.strengths.slots)]
        title = _("What a slot draws, all masks alike")
        charts.append(dots(title, slots, even=1 / len(slots), even_words=_("no bias")))
    if found.sitting:
        tables.append(_sitting(found))
    if found.times:
        tables.append(_times(told))
    return Section(
        _("Order effects"),
        lead=words.slots_sentence(found.slots),
        tables=tables,
        dots=charts,
        notes=_trends(found),
    )


def _trends(found: Findings) -> list[str]:
    along = words.trend_sentence(
        found.speeding_up, rising=_("readers slow down"), falling=_("readers speed up")
    )
    haste = words.trend_sentence(
        found.haste, rising=_("slow answers agree more"), falling=_("quick answers agree more")
    )
    both = (
        (_("Time along the sitting"), along),
        (_("Agreement with others by time taken"), haste),
    )
    return [f"{title}: {sentence}" for title, sentence in both if sentence]


def _slots(found: Findings) -> Table:
    both = zip(found.slots.chosen, found.slots.expected, strict=True)
    rows = [
        (LETTERS[place], [Cell(number(chosen)), Cell(number(expected))])
        for place, (chosen, expected) in enumerate(both)
    ]
    headings = [_("Slot"), _("Chosen"), _("Expected without slot bias")]
    return Table(_("Slots chosen"), headings, rows)


def _sitting(found: Findings) -> Table:
    rows = [
        (
            _("{first} to {last}", first=one.first, last=one.last)
            if one.last
            else _("{first} and on", first=one.first),
            [
                count_cell(one.answers),
                NONE if one.seconds is None else Cell(seconds(one.seconds)),
                Cell(percents(one.denied, 1)),
                NONE if one.with_others is None else Cell(percents(one.with_others, 1)),
            ],
        )
        for one in found.sitting
    ]
    headings = [
        _("Ballots of a sitting"),
        _("Answers"),
        _("Median time"),
        _("None acceptable"),
        _("Agree with others"),
    ]
    return Table(_("Along the sitting"), headings, rows)


def _times(told: Unblinded) -> Table:
    found = told.findings.times
    assert found is not None, "asked for where there are times"
    half = _("half between {low} and {high}", low=decimal(found.low, 1), high=seconds(found.high))
    everybody = [count_cell(found.answers), Cell(seconds(found.median), half)]
    rows = [
        (_("All readers"), everybody),
        *(
            (named(reader, told.readers), [count_cell(answers), Cell(seconds(median))])
            for reader, answers, median in found.by_reader
        ),
    ]
    headings = [_("Reader"), _("Answers"), _("Median")]
    return Table(_("Time per ballot, while it was visible"), headings, rows)


def fidelity(told: Unblinded) -> Section:
    """Return how far what was shown is what was made."""
    rows = [
        (
            words.source_name(one.source),
            [
                count_cell(one.candidates),
                count_cell(one.measured),
                count_cell(one.flagged),
                NONE if one.lowest is None else Cell(decimal(one.lowest, 3)),
            ],
        )
        for one in told.fidelity
    ]
    headings = [
        _("Source"),
        _("Candidates"),
        _("Measured"),
        _("Below the protocol’s Dice"),
        _("Lowest"),
    ]
    return Section(
        _("What was shown against what was made"),
        lead=_(
            "Dice, at native size, of the mask as it is displayed with the mask as it was made."
        ),
        tables=[Table(_("Fidelity of the display"), headings, rows)],
    )
