"""``maskballot evaluate``: networks' masks against the masks drawn in folders."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from app.cli.evaluated import print_short
from app.cli.progress import counting
from app.evaluation.for_card import into_card
from app.evaluation.groups import Frame
from app.evaluation.judging import Judge
from app.evaluation.listing import LeftOut, ListedFilm, list_films
from app.evaluation.panel import entries_of
from app.evaluation.records import FilmResult, Tolerance
from app.evaluation.report import Evaluation, as_json
from app.evaluation.sheet import write_page
from app.evaluation.summary import summarise
from app.films.limits import Limits
from app.maps.team import Roster
from app.networks.manifest import inside, read_manifest
from app.settings import settings

INTERRUPTED = 130


Networks = Annotated[
    str,
    typer.Argument(
        help="A network of the manifest, stage1 or stage2, or several by commas: their mean."
    ),
]
Folders = Annotated[
    list[Path], typer.Argument(metavar="FOLDER...", help="Layouts with drawn masks, or none.")
]
Split = Annotated[
    str | None,
    typer.Option(help="Only the films of this split; folders without splits give all films."),
]
Html = Annotated[Path | None, typer.Option(help="Write the page with curves and films.")]
Json = Annotated[bool, typer.Option("--json", help="All numbers, as JSON.")]
Card = Annotated[
    bool, typer.Option("--card", help="Write the tables into the network's card in models/.")
]
Check = Annotated[
    bool | None,
    typer.Option(
        "--shortcut-check/--no-shortcut-check",
        help="Detection with the lungs blanked and with the borders masked, too. "
        "If not given: where there are films without a drawn mask.",
    ),
]
Pixels = Annotated[float, typer.Option(min=0, help="Of the NSD, in native pixels.")]
Millimetres = Annotated[
    float, typer.Option(min=0, help="The same in mm, for films with a known spacing.")
]
Pictures = Annotated[int, typer.Option(min=0, help="Films a row of the page's sheet.")]
Notes = Annotated[bool, typer.Option("--with-notes", help="Take films that carry a note, too.")]
Seed = Annotated[int, typer.Option(help="Seed of the bootstrap.")]
Models = Annotated[Path | None, typer.Option(help="The folder of networks.")]
Threads = Annotated[int | None, typer.Option(min=0, help="Processor threads; 0: all.")]


def evaluate(
    network: Networks,
    folders: Folders,
    split: Split = None,
    html: Html = None,
    as_json_: Json = False,
    card: Card = False,
    shortcut_check: Check = None,
    tolerance: Pixels = 2.0,
    tolerance_mm: Millimetres = 2.0,
    pictures: Pictures = 4,
    with_notes: Notes = False,
    seed: Seed = 1,
    models: Models = None,
    threads: Threads = None,
) -> None:
    """Score NETWORK on FOLDER...: per film and pooled, with 95 % intervals over patients.

    A film of the training set gets the file that never saw it, or is left out. Films without a
    drawn mask count as false alarms only. Exit code 1 if no film could be scored.
    """
    films, noted = list_films(folders, split=split, with_notes=with_notes)
    judge = _judge(
        models or settings().models,
        network,
        tolerance=Tolerance(tolerance, tolerance_mm),
        shortcut_check=_wants_check(shortcut_check, films),
        threads=settings().inference_threads if threads is None else threads,
    )
    if card and len(judge.entries) > 1:
        raise typer.BadParameter("the mean of several networks has no card", param_hint="--card")
    found = _evaluation(judge, films, noted, split=split, seed=seed)
    if as_json_:
        typer.echo(json.dumps(as_json(found), indent=1))
    else:
        print_short(found)
    if html is not None:
        write_page(html, found, judge, films, a_row=pictures)
        typer.echo(f"The page: {html}", err=True)
    if not found.films:
        raise typer.Exit(1)
    if card:
        path = inside(judge.models, judge.entries[0].card)
        _write_whole(path, into_card(path.read_text(encoding="utf-8"), found))
        typer.echo(f"The card: {path}", err=True)


def _write_whole(path: Path, text: str) -> None:
    unfinished = path.with_suffix(".part")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)


def _judge(
    models: Path, network: str, *, tolerance: Tolerance, shortcut_check: bool, threads: int
) -> Judge:
    here = settings()
    return Judge(
        roster=Roster.read(models, [], threads=threads, lungs_only=True),
        entries=entries_of(read_manifest(models), network),
        limits=Limits(here.max_film_bytes, here.max_film_pixels),
        tolerance=tolerance,
        shortcut_check=shortcut_check,
    )


def _evaluation(
    judge: Judge,
    films: Sequence[ListedFilm],
    noted: list[LeftOut],
    *,
    split: str | None,
    seed: int,
) -> Evaluation:
    try:
        results, left_out = _judged(judge, films)
    except KeyboardInterrupt:
        typer.echo("Stopped; nothing was written. Run it again to begin anew.", err=True)
        raise typer.Exit(INTERRUPTED) from None
    tolerance = judge.tolerance
    frame = Frame(
        judge.operating.detection_threshold, (tolerance.pixels, tolerance.millimetres), seed
    )
    return Evaluation(
        entries=judge.entries,
        operating=judge.operating,
        folders=tuple(dict.fromkeys(film.folder for film in films)),
        split=split,
        seed=seed,
        tolerance=tolerance,
        films=results,
        left_out=[*noted, *left_out],
        summary=summarise(results, frame, detection=judge.task == "infection"),
    )


def _wants_check(asked: bool | None, films: Sequence[ListedFilm]) -> bool:
    return any("infection" not in film.entry.masks for film in films) if asked is None else asked


def _judged(judge: Judge, films: Sequence[ListedFilm]) -> tuple[list[FilmResult], list[LeftOut]]:
    results: list[FilmResult] = []
    left_out: list[LeftOut] = []
    with counting("films", console=Console(stderr=True)) as show:
        for number, film in enumerate(judge.judge_all(films), 1):
            show(number, len(films))
            if isinstance(film, LeftOut):
                left_out.append(film)
            else:
                results.append(film)
    return results, left_out
