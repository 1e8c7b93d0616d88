"""The tables of the page as cells of text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.evaluation.detection import AT_SENSITIVITY, AT_SPECIFICITY, Detection
from app.evaluation.formulas import TITLES
from app.evaluation.groups import ClearGroup, Group
from app.evaluation.summary import AS_IT_IS, WHOLE, CalibrationPair, Summary, Written
from app.networks.scoring import Estimate

CONDITIONS = {
    WHOLE: "whole film",
    "lungs_blanked": "lungs blanked",
    "borders_masked": "borders masked",
}
WRITTEN = {
    AS_IT_IS: "as it is",
    "softened": "softened",
    "compressed": "as a small JPEG",
}
WAYS = {
    "source": "By source",
    "patient": "By what is known of the patient",
    "view": "By view",
    "size": "By quarter of the drawn area",
}


@dataclass(frozen=True)
class Cell:
    """A value and, smaller, its interval."""

    text: str
    small: str = ""


@dataclass(frozen=True)
class Table:
    """A captioned table: the first cell of a row names it."""

    caption: str
    headings: list[str]
    rows: list[tuple[str, list[Cell]]]


def cell(estimate: Estimate | None, *, digits: int = 3) -> Cell:
    """Return a value with its interval; a dash for none."""
    if estimate is None:
        return Cell("–")
    low, high = f"{estimate.low:.{digits}f}", f"{estimate.high:.{digits}f}"
    return Cell(f"{estimate.value:.{digits}f}", f"{low} to {high}")


def percent_cell(estimate: Estimate | None) -> Cell:
    """Return a share in percent."""
    if estimate is None:
        return Cell("–")
    low, high = f"{100 * estimate.low:.1f}", f"{100 * estimate.high:.1f}"
    return Cell(f"{100 * estimate.value:.1f} %", f"{low} to {high} %")


def overlap(group: Group) -> Table:
    """Return both averages of all measures of overlap."""
    rows = [
        (title, [cell(group.per_film[name]), cell(group.pooled[name])])
        for name, title in TITLES.items()
    ]
    return Table(
        f"{group.films} films with a drawn mask, {group.patients} patients",
        ["Measure", "Per film: mean of the films", "Pooled: all pixels together"],
        rows,
    )


def surfaces(group: Group) -> Table:
    """Return HD95 and NSD in each unit that is known."""
    rows = [
        (
            f"in {it.unit}",
            [
                cell(it.hd95, digits=1),
                Cell(f"{it.films - len(it.without_hd95)}"),
                cell(it.nsd),
                Cell(f"{it.tolerance:g} {it.unit}"),
                Cell(f"{it.films}"),
            ],
        )
        for it in group.surfaces
    ]
    headings = ["Unit", "HD95, mean of films", "films", "NSD, mean of films", "tolerance", "films"]
    return Table("Distances between the drawn outline and the network's", headings, rows)


def false_alarms(groups: Sequence[ClearGroup]) -> Table:
    """Return what was claimed on films without a drawn mask."""
    rows = [
        (
            "all of them" if group.name == "all" else group.name,
            [
                Cell(f"{group.alarms.films}"),
                Cell(f"{group.alarms.patients}"),
                percent_cell(group.alarms.called_infected),
                percent_cell(group.alarms.any_pixel),
                percent_cell(group.alarms.area),
            ],
        )
        for group in groups
    ]
    headings = [
        "Films", "films", "patients", "called infected", "anything claimed", "mean area claimed",
    ]  # fmt: skip
    return Table("Films on which nothing was drawn", headings, rows)


def detection(summary: Summary) -> list[Table]:
    """Return detection under each condition, and by source."""
    assert summary.detection is not None
    check = summary.shortcut_check
    conditions = check.conditions if check else {WHOLE: summary.detection}
    found = [_conditions(conditions)]
    if len(summary.detection_by_source) > 2:
        found.append(_by_source(summary))
    return found


def _conditions(conditions: Mapping[str, Detection]) -> Table:
    headings = [
        "Film shown as",
        "AUC",
        "sensitivity at the threshold",
        "specificity at the threshold",
        *(f"sensitivity at specificity ≥ {wanted:g}" for wanted in AT_SPECIFICITY),
        *(f"specificity at sensitivity ≥ {wanted:g}" for wanted in AT_SENSITIVITY),
    ]
    rows = [
        (
            CONDITIONS[name],
            [
                cell(it.auc),
                cell(it.sensitivity),
                cell(it.specificity),
                *(cell(each) for each in it.sensitivity_at_specificity.values()),
                *(cell(each) for each in it.specificity_at_sensitivity.values()),
            ],
        )
        for name, it in conditions.items()
    ]
    one = conditions[WHOLE]
    caption = f"{one.infected} films with infection against {one.clear} without"
    return Table(caption, headings, rows)


def written(ways: Mapping[str, Written]) -> Table:
    """Return overlap and detection for each way of writing the films."""
    headings = [
        "Film written", "Dice per film", "Dice pooled", "infected films found",
        "clear films called infected", "AUC",
    ]  # fmt: skip
    rows = [
        (
            WRITTEN[name],
            [
                cell(it.scores.dice_per_film),
                cell(it.scores.dice_pooled),
                percent_cell(it.scores.found),
                percent_cell(it.false_alarms.called_infected),
                cell(it.auc),
            ],
        )
        for name, it in ways.items()
    ]
    return Table("The same films, written otherwise", headings, rows)


def _by_source(summary: Summary) -> Table:
    names = list(summary.detection_by_source[0].auc)
    rows = [
        (
            f"{it.source}, {'with' if it.infected else 'without'} infection",
            [
                Cell(f"{it.films} against {it.against}"),
                *(cell(it.auc[name].auc) if name in it.auc else Cell("–") for name in names),
            ],
        )
        for it in summary.detection_by_source
    ]
    headings = ["Source", "films", *(f"AUC, {CONDITIONS[name]}" for name in names)]
    return Table("Each source alone against all films of the other kind", headings, rows)


def groups(way: str, some: Sequence[Group], *, task: str) -> Table:
    """Return the main measures of each group."""
    headings = [
        "Films", "films", "patients", "Dice per film", "Dice pooled", "IoU per film", "IoU pooled",
        "sensitivity per film", "precision per film", "HD95, pixels",
    ]  # fmt: skip
    rows = []
    for it in some:
        cells = [Cell(f"{it.films}"), Cell(f"{it.patients}")]
        for name in ("dice", "iou"):
            cells += [cell(it.per_film[name]), cell(it.pooled[name])]
        cells += [cell(it.per_film["sensitivity"]), cell(it.per_film["precision"])]
        cells.append(cell(it.surfaces[0].hd95, digits=1))
        rows.append((it.name, [*cells, percent_cell(it.found)] if task == "infection" else cells))
    if task == "infection":
        headings.append("called infected")
    return Table(WAYS[way], headings, rows)


def calibration(pairs: Mapping[str, CalibrationPair]) -> Table:
    """Return the calibration error before and after the temperature."""
    rows = [
        (name, [Cell(f"{it.films}"), cell(it.before.ece), cell(it.after.ece)])
        for name, it in pairs.items()
    ]
    headings = ["Films", "films", "before: T = 1", "after: the manifest's temperature"]
    return Table("Expected calibration error", headings, rows)
