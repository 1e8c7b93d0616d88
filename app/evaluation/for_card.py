"""The section of a network's card that an evaluation writes, as Markdown."""

import re
from collections.abc import Iterable

from app.evaluation import tables
from app.evaluation.report import CONFOUNDED, Evaluation
from app.evaluation.tables import Cell, Table
from app.evaluation.words import WRITTEN

HEADING = "## Evaluation"
_SECTION = re.compile(rf"^{HEADING}\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)

# What a card has room for; the page and the JSON have all columns.
SHOWN = {
    "films",
    "patients",
    "Dice per film",
    "Dice pooled",
    "HD95, pixels",
    "called infected",
    "AUC",
    "sensitivity at the threshold",
    "specificity at the threshold",
}


def into_card(card: str, found: Evaluation) -> str:
    """Return a card's text with the section of this evaluation last, in the place of an older."""
    return f"{_SECTION.sub('', card).rstrip()}\n\n{section(found)}\n"


def section(found: Evaluation) -> str:
    """Return the section: overlap, distances, groups, detection with its control, calibration."""
    folders = " ".join(found.folders)
    split = f" --split {found.split}" if found.split else ""
    summary = found.summary
    groups = [tables.groups(way, some, task=found.task) for way, some in summary.groups.items()]
    shown = [tables.overlap(summary.overall), tables.surfaces(summary.overall)]
    shown += map(_narrowed, groups)
    if summary.clear:
        shown.append(tables.false_alarms(summary.clear))
    blocks = [
        HEADING,
        f"`maskballot evaluate {','.join(found.names)} {folders}{split} --card`: "
        f"{summary.overall.films} films with a drawn mask. In brackets: {found.interval}.",
        *map(_markdown, shown),
    ]
    if summary.detection:
        blocks += [_markdown(_narrowed(tables.detection(summary)[0])), CONFOUNDED]
    if summary.written:
        blocks += [_markdown(tables.written(summary.written)), WRITTEN]
    if summary.calibration:
        blocks.append(_markdown(tables.calibration(summary.calibration)))
    return "\n\n".join(blocks)


def _narrowed(table: Table) -> Table:
    """Return a table with its first column and those of `SHOWN`."""
    first, *headings = table.headings
    kept = [place for place, heading in enumerate(headings) if heading in SHOWN]
    rows = [(name, [cells[place] for place in kept]) for name, cells in table.rows]
    return Table(table.caption, [first, *(headings[place] for place in kept)], rows)


def _markdown(table: Table) -> str:
    rows = [table.headings, ["---"] * len(table.headings)]
    rows += [[name, *map(_words, cells)] for name, cells in table.rows]
    return f"**{table.caption}**\n\n" + "\n".join(map(_line, rows))


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _words(cell: Cell) -> str:
    return f"{cell.text} ({cell.small})" if cell.small else cell.text
