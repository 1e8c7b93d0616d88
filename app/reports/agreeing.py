"""The parts of the page on agreement: between readers, with oneself, film by film. Pure."""

from app.evaluation.tables import Cell, Table, cell, percent_cell
from app.reports import words
from app.reports.charts import disagreement
from app.reports.report import Unblinded
from app.reports.section import Section
from app.statistics.agreement import Agreement


def between(told: Unblinded) -> Section:
    """Return how well readers agree with one another."""
    found = told.findings
    rows = _agreement_rows(
        [("All answers", found.between), ("Where masks were chosen", found.masks)]
    )
    if not rows:
        return Section(
            "Agreement between readers",
            empty="No film has two answers yet. A rule with more than one answer a film makes "
            "agreement known.",
        )
    tables = [_agreement_table("Agreement between readers", rows)]
    if told.drawings:
        tables.append(_drawings("Drawings of one film by two readers", told))
    return Section(
        "Agreement between readers",
        lead=words.agreement_sentence(found.between),
        tables=tables,
        charts=[disagreement(found.disagreement)],
        notes=[
            "Alpha (Krippendorff) falls towards 0 where one source wins most films, however well "
            "readers agree; AC1 (Gwet) does not. Read both.",
            "Under a rule that asks more readers where the first ones differ, disputed films weigh "
            "more in alpha.",
        ],
    )


def _agreement_rows(named: list[tuple[str, Agreement | None]]) -> list[tuple[str, list[Cell]]]:
    return [
        (
            name,
            [
                Cell(f"{found.units:,}"),
                percent_cell(found.observed),
                cell(found.alpha, digits=2),
                cell(found.ac1, digits=2),
            ],
        )
        for name, found in named
        if found
    ]


def _agreement_table(caption: str, rows: list[tuple[str, list[Cell]]]) -> Table:
    headings = ["", "Units", "Pairs that agree", "Krippendorff’s alpha", "Gwet’s AC1"]
    return Table(caption, headings, rows)


def _drawings(caption: str, told: Unblinded, *, own: bool = False) -> Table:
    found = told.redrawings if own else told.drawings
    assert found is not None, "asked for where there are any"
    rows = [
        ("Dice", [cell(found.dice)]),
        ("Surface Dice, within 2 px of the grid", [cell(found.surface)]),
    ]
    return Table(f"{caption}: {found.pairs:,} of {found.of:,} pairs", ["", "Mean"], rows)


def within(told: Unblinded) -> Section:
    """Return how well readers agree with themselves."""
    found = told.findings.within
    if found is None:
        return Section(
            "Agreement of readers with themselves",
            empty="No hidden repeat was answered yet. They come after the protocol’s washout; a "
            "repeat share of 0 deals none.",
        )
    tables = [
        _agreement_table(
            "The same reader, the same film, again",
            _agreement_rows([("Hidden repeats", found.agreement)]),
        )
    ]
    if told.redrawings:
        tables.append(_drawings("Drawings of one film by the same reader", told, own=True))
    notes = []
    if found.slot_kept is not None:
        notes.append(
            f"The same letter was chosen on {words.percent(found.slot_kept)} of them; letters are "
            "shuffled anew, so a memory of letters would show here."
        )
    lead = (
        f"{found.repeats:,} films came back unseen to {found.readers} readers; the answer was "
        f"the same on {words.in_full(found.same)}."
    )
    return Section("Agreement of readers with themselves", lead=lead, tables=tables, notes=notes)


def known(told: Unblinded) -> Section | None:
    """Return how often readers were right on sentinels; None where none was met."""
    if not told.sentinels:
        return None
    everybody = told.sentinels[0]
    rows = [
        (
            "All readers" if one.reader < 0 else f"{one.reader + 1}. {told.readers[one.reader]}",
            [
                Cell(f"{one.met:,}"),
                Cell(f"{one.right:,}"),
                percent_cell(one.share),
                Cell(f"{one.spoilt:,}"),
                Cell(f"{one.denied:,}"),
            ],
        )
        for one in told.sentinels
    ]
    headings = ["Reader", "Met", "Right", "Share", "Chose a spoilt mask", "None acceptable"]
    return Section(
        "Sentinels: where the right answer is known",
        lead=f"{words.sentinel_sentence(everybody)} Guessing would be right on "
        f"{words.percent(everybody.chance)}.",
        tables=[Table("Who was right how often", headings, rows)],
        notes=[
            "One mask agreed with the hand-drawn one, and a network’s confirmed it; all others had "
            "been spoilt on purpose. Being right says that gross faults are seen, not that the "
            "hand-drawn mask is the truth to a pixel.",
            "Intervals are exact (Clopper and Pearson), answer by answer.",
        ],
    )


def films(told: Unblinded) -> Section:
    """Return the films that readers disagree on."""
    rows = [
        (
            one.film,
            [
                Cell(f"{one.answers}"),
                Cell(words.percent(one.disagreement, 0)),
                Cell(
                    ", ".join(f"{words.answer_name(name)} {votes:g}" for name, votes in one.given)
                ),
            ],
        )
        for one in told.disputed
    ]
    if not rows:
        return Section("Films that readers disagree on", empty="On no film do two answers differ.")
    headings = ["Film", "Answers", "Pairs that differ", "Given"]
    return Section(
        "Films that readers disagree on", tables=[Table("Most disputed first", headings, rows)]
    )


def before(told: Unblinded) -> Section | None:
    """Return how drawings made before any proposal was seen compare; None where there are none."""
    found = told.drawn_first
    if found is None:
        return None
    rows = [
        (words.source_name(source), [cell(one, digits=2)])
        for source, one in zip(told.findings.sources, found.dice, strict=True)
    ]
    later = (
        f"Where their reader later chose one mask on the same film, it was the one most like the "
        f"own drawing on {found.nearest:,} of {found.later:,}."
        if found.later
        else "On none of these films did their reader choose a mask yet."
    )
    caption = f"Dice of {found.drawings:,} of {found.of:,} such drawings with what was proposed"
    return Section(
        "Drawn before any proposal was seen",
        lead=f"What physicians draw when nothing can sway them. {later}",
        tables=[Table(caption, ["Source", "Mean Dice"], rows)],
    )
