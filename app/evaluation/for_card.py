"""The section of a network's card that an evaluation writes, as Markdown."""

from collections.abc import Iterable

from app.evaluation import tables
from app.evaluation.report import CONFOUNDED, Evaluation
from app.evaluation.tables import Cell, Table

BEGIN, END = "<!-- evaluation -->", "<!-- end of evaluation -->"


def into_card(card: str, found: Evaluation) -> str:
    """Return a card's text with the section of this evaluation, in the place of an older one."""
    before, _, rest = card.partition(BEGIN)
    after = rest.partition(END)[2]
    parts = (before.rstrip(), f"{BEGIN}\n{section(found)}\n{END}", after.strip())
    return "\n\n".join(part for part in parts if part) + "\n"


def section(found: Evaluation) -> str:
    """Return the section: overlap, distances, groups, detection with its control, calibration."""
    folders = " ".join(found.folders)
    split = f" --split {found.split}" if found.split else ""
    summary = found.summary
    shown = [tables.overlap(summary.overall), tables.surfaces(summary.overall)]
    shown += [tables.groups(way, some, task=found.task) for way, some in summary.groups.items()]
    if summary.clear:
        shown.append(tables.false_alarms(summary.clear))
    blocks = [
        "## Evaluation",
        f"`maskballot evaluate {','.join(found.names)} {folders}{split} --card`: "
        f"{summary.overall.films} films with a drawn mask. In brackets: {found.interval}.",
        *map(_markdown, shown),
    ]
    if summary.detection:
        blocks += [*map(_markdown, tables.detection(summary)), CONFOUNDED]
    if summary.calibration:
        blocks.append(_markdown(tables.calibration(summary.calibration)))
    return "\n\n".join(blocks)


def _markdown(table: Table) -> str:
    rows = [table.headings, ["---"] * len(table.headings)]
    rows += [[name, *map(_words, cells)] for name, cells in table.rows]
    return f"**{table.caption}**\n\n" + "\n".join(map(_line, rows))


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _words(cell: Cell) -> str:
    return f"{cell.text} ({cell.small})" if cell.small else cell.text
