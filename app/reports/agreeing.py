"""The parts of the page on agreement: between readers, with oneself, film by film. Pure."""

from app.evaluation.tables import Cell, Table
from app.reports import words
from app.reports.cells import cell, count_cell, named, number, percent_cell
from app.reports.charts import disagreement
from app.reports.report import Unblinded
from app.reports.section import Section
from app.statistics.agreement import Agreement
from app.words.speaking import _, counted, ngettext, percents


def between(told: Unblinded) -> Section:
    """Return how well readers agree with one another."""
    found = told.findings
    rows = _agreement_rows(
        [(_("All answers"), found.between), (_("Where masks were chosen"), found.masks)]
    )
    title = _("Agreement between readers")
    if not rows:
        return Section(
            title,
            empty=_(
                "No film has two answers yet. A rule with more than one answer a film makes "
                "agreement known."
            ),
        )
    tables = [_agreement_table(title, rows)]
    if told.drawings:
        tables.append(_drawings(told))
    return Section(
        title,
        lead=words.agreement_sentence(found.between),
        tables=tables,
        charts=[disagreement(found.disagreement)],
        notes=[
            _(
                "Alpha (Krippendorff) falls towards 0 where one source wins most films, however "
                "well readers agree; AC1 (Gwet) does not. Read both."
            ),
            _(
                "Under a rule that asks more readers where the first ones differ, disputed films "
                "weigh more in alpha."
            ),
        ],
    )


def _agreement_rows(named: list[tuple[str, Agreement | None]]) -> list[tuple[str, list[Cell]]]:
    return [
        (
            name,
            [
                count_cell(found.units),
                percent_cell(found.observed),
                cell(found.alpha, digits=2),
                cell(found.ac1, digits=2),
            ],
        )
        for name, found in named
        if found
    ]


def _agreement_table(caption: str, rows: list[tuple[str, list[Cell]]]) -> Table:
    headings = [
        "",
        _("Units"),
        _("Pairs that agree"),
        _("Krippendorff’s alpha"),
        _("Gwet’s AC1"),
    ]
    return Table(caption, headings, rows)


def _drawings(told: Unblinded, *, own: bool = False) -> Table:
    found = told.redrawings if own else told.drawings
    assert found is not None, "asked for where there are any"
    rows = [
        (_("Dice"), [cell(found.dice)]),
        (_("Surface Dice, within 2 px of the grid"), [cell(found.surface)]),
    ]
    pairs = {"pairs": counted(found.pairs), "of": counted(found.of)}
    caption = (
        _("Drawings of one film by the same reader: {pairs} of {of} pairs", **pairs)
        if own
        else _("Drawings of one film by two readers: {pairs} of {of} pairs", **pairs)
    )
    return Table(caption, ["", _("Mean")], rows)


def within(told: Unblinded) -> Section:
    """Return how well readers agree with themselves."""
    found, title = told.findings.within, _("Agreement of readers with themselves")
    if found is None:
        return Section(
            title,
            empty=_(
                "No hidden repeat was answered yet. They come after the protocol’s washout; a "
                "repeat share of 0 deals none."
            ),
        )
    rows = _agreement_rows([(_("Hidden repeats"), found.agreement)])
    tables = [_agreement_table(_("The same reader, the same film, again"), rows)]
    if told.redrawings:
        tables.append(_drawings(told, own=True))
    notes = []
    if found.slot_kept is not None:
        notes.append(
            _(
                "The same letter was chosen on {share} of them; letters are shuffled anew, so a "
                "memory of letters would show here.",
                share=percents(found.slot_kept, 1),
            )
        )
    lead = ngettext(
        "{count} answer was given to a film that came back unannounced; it was the same as before "
        "on {share}.",
        "{count} answers were given to films that came back unannounced; they were the same as "
        "before on {share}.",
        found.repeats,
        share=words.in_full(found.same),
    )
    return Section(title, lead=lead, tables=tables, notes=notes)


def known(told: Unblinded) -> Section | None:
    """Return how often readers were right on sentinels; None where none was met."""
    if not told.sentinels:
        return None
    everybody = told.sentinels[0]
    rows = [
        (
            named(one.reader, told.readers),
            [
                count_cell(one.met),
                count_cell(one.right),
                percent_cell(one.share),
                count_cell(one.spoilt),
                count_cell(one.denied),
            ],
        )
        for one in told.sentinels
    ]
    headings = [
        _("Reader"),
        _("Met"),
        _("Right answers"),
        _("Share"),
        _("Chose a spoilt mask"),
        _("None acceptable"),
    ]
    return Section(
        _("Sentinels: where the right answer is known"),
        lead=words.sentinel_sentence(everybody),
        tables=[Table(_("Who was right how often"), headings, rows)],
        notes=[
            _(
                "One mask agreed with the hand-drawn one, and a network’s confirmed it; all others "
                "had been spoilt on purpose. Being right says that gross faults are seen, not that "
                "the hand-drawn mask is the truth to a pixel."
            ),
            _("Intervals are exact (Clopper and Pearson), answer by answer."),
        ],
    )


def films(told: Unblinded) -> Section:
    """Return the films that readers disagree on."""
    rows = [
        (
            one.film,
            [
                count_cell(one.answers),
                Cell(percents(one.disagreement)),
                Cell(
                    ", ".join(
                        f"{words.answer_name(name)} {number(votes)}" for name, votes in one.given
                    )
                ),
            ],
        )
        for one in told.disputed
    ]
    title = _("Films that readers disagree on")
    if not rows:
        return Section(title, empty=_("On no film do two answers differ."))
    headings = [_("Film"), _("Answers"), _("Pairs that differ"), _("Given")]
    return Section(title, tables=[Table(_("Most disputed first"), headings, rows)])


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
        _(
            "Where their reader later chose one mask on the same film, it was the one most like "
            "the own drawing on {nearest} of {later}.",
            nearest=counted(found.nearest),
            later=counted(found.later),
        )
        if found.later
        else _("On none of these films did their reader choose a mask yet.")
    )
    caption = _(
        "Dice of {some} of {all} such drawings with what was proposed",
        some=counted(found.drawings),
        all=counted(found.of),
    )
    return Section(
        _("Drawn before any proposal was seen"),
        lead=f"{_('What physicians draw when nothing can sway them.')} {later}",
        tables=[Table(caption, [_("Source"), _("Mean Dice")], rows)],
    )
