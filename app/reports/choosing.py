"""The parts of the page on what was chosen, and whether the blind was blind. Pure."""

import numpy as np

from app.evaluation.tables import Cell, Table
from app.networks.scoring import Estimate
from app.reports import words
from app.reports.cells import NONE, cell, count_cell, named, number, of_cell, percent_cell, reach
from app.reports.charts import dots
from app.reports.findings import Backbone, Findings
from app.reports.report import Unblinded
from app.reports.section import Section
from app.statistics.blinding import Guesses
from app.statistics.preferences import Share
from app.words.speaking import _, counted, decimal, percents


def wins(told: Unblinded) -> Section:
    """Return what was chosen how often, and what that says of strength."""
    found = told.findings
    shares = _("Share of votes")
    strong = found.strengths.sources if found.strengths else []
    tables = [_votes(_("Votes and strengths"), found.shares, strong, len(found.sources))]
    charts = [dots(shares, [(words.answer_name(one.name), one.share) for one in found.shares])]
    if strong:
        named_ones = [
            (words.source_name(name), one) for name, one in zip(found.sources, strong, strict=True)
        ]
        even = 1 / len(found.sources)
        charts.append(dots(_("Strength"), named_ones, even=even, even_words=_("all alike")))
    if any(pair.of for pair in found.pairs):
        tables.append(_pairs(found))
    if found.backbone:
        tables.append(_backbone(found.backbone))
    tables.append(_by_reader(told))
    if found.without:
        tables.append(_without(told))
    return Section(
        _("Which masks were chosen"),
        lead=_(
            "A vote counts for the source that stood in the chosen slot; a tie is shared. "
            "Strength is the share of choices a source would get if all sources stood side by side "
            "without slot bias."
        ),
        tables=tables,
        dots=charts,
        notes=words.cautions(found),
    )


def _votes(caption: str, shares: list[Share], strong: list[Estimate], sources: int) -> Table:
    """Return votes and strengths; answers behind the sources have none."""
    rows = [
        (
            words.answer_name(one.name),
            [
                Cell(number(one.votes)),
                percent_cell(one.share),
                percent_cell(strong[place] if place < min(len(strong), sources) else None),
            ],
        )
        for place, one in enumerate(shares)
    ]
    return Table(caption, [_("Answer"), _("Votes"), _("Share of votes"), _("Strength")], rows)


def _backbone(found: Backbone) -> Table:
    """The same as of all films, of those that came at random alone."""
    strong = found.strengths.sources if found.strengths else []
    caption = _(
        "The random backbone alone: {answers} answers on {films} films",
        answers=counted(found.answers),
        films=counted(found.films),
    )
    return _votes(caption, found.shares, strong, len(strong))


def _pairs(found: Findings) -> Table:
    rows = [
        (
            _(
                "{first} before {second}",
                first=words.source_name(pair.first),
                second=words.source_name(pair.second),
            ),
            [
                of_cell(pair.wins, pair.of),
                Cell(percents(pair.wins / pair.of, 1)) if pair.of else NONE,
            ],
        )
        for pair in found.pairs
    ]
    caption = _("In pairs: the chosen before all others, all others before the worst")
    return Table(caption, [_("Pair"), _("Times"), _("Share")], rows)


def _by_reader(told: Unblinded) -> Table:
    found = told.findings
    names = [words.answer_name(one.name) for one in found.shares]
    rows = [
        (
            named(one.reader, told.readers),
            [count_cell(one.votes), *(Cell(percents(share)) for share in one.shares)],
        )
        for one in found.by_reader
    ]
    headings = [_("Reader"), _("Votes"), *names]
    return Table(_("Share of each reader’s votes"), headings, rows)


def _without(told: Unblinded) -> Table:
    """Whether the strengths hang on one reader."""
    found = told.findings
    rows = [
        (
            named(one.reader, told.readers),
            [count_cell(one.choices), *(Cell(percents(each, 1)) for each in one.strengths)],
        )
        for one in found.without
    ]
    each = np.array([one.strengths for one in found.without])
    ends = zip(each.min(axis=0).tolist(), each.max(axis=0).tolist(), strict=True)
    spans = [Cell(reach(decimal(100 * low, 1), percents(high, 1))) for low, high in ends]
    rows.append((_("Lowest to highest"), [NONE, *spans]))
    headings = [_("Without"), _("Choices left"), *map(words.source_name, found.sources)]
    return Table(_("Strength with one reader left out"), headings, rows)


def blinding(told: Unblinded) -> Section:
    """Return what the guesses say of the blind."""
    found = told.findings
    guesses, title = found.guesses, _("Was the blind blind?")
    if "manual" not in found.sources:
        empty = _("No hand-drawn mask stood among these: there is none to find.")
        return Section(title, empty=empty)
    lead = words.guess_sentence(guesses)
    if not guesses.made and not guesses.unknown:
        return Section(
            title,
            lead=lead,
            empty=_(
                "Set the protocol’s guess share above 0 before the next study: on that share of "
                "ballots physicians are asked, after the choice, which mask was drawn by hand."
            ),
        )
    tables = [_indices(guesses)]
    if found.guesses_by_reader:
        tables.append(_guesses_by_reader(told))
    if found.shown:
        tables.append(_shown(found))
    return Section(title, lead=lead, tables=tables)


def _indices(guesses: Guesses) -> Table:
    chance = _("chance {share}", share=percents(guesses.chance, 1))
    james = _("1 all “don’t know”, {half} at random, 0 all right", half=decimal(0.5, 1))
    rows = [
        (_("Found, of guesses made"), [percent_cell(guesses.found), Cell(chance)]),
        (
            _("Bang’s index"),
            [cell(guesses.bang, digits=2), Cell(_("0 is chance, 1 all right"))],
        ),
        (_("James’ index"), [cell(guesses.james, digits=2), Cell(james)]),
    ]
    if guesses.p_value is not None:
        p_value = Cell(f"p = {decimal(guesses.p_value, 3)}")
        how = Cell(_("of finding it as often by chance"))
        rows.append((_("One-sided binomial test"), [p_value, how]))
    caption = _("The question “Which was drawn by hand?”")
    return Table(caption, ["", _("Value"), _("How to read it")], rows)


def _guesses_by_reader(told: Unblinded) -> Table:
    rows = [
        (
            named(one.reader, told.readers),
            [
                of_cell(one.right, one.made),
                percent_cell(one.found),
                Cell(_("rings") if one.alarm.rings else _("quiet")),
            ],
        )
        for one in told.findings.guesses_by_reader
    ]
    headings = [_("Reader"), _("Found"), _("Share"), _("Own alarm")]
    return Table(_("Who found it how often"), headings, rows)


def _shown(found: Findings) -> Table:
    rows = [
        (
            _("as they are") if one.native else _("normalised"),
            [
                count_cell(one.answers),
                percent_cell(one.hand_drawn),
                of_cell(one.found, one.guesses),
            ],
        )
        for one in found.shown
    ]
    return Table(
        _("What normalising the display costs"),
        [_("Masks shown"), _("Answers"), _("Votes for the hand-drawn"), _("Guessed right")],
        rows,
    )


def denied(found: Findings) -> Section:
    """Return the shares of answers that are no plain choice."""
    rows = [
        (_("None acceptable"), [percent_cell(found.denied)]),
        (_("… and a mask drawn"), [percent_cell(found.redrawn)]),
        (_("Ties"), [percent_cell(found.ties)]),
        (_("Unsure, where it was said"), [percent_cell(found.unsure)]),
    ]
    return Section(
        _("Denied and redrawn"),
        lead=_(
            "In the method’s first study under {share} of the films were denied.",
            share=percents(words.PAPER_DENIED),
        ),
        tables=[Table(_("Share of answers"), ["", _("Share")], rows)],
    )
