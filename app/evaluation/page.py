"""What the page of an evaluation says: headline numbers, tables and curves, ready to be laid out.

Everything is text or points here, so that the template only lays out.
"""

from dataclasses import dataclass, field

from app.evaluation import curves, tables, words
from app.evaluation.curves import Chart
from app.evaluation.report import Evaluation
from app.evaluation.tables import Cell, Table, cell, percent_cell


@dataclass(frozen=True)
class Headline:
    """One large number, its interval, and what it is."""

    label: str
    cell: Cell


@dataclass(frozen=True)
class Section:
    """A part of the page: words, then tables, then curves, then remarks."""

    title: str
    lead: str = ""
    tables: list[Table] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class EvaluationPage:
    """The page. ``left_out`` is (reason, films, some names)."""

    title: str
    subtitle: str
    facts: list[tuple[str, str]]
    headlines: list[Headline]
    sections: list[Section]
    left_out: list[tuple[str, int, str]]


def page_of(found: Evaluation) -> EvaluationPage:
    """Return the page of an evaluation."""
    makers = [_overlap, _surfaces, _alarms, _detection, _written, _groups, _calibration]
    sections = [section for maker in makers if (section := maker(found)) is not None]
    return EvaluationPage(
        title=" + ".join(found.names),
        subtitle=words.subtitle(found),
        facts=words.facts(found),
        headlines=_headlines(found),
        sections=sections,
        left_out=words.left_out(found.left_out),
    )


def _headlines(found: Evaluation) -> list[Headline]:
    summary = found.summary
    overall = summary.overall
    shown = []
    if overall.films:
        shown = [
            Headline("Dice per film", cell(overall.per_film["dice"])),
            Headline("Dice pooled", cell(overall.pooled["dice"])),
            Headline("IoU per film", cell(overall.per_film["iou"])),
            Headline("IoU pooled", cell(overall.pooled["iou"])),
        ]
    if found.task == "infection":
        if overall.films:
            shown.append(Headline("Infected films found", percent_cell(overall.found)))
        if summary.clear[0].alarms.films:
            alarms = summary.clear[0].alarms.called_infected
            shown.append(Headline("False alarms, of films without", percent_cell(alarms)))
        if summary.shortcut_check:
            blanked = summary.shortcut_check.conditions.get("lungs_blanked")
            whole = summary.shortcut_check.conditions["whole"]
            shown.append(Headline("AUC of detection", cell(whole.auc)))
            if blanked:
                shown.append(Headline("AUC with the lungs blanked", cell(blanked.auc)))
    for pair in list(summary.calibration.values())[:1]:
        shown.append(Headline("Calibration error", cell(pair.after.ece)))
    return shown


def _overlap(found: Evaluation) -> Section | None:
    group = found.summary.overall
    if not group.films:
        return None
    return Section(
        "Overlap with the drawn masks",
        lead=words.AVERAGES,
        tables=[tables.overlap(group)],
        charts=[curves.dice_histogram(found.films), *curves.by_threshold(found)],
        notes=[*words.overlap_notes(found), *words.CONVENTIONS],
    )


def _surfaces(found: Evaluation) -> Section | None:
    group = found.summary.overall
    if not group.films:
        return None
    return Section(
        "Distance of the outlines",
        lead=words.SURFACES,
        tables=[tables.surfaces(group)],
        notes=words.surface_notes(found),
    )


def _alarms(found: Evaluation) -> Section | None:
    if found.task != "infection":
        return None
    if not found.summary.clear[0].alarms.films:
        return Section("False alarms", lead=words.NO_CLEAR_FILMS)
    return Section(
        "False alarms on films without drawn infection",
        lead=words.false_alarms(found),
        tables=[tables.false_alarms(found.summary.clear)],
    )


def _detection(found: Evaluation) -> Section | None:
    summary = found.summary
    if summary.detection is None:
        return None
    return Section(
        "Detection and the shortcut check",
        lead=words.detection(found),
        tables=tables.detection(summary),
        charts=[curves.roc(summary)],
        notes=words.detection_notes(found),
    )


def _written(found: Evaluation) -> Section | None:
    ways = found.summary.written
    if not ways:
        return None
    return Section(
        "The same films, written otherwise", lead=words.WRITTEN, tables=[tables.written(ways)]
    )


def _groups(found: Evaluation) -> Section | None:
    shown = {way: some for way, some in found.summary.groups.items() if some}
    if not shown:
        return None
    return Section(
        "By source, patient, view and size",
        lead=words.GROUPS,
        tables=[tables.groups(way, some, task=found.task) for way, some in shown.items()],
    )


def _calibration(found: Evaluation) -> Section | None:
    pairs = found.summary.calibration
    if not pairs:
        return None
    return Section(
        "Calibration",
        lead=words.calibration(found),
        tables=[tables.calibration(pairs)],
        charts=[curves.reliability(name, pair) for name, pair in pairs.items()],
    )
