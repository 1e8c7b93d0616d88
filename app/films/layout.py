"""Which films a folder holds, and which masks belong to them.

Three layouts are read: a table ``films.csv``; folders ``films/``, ``infection/`` and ``lungs/``
whose files share their stems; and any folder of films. Nothing outside the folder is ever listed.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.films.names import printable
from app.films.refusals import (
    FilmRefused,
    LayoutRefused,
    MaskWithoutFilm,
    Missing,
    NamedTwice,
    OutsideFolder,
)
from app.films.table import TABLE, Row, read_table

MASKS = ("infection", "lungs")


@dataclass(frozen=True)
class FilmEntry:
    """One film of a folder. An entry with ``refusal`` cannot be read, and says why."""

    path: Path
    name: str
    masks: Mapping[str, Path] = field(default_factory=dict)
    patient_id: str | None = None
    view: str | None = None
    finding: str | None = None
    drawn_by: str | None = None
    split: str | None = None
    note: str | None = None
    refusal: FilmRefused | None = None


def read_layout(folder: Path) -> list[FilmEntry]:
    """Return the films of ``folder`` (or of a CSV file); raises `LayoutRefused` if none can be."""
    if folder.is_file() and folder.suffix.lower() == ".csv":
        return _from_table(folder.parent, folder)
    if not folder.is_dir():
        raise LayoutRefused("There is no folder {folder}.", cure="Check its name.", folder=folder)
    if (folder / TABLE).is_file():
        entries = _from_table(folder, folder / TABLE)
    elif (folder / "films").is_dir():
        entries = _from_folders(folder)
    else:
        entries = [_entry(folder, path) for path in _files(folder)]
    if not entries:
        raise LayoutRefused("The folder {folder} holds no files.", folder=folder)
    return entries


def _from_table(root: Path, table: Path) -> list[FilmEntry]:
    seen: set[str] = set()
    entries = []
    for row in read_table(table):
        if row.file in seen:
            refusal = NamedTwice(
                "{table}, line {line}, names it again.", table=table.name, line=row.line
            )
            entries.append(FilmEntry(path=root / row.file, name=_name(row.file), refusal=refusal))
            continue
        seen.add(row.file)
        entries.append(_from_row(root, row))
    return entries


def _from_row(root: Path, row: Row) -> FilmEntry:
    path, refusal = _inside(root, row.file)
    masks = {}
    for kind, said in row.masks.items():
        masks[kind], wrong = _inside(root, said)
        refusal = refusal or wrong
    return FilmEntry(
        path=path,
        name=_name(row.file),
        masks=masks,
        patient_id=row.patient_id,
        view=row.view,
        finding=row.finding,
        drawn_by=row.drawn_by,
        split=row.split,
        note=row.note,
        refusal=refusal,
    )


def _from_folders(root: Path) -> list[FilmEntry]:
    masks = {kind: _by_stem(root / kind) for kind in MASKS}
    entries = []
    for path in _files(root / "films"):
        stem = path.relative_to(root / "films").with_suffix("").as_posix()
        own = {kind: found[stem] for kind, found in masks.items() if stem in found}
        entries.append(_entry(root, path, masks=own))
    claimed = {path for entry in entries for path in entry.masks.values()}
    for found in masks.values():
        for path in found.values():
            if path not in claimed:
                name = path.relative_to(root).as_posix()
                refusal = MaskWithoutFilm("No film in films/ has the name of this mask.")
                entries.append(FilmEntry(path=path, name=printable(name), refusal=refusal))
    return entries


def _entry(root: Path, path: Path, *, masks: Mapping[str, Path] | None = None) -> FilmEntry:
    relative = path.relative_to(root).as_posix()
    refusal = _wrong([path, *(masks or {}).values()], root)
    return FilmEntry(path=path, name=_name(relative), masks=masks or {}, refusal=refusal)


def _inside(root: Path, said: str) -> tuple[Path, FilmRefused | None]:
    """Return the path that a table says, and why it is not to be opened."""
    # Tables from Windows part folders its way; no path on any disk holds a zero byte.
    path = root / said.replace("\\", "/").replace("\0", "\N{REPLACEMENT CHARACTER}")
    return path, _wrong([path], root)


def _wrong(paths: Iterable[Path], root: Path) -> FilmRefused | None:
    base = root.resolve()
    for path in paths:
        if not path.resolve().is_relative_to(base):
            return OutsideFolder("The path, or a link on it, leads out of the folder.")
        if not path.is_file():
            return Missing("There is no file {name}.", name=printable(path.name))
    return None


def _by_stem(folder: Path) -> dict[str, Path]:
    return {p.relative_to(folder).with_suffix("").as_posix(): p for p in _files(folder)}


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files below ``folder`` in order of their names; hidden ones are none of ours."""
    for place, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__MACOSX")))
        for name in sorted(names):
            if not name.startswith("."):
                yield Path(place, name)


def _name(relative: str) -> str:
    return printable(relative.replace("\\", "/").removeprefix("films/"))
