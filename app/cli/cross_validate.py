"""``maskballot cross-validate``: the folds of a network, one after the other, and their scores."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from app.cli.progress import counting
from app.cli.train import (
    PACKS,
    Data,
    Device,
    Minutes,
    Models,
    Threads,
    default_folder,
    run_on,
    time_left,
)
from app.networks.folds import FOLDS
from app.training import needed

if TYPE_CHECKING:  # this needs torch, which is missed only when the command is run
    from app.networks.scoring import ScoredFilm

PARTS = (*range(FOLDS), None)  # None: on all films, after the folds


def cross_validate(
    config: Annotated[Path, typer.Argument(help="The network's recipe, a TOML file.")],
    data: Data,
    minutes: Minutes = 0,
    models: Models = Path("models"),
    threads: Threads = 0,
    device: Device = "auto",
) -> None:
    """Train five folds and one network on all films; called again, it goes on where it stopped.

    Folds are by patient and by nearly identical films. Each film is then predicted by the fold that
    never saw it, and scored. `to-onnx` ships the runs, with these predictions for `propose`.
    """
    begin = time.monotonic()
    needed.require()
    from app.training import loop, places, runs
    from app.training.config import read_config

    loop.use_threads(threads)
    recipe = read_config(config)
    place = places.choose(device)
    console = Console(stderr=True, highlight=False)
    scores: dict[int, list[ScoredFilm]] = {}
    for fold in PARTS:
        with counting("reading films", console=console) as show:
            prepared = runs.prepare(
                recipe, data, cache=PACKS, fold=fold, models=models, progress=show
            )
        folder = default_folder(recipe.name, fold)
        run = runs.open_run(prepared, folder, place=place)
        console.print(f"{folder}, on {place}")
        if not run_on(run, prepared, folder, seconds=time_left(begin, minutes), console=console):
            typer.echo(f"Stopped at step {run.state.step} of {run.total}: {folder}")
            return
        if fold is not None:
            scores[fold] = runs.out_of_fold_scores(prepared, run)
    _print(scores)
    names = " ".join(str(default_folder(recipe.name, fold)) for fold in (None, *range(FOLDS)))
    typer.echo(f"Finished. Ship them: maskballot to-onnx {names} --data {data}")


def _print(scores: dict[int, list[ScoredFilm]]) -> None:
    from app.networks.scoring import evaluate, in_words

    table = Table(title="Out of fold, at p ≥ ½ on the last grid")
    for heading in ("fold", "films", "Dice per film", "Dice pooled"):
        table.add_column(heading)
    together = [film for films in scores.values() for film in films]
    for name, films in {
        **{str(fold): each for fold, each in scores.items()},
        "all": together,
    }.items():
        found = evaluate(films, detection_threshold=1.0, seed=1).scores
        cells = map(in_words, (found.dice_per_film, found.dice_pooled))
        table.add_row(name, str(found.films), *cells)
    Console().print(table)
