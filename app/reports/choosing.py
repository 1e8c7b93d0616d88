"""The parts of the page on what was chosen, and whether the blind was blind. Pure."""

from app.evaluation.tables import Cell, Table, cell, percent_cell
from app.reports import words
from app.reports.charts import dots
from app.reports.findings import Backbone, Findings
from app.reports.report import Unblinded
from app.reports.section import Section
from app.statistics.blinding import Guesses


def wins(told: Unblinded) -> Section:
    """Return what was chosen how often, and what that says of strength."""
    found = told.findings
    strengths = found.strengths
    rows = []
    for place, one in enumerate(found.shares):
        strength = strengths.sources[place] if strengths and place < len(found.sources) else None
        rows.append(
            (
                words.answer_name(one.name),
                [
                    Cell(words.number(one.votes)),
                    percent_cell(one.share),
                    percent_cell(strength),
                ],
            )
        )
    tables = [Table("Votes and strengths", ["Answer", "Votes", "Share of votes", "Strength"], rows)]
    charts = [dots("Share of votes", [(words.answer_name(s.name), s.share) for s in found.shares])]
    if strengths:
        named = [
            (words.source_name(name), one)
            for name, one in zip(found.sources, strengths.sources, strict=True)
        ]
        even = 1 / len(found.sources)
        charts.append(dots("Strength", named, even=even, even_words="all alike"))
    if any(pair.of for pair in found.pairs):
        tables.append(_pairs(found))
    if found.backbone:
        tables.append(_backbone(found.backbone))
    tables.append(_by_reader(told))
    return Section(
        "Which masks were chosen",
        lead="A vote counts for the source that stood in the chosen slot; a tie is shared. "
        "Strength is the share of choices a source would get if all sources stood side by side "
        "without slot bias.",
        tables=tables,
        dots=charts,
        notes=words.cautions(found),
    )


def _backbone(found: Backbone) -> Table:
    """The same as of all films, of those that came at random alone."""
    strong = found.strengths.sources if found.strengths else []
    rows = [
        (
            words.answer_name(one.name),
            [
                Cell(words.number(one.votes)),
                percent_cell(one.share),
                percent_cell(strong[place] if place < len(strong) else None),
            ],
        )
        for place, one in enumerate(found.shares)
    ]
    caption = f"The random backbone alone: {found.answers:,} answers on {found.films:,} films"
    return Table(caption, ["Answer", "Votes", "Share of votes", "Strength"], rows)


def _pairs(found: Findings) -> Table:
    rows = [
        (
            f"{words.source_name(pair.first)} before {words.source_name(pair.second)}",
            [
                Cell(f"{words.number(pair.wins)} of {words.number(pair.of)}"),
                Cell(words.percent(pair.wins / pair.of) if pair.of else "–"),
            ],
        )
        for pair in found.pairs
    ]
    caption = "In pairs: the chosen before all others, all others before the worst"
    return Table(caption, ["Pair", "Times", "Share"], rows)


def _by_reader(told: Unblinded) -> Table:
    found = told.findings
    names = [words.answer_name(one.name) for one in found.shares]
    rows = [
        (
            f"{one.reader + 1}. {told.readers[one.reader]}",
            [Cell(f"{one.votes:,}"), *(Cell(words.percent(share, 0)) for share in one.shares)],
        )
        for one in found.by_reader
    ]
    return Table("Share of each reader’s votes", ["Reader", "Votes", *names], rows)


def blinding(told: Unblinded) -> Section:
    """Return what the guesses say of the blind."""
    found = told.findings
    guesses, title = found.guesses, "Was the blind blind?"
    if "manual" not in found.sources:
        return Section(title, empty="No hand-drawn mask stood among these: there is none to find.")
    lead = words.guess_sentence(guesses)
    if not guesses.made and not guesses.unknown:
        return Section(
            title,
            lead=lead,
            empty="Set the protocol’s guess share above 0 before the next study: on that share of "
            "ballots physicians are asked, after the choice, which mask was drawn by hand.",
        )
    tables = [_indices(guesses)]
    if found.guesses_by_reader:
        tables.append(_guesses_by_reader(told))
    if found.shown:
        tables.append(_shown(found))
    return Section(title, lead=lead, tables=tables)


def _indices(guesses: Guesses) -> Table:
    rows = [
        (
            "Found, of guesses made",
            [percent_cell(guesses.found), Cell(f"chance {words.percent(guesses.chance)}")],
        ),
        ("Bang’s index", [cell(guesses.bang, digits=2), Cell("0 is chance, 1 all right")]),
        (
            "James’ index",
            [cell(guesses.james, digits=2), Cell("1 all “don’t know”, 0.5 at random, 0 all right")],
        ),
    ]
    if guesses.p_value is not None:
        p_value = Cell(f"p = {guesses.p_value:.3f}")
        how = Cell("of finding it as often by chance")
        rows.append(("One-sided binomial test", [p_value, how]))
    caption = "The question “Which was drawn by hand?”"
    return Table(caption, ["", "Value", "How to read it"], rows)


def _guesses_by_reader(told: Unblinded) -> Table:
    rows = [
        (
            f"{one.reader + 1}. {told.readers[one.reader]}",
            [
                Cell(f"{one.right:,} of {one.made:,}"),
                percent_cell(one.found),
                Cell("rings" if one.alarm.rings else "quiet"),
            ],
        )
        for one in told.findings.guesses_by_reader
    ]
    headings = ["Reader", "Found", "Share", "Own alarm"]
    return Table("Who found it how often", headings, rows)


def _shown(found: Findings) -> Table:
    rows = [
        (
            "as they are" if one.native else "normalised",
            [
                Cell(f"{one.answers:,}"),
                percent_cell(one.hand_drawn),
                Cell(f"{one.found:,} of {one.guesses:,}"),
            ],
        )
        for one in found.shown
    ]
    return Table(
        "What normalising the display costs",
        ["Masks shown", "Answers", "Votes for the hand-drawn", "Guessed right"],
        rows,
    )


def denied(found: Findings) -> Section:
    """Return the shares of answers that are no plain choice."""
    rows = [
        ("None acceptable", [percent_cell(found.denied)]),
        ("… and a mask drawn", [percent_cell(found.redrawn)]),
        ("Ties", [percent_cell(found.ties)]),
        ("Unsure, where it was said", [percent_cell(found.unsure)]),
    ]
    return Section(
        "Denied and redrawn",
        lead=f"In the method’s first study {words.PAPER_DENIED} of the films were denied.",
        tables=[Table("Share of answers", ["", "Share"], rows)],
    )
