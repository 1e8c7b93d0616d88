"""``maskballot train``: train a network in steps, from a configuration and a folder of films."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console

from app.cli.progress import counting
from app.networks.folds import FOLDS
from app.training import needed

if TYPE_CHECKING:  # these need torch, which is missed only when the command is run
    from app.training.config import TrainingConfig
    from app.training.loop import Run
    from app.training.runs import Prepared

WORK = Path("work")
PACKS = WORK / "packs"


Data = Annotated[Path, typer.Option(help="An exported set, a folder of layouts, or a pack.")]
Minutes = Annotated[
    float, typer.Option(min=0, help="Stop after so long, reading included; 0: at the end.")
]
Models = Annotated[Path, typer.Option(help="Where the network lies that the recipe goes on from.")]
Threads = Annotated[int, typer.Option(min=0, help="Processor threads; 0: all.")]
Device = Annotated[
    Literal["auto", "cpu", "cuda"], typer.Option(help="auto: a GPU if there is one.")
]


def train(
    config: Annotated[Path, typer.Argument(help="The network's recipe, a TOML file.")],
    data: Data,
    out: Annotated[
        Path | None, typer.Option(help="Where the run is kept; work/runs/NAME if not given.")
    ] = None,
    minutes: Minutes = 0,
    fold: Annotated[
        int | None, typer.Option(min=0, max=FOLDS - 1, help="Keep this fold out of training.")
    ] = None,
    phases: Annotated[int, typer.Option(min=0, help="Stop after so many phases; 0: all.")] = 0,
    models: Models = Path("models"),
    threads: Threads = 0,
    device: Device = "auto",
) -> None:
    """Train a network as far as the time allows; called again, it goes on where it stopped.

    Ctrl-C ends the step under way, saves and stops. In steps or in one go: the result is the same.
    Started by torchrun, several processes train it together. `train pack --help` tells how films
    are packed into one file for another machine.
    """
    begin = time.monotonic()
    needed.require()
    from app.training import loop, places, runs, teams
    from app.training.config import read_config

    loop.use_threads(threads)
    recipe = read_config(config)
    folder = out or default_folder(recipe.name, fold)
    with teams.assembled(device) as team:
        place = places.choose(device, number=team.local_rank)
        console = Console(stderr=True, highlight=False, quiet=not team.leads)
        console.print(f"On {place}; {team.size} process(es).")
        with team.first_alone(), counting("reading films", console=console) as show:
            prepared = runs.prepare(
                recipe, data, cache=PACKS, fold=fold, models=models, progress=show
            )
        run = runs.open_run(prepared, folder, place=place, team=team)
        console.print(_beginning(recipe, run))
        seconds = time_left(begin, minutes)
        ended = run_on(run, prepared, folder, seconds=seconds, phases=phases, console=console)
        if team.leads:
            said = "Finished" if ended else "Stopped"
            typer.echo(f"{said} at step {run.state.step} of {run.total}: {folder}")


def _beginning(recipe: TrainingConfig, run: Run) -> str:
    """Say where the run stands, and what it begins from."""
    if run.state.step:
        return f"{recipe.name}: goes on at step {run.state.step}."
    if recipe.start:
        return f"{recipe.name}: goes on from the network {recipe.start}."
    said = getattr(run.network, "begun_from", "") or "begins with fresh weights"
    return f"{recipe.name}: {said}."


def time_left(begin: float, minutes: float) -> float:
    """Return the seconds that are left of the minutes since a monotonic time; 0 minutes: all."""
    return max(minutes * 60 - (time.monotonic() - begin), 0) if minutes else float("inf")


def default_folder(name: str, fold: int | None) -> Path:
    """Return where a run is kept if nothing else is said."""
    return WORK / "runs" / (name if fold is None else f"{name}-fold{fold}")


def run_on(
    run: Run,
    prepared: Prepared,
    folder: Path,
    *,
    seconds: float,
    console: Console,
    phases: int = 0,
) -> bool:
    """Train with the progress shown; return whether the schedule ended."""
    from app.training import loop, runs

    def after_epoch(run: Run) -> dict[str, float]:
        scores = runs.tune_scores(prepared, run)
        words = [f"{key.replace('_', ' ')} {value:.3f}" for key, value in scores.items()]
        console.print(f"step {run.state.step}: {', '.join(words) or 'no tuning films'}")
        return scores

    with counting(prepared.config.name, console=console) as show:
        return loop.train(
            run,
            runs.checkpoint_of(folder),
            seconds=seconds,
            until=run.end_of_phase(phases) if phases else None,
            report=lambda step, total, loss: show(
                step, total, work=(run.work_until(step), run.work_until(total))
            ),
            after_epoch=after_epoch,
            complain=console.print,
        )
