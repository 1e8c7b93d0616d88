"""A table of films: CSV as people and spreadsheets write it."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from app.films.refusals import LayoutRefused

TABLE = "films.csv"
MAX_BYTES = 64 * 1024 * 1024
# Our name first, then other common ones, in lower case.
COLUMNS = {
    "file": ("file", "film", "filename", "file_name", "path", "image"),
    "infection": ("infection", "mask", "infection_mask"),
    "lungs": ("lungs", "lung", "lung_mask"),
    "patient_id": ("patient_id", "patient", "patientid"),
    "view": ("view", "viewposition", "view_position"),
    "finding": ("finding", "findings", "label"),
    "drawn_by": ("drawn_by", "mask_author"),
    "split": ("split",),
    "note": ("note", "notes"),
}


@dataclass(frozen=True)
class Row:
    """One line that names a film; ``line`` counts from 1, the heading is line 1."""

    line: int
    file: str
    masks: Mapping[str, str]
    patient_id: str | None
    view: str | None
    finding: str | None
    drawn_by: str | None
    split: str | None
    note: str | None


def read_table(path: Path) -> Iterator[Row]:
    """Yield the rows of ``path``; raises `LayoutRefused` if it is not a table of films."""
    text = _text(path)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        columns = _columns(next(reader, []), path)
        for cells in reader:
            row = {
                name: cells[place].strip() for name, place in columns.items() if place < len(cells)
            }
            if any(row.values()):
                yield _row(row, line=reader.line_num, table=path)
    except csv.Error as error:
        raise LayoutRefused(
            "{table}, line {line}, cannot be read as a table ({error}).",
            table=path.name,
            line=reader.line_num,
            error=error,
        ) from error


def _row(cells: Mapping[str, str], *, line: int, table: Path) -> Row:
    if not cells.get("file"):
        raise LayoutRefused("{table}, line {line}, names no file.", table=table.name, line=line)
    return Row(
        line=line,
        file=cells["file"],
        masks={kind: cells[kind] for kind in ("infection", "lungs") if cells.get(kind)},
        patient_id=cells.get("patient_id") or None,
        view=cells.get("view") or None,
        finding=cells.get("finding") or None,
        drawn_by=cells.get("drawn_by") or None,
        split=cells.get("split") or None,
        note=cells.get("note") or None,
    )


def _columns(heading: list[str], path: Path) -> dict[str, int]:
    places = {name.strip().lower(): place for place, name in reversed(list(enumerate(heading)))}
    columns = {}
    for name, known in COLUMNS.items():
        found = next((places[other] for other in known if other in places), None)
        if found is not None:
            columns[name] = found
    if "file" not in columns:
        raise LayoutRefused(
            "{table} has no column “file”.",
            cure="Its first line names the columns: file, and if you have them infection, lungs, "
            "patient_id, view, finding, drawn_by.",
            table=path.name,
        )
    return columns


def _text(path: Path) -> str:
    if path.stat().st_size > MAX_BYTES:
        raise LayoutRefused("{table} is too large for a table of films.", table=path.name)
    data = path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What spreadsheets on Windows call "CSV".
        return data.decode("cp1252", "replace")


def _delimiter(text: str) -> str:
    heading = text.split("\n", 1)[0]
    return max(",;\t", key=heading.count)
