"""``maskballot leaks``: films and patients that stand on two sides of a split."""

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from app import RESEARCH_ONLY, __version__
from app.cli.progress import counting
from app.films.layout import FilmEntry, read_layout
from app.films.limits import Limits
from app.films.prints import KeptPrints, Print, prints_of
from app.films.refusals import FilmRefused
from app.settings import settings
from app.twins.fingerprint import SIDE
from app.twins.leaks import Leaks, Pair, SeenFilm
from app.twins.leaks import leaks as found_leaks
from app.twins.search import SAME, twins

KEPT = "fingerprints.npz"
COLUMNS = (
    *("folder", "film", "split", "patient"),
    *("other_folder", "other_film", "other_split", "other_patient"),
    *("kind", "score", "change", "crosses"),
)


def leaks(
    folders: Annotated[list[Path], typer.Argument(help="Layouts (films.csv), or any folders.")],
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of tables.")] = False,
    to_csv: Annotated[
        Path | None, typer.Option("--csv", help="Write every pair of films to this file.")
    ] = None,
    least: Annotated[
        float, typer.Option(min=0.5, max=1, help="Agreement from which films are one picture.")
    ] = SAME,
    cache: Annotated[
        Path | None, typer.Option(help="Where fingerprints are kept; unless set, the home folder.")
    ] = None,
) -> None:
    """Find the same film, near-identical films and patients over all FOLDERS and their splits.

    Near-identical: mirrored, inverted, cropped, turned a little, in another size, window or
    encoding. Exit code 1 if anything crosses splits or folders, or a film could not be read.
    """
    films, prints, refused = _read(folders, cache or settings().home / KEPT)
    with counting("comparing films") as show:
        found = found_leaks(films, twins(prints, least=least, progress=show))
    if to_csv is not None:
        _write(to_csv, found)
    if as_json:
        typer.echo(json.dumps(_said(films, found, refused, least), indent=1, ensure_ascii=False))
    else:
        _print(films, found, refused)
    if found.crossing or refused:
        raise typer.Exit(1)


def _read(
    folders: list[Path], cache: Path
) -> tuple[list[SeenFilm], np.ndarray[tuple[int, ...], np.dtype[np.uint8]], list[str]]:
    """Return the films that can be read, their fingerprints, and the refusals of the others."""
    here = settings()
    labels = _labels(folders)
    entries = [
        (label, entry)
        for label, folder in zip(labels, folders, strict=True)
        for entry in read_layout(folder)
    ]
    films, prints, refused = [], [], []
    limits, kept = Limits(here.max_film_bytes, here.max_film_pixels), KeptPrints.load(cache)
    with counting("reading films") as show:
        read = prints_of((entry for _, entry in entries), limits=limits, kept=kept)
        for done, ((label, entry), one) in enumerate(zip(entries, read, strict=True), 1):
            show(done, len(entries))
            if isinstance(one, FilmRefused):
                refused.append(f"{label}/{entry.name}: {one.reason}")
            else:
                films.append(_film(label, entry, one))
                prints.append(one.fingerprint)
    return films, np.array(prints, np.uint8).reshape(-1, SIDE, SIDE), refused


def _labels(folders: list[Path]) -> list[str]:
    """Return a short name for each folder; the whole path where short ones would be the same."""
    short = [folder.resolve().name for folder in folders]
    return short if len(set(short)) == len(short) else [str(folder) for folder in folders]


def _film(label: str, entry: FilmEntry, one: Print) -> SeenFilm:
    return SeenFilm(
        folder=label,
        name=entry.name,
        pixels_sha256=one.pixels_sha256,
        patient=entry.patient_id or "",
        split=entry.split or "",
    )


def _print(films: list[SeenFilm], found: Leaks, refused: list[str]) -> None:
    console = Console()
    counts = Table("films", str(len(films)), show_edge=False)
    for words, pairs in _kinds(found).items():
        across = Counter(pair.crosses or "none" for pair in pairs)
        beside = f"{across['splits']} over splits, {across['folders']} over folders"
        counts.add_row(words, f"{len(pairs)} ({beside})" if pairs else "none")
    counts.add_row("patients over splits or folders", str(len(found.torn) or "none"))
    counts.add_row("films under two patient ids", str(len(found.shared) or "none"))
    counts.add_row("not read", str(len(refused) or "none"))
    console.print(counts)
    crossing = [pair for pair in found.pairs if pair.crosses]
    inside = [pair for pair in found.pairs if not pair.crosses]
    for title, pairs in (("Leaks", crossing), ("Within one split", inside)):
        if pairs:
            console.print(_pairs(title, pairs))
    if found.shared:
        console.print(_pairs("One film, two patient ids", list(found.shared)))
    if found.torn:
        console.print(_torn(found))
    for line in refused:
        console.print(f"not read: {line}", markup=False, highlight=False)


def _kinds(found: Leaks) -> dict[str, list[Pair]]:
    return {
        "pairs with the same pixels": [pair for pair in found.pairs if pair.same_pixels],
        "near-identical pairs": [pair for pair in found.pairs if not pair.same_pixels],
    }


def _pairs(title: str, pairs: list[Pair]) -> Table:
    table = Table(title=title)
    for heading in ("film", "and", "agreement", "what differs"):
        table.add_column(heading, overflow="fold")
    for pair in sorted(pairs, key=lambda pair: -pair.score):
        films = (Text(f"{film.place}: {film.name}") for film in (pair.first, pair.second))
        table.add_row(*films, f"{pair.score:.2f}", Text(pair.words))
    return table


def _torn(found: Leaks) -> Table:
    table = Table("patient", "films", title="Patients on two sides")
    for patient, films in found.torn.items():
        table.add_row(
            Text(patient), Text(", ".join(f"{film.place}: {film.name}" for film in films))
        )
    return table


def _said(
    films: list[SeenFilm], found: Leaks, refused: list[str], least: float
) -> dict[str, object]:
    return {
        "research_only": RESEARCH_ONLY,
        "version": __version__,
        "films": len(films),
        "least": least,
        "pairs": [dict(zip(COLUMNS, _row(pair), strict=True)) for pair in found.pairs],
        "patients_on_two_sides": {
            patient: [{"folder": f.folder, "film": f.name, "split": f.split} for f in own]
            for patient, own in found.torn.items()
        },
        "two_patient_ids": [dict(zip(COLUMNS, _row(pair), strict=True)) for pair in found.shared],
        "not_read": refused,
    }


def _row(pair: Pair) -> tuple[str | float, ...]:
    first, second = pair.first, pair.second
    return (
        *(first.folder, first.name, first.split, first.patient),
        *(second.folder, second.name, second.split, second.patient),
        "same pixels" if pair.same_pixels else "near-identical",
        *(round(pair.score, 3), pair.words, pair.crosses),
    )


def _write(path: Path, found: Leaks) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(_row(pair) for pair in found.pairs)
