"""``maskballot evaluate``: one network's masks against the masks drawn in a folder."""

import json
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from app import RESEARCH_ONLY, __version__
from app.films.layout import read_layout
from app.films.limits import Limits
from app.networks.evaluation import Evaluator, LeftOut
from app.networks.manifest import NetworkEntry, read_manifest
from app.networks.registry import entry_of
from app.networks.scoring import Estimate, Evaluation, ScoredFilm
from app.networks.scoring import evaluate as summed_up
from app.settings import settings

CONFOUNDED = (
    "Films with and without infection mostly come from different hospitals, which a network may "
    "recognise instead of the disease: such figures of detection are an upper bound."
)


def evaluate(
    network: Annotated[str, typer.Argument(help="The network's name in the manifest.")],
    folder: Annotated[Path, typer.Argument(help="A layout with drawn masks.")],
    split: Annotated[
        str | None, typer.Option(help="Only the films of this split of the layout.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table.")] = False,
    seed: Annotated[int, typer.Option(help="Seed of the bootstrap.")] = 1,
    models: Annotated[Path | None, typer.Option(help="The folder of networks.")] = None,
    threads: Annotated[int | None, typer.Option(min=0, help="Processor threads; 0: all.")] = None,
) -> None:
    """Score NETWORK on FOLDER: per film and pooled, with 95 % intervals over patients.

    A film of the training set gets the file that never saw it, or is left out. Films without a
    drawn mask count as false alarms only. Exit code 1 if no film could be scored.
    """
    here = settings()
    place = models or here.models
    entry = entry_of(read_manifest(place), network)
    limits = Limits(here.max_film_bytes, here.max_film_pixels)
    evaluator = Evaluator(
        place, entry, limits, here.inference_threads if threads is None else threads
    )
    films = [film for film in read_layout(folder) if split is None or film.split == split]
    console = Console(stderr=True)
    scored: list[ScoredFilm] = []
    left_out: list[LeftOut] = []
    for film in track(evaluator.score_all(films), entry.name, total=len(films), console=console):
        (left_out if isinstance(film, LeftOut) else scored).append(film)  # type: ignore[arg-type]
    threshold = entry.operating.detection_threshold
    found = summed_up(scored, detection_threshold=threshold, seed=seed)
    if as_json:
        typer.echo(json.dumps(_said(found, entry, folder, left_out, seed), indent=1))
    else:
        _print(found, entry, left_out)
    if not scored:
        raise typer.Exit(1)


def _said(
    found: Evaluation, entry: NetworkEntry, folder: Path, left_out: list[LeftOut], seed: int
) -> dict[str, object]:
    return {
        "research_only": RESEARCH_ONLY,
        "version": __version__,
        "network": entry.name,
        "sha256": [file.sha256 for file in entry.files],
        "threshold": entry.operating.threshold,
        "specks": entry.operating.specks,
        "detection_threshold": entry.operating.detection_threshold,
        "folder": folder.name,
        "interval": f"95 % bootstrap over patients, percentile method, seed {seed}",
        **found.as_dict(),
        "caution": CONFOUNDED,
        "left_out": [{"film": film.name, "reason": film.reason} for film in left_out],
    }


def _print(found: Evaluation, entry: NetworkEntry, left_out: list[LeftOut]) -> None:
    console = Console()
    scores, alarms = found.scores, found.false_alarms
    drawn = Table(
        title=f"{entry.name}: {scores.films} films with drawn {entry.task}, "
        f"{scores.patients} patients"
    )
    for heading in ("", "per film (mean of films)", "pooled (all pixels together)"):
        drawn.add_column(heading)
    drawn.add_row("Dice", _words(scores.dice_per_film), _words(scores.dice_pooled))
    drawn.add_row("IoU", _words(scores.iou_per_film), _words(scores.iou_pooled))
    console.print(drawn)
    if entry.task == "infection":
        console.print(f"Called infected, of these: {_words(scores.found)}", highlight=False)
        clear = Table(
            title=f"False alarms: {alarms.films} films without drawn infection, "
            f"{alarms.patients} patients"
        )
        clear.add_column("anything claimed")
        clear.add_column("called infected")
        clear.add_column("mean area, share of the film")
        clear.add_row(*map(_words, (alarms.any_pixel, alarms.called_infected, alarms.area)))
        console.print(clear)
        console.print(CONFOUNDED, highlight=False)
    for reason, films in Counter(film.reason for film in left_out).items():
        console.print(f"left out: {films} films: {reason}", markup=False, highlight=False)
    console.print(f"In brackets: 95 % bootstrap intervals over patients. {RESEARCH_ONLY}.")


def _words(estimate: Estimate | None) -> str:
    if estimate is None:
        return "no films"
    return f"{estimate.value:.3f} ({estimate.low:.3f} to {estimate.high:.3f})"
