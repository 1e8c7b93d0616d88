"""``maskballot train``: train a network in steps, from a configuration and a folder of films."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from app.cli.progress import counting
from app.training import needed

if TYPE_CHECKING:  # these need torch, which is missed only when the command is run
    from app.training.loop import Run
    from app.training.runs import Prepared

WORK = Path("work")
PACKS = WORK / "packs"


def train(
    config: Annotated[Path, typer.Argument(help="The network's recipe, a TOML file.")],
    data: Annotated[Path, typer.Option(help="An exported training set, or a folder of layouts.")],
    out: Annotated[
        Path | None, typer.Option(help="Where the run is kept; work/runs/NAME if not given.")
    ] = None,
    minutes: Annotated[
        float, typer.Option(min=0, help="Stop after so long; 0: train to the end.")
    ] = 0,
    fold: Annotated[
        int | None, typer.Option(min=0, max=4, help="Keep this fold out of training.")
    ] = None,
    phases: Annotated[int, typer.Option(min=0, help="Stop after so many phases; 0: all.")] = 0,
    threads: Annotated[int, typer.Option(min=0, help="Processor threads; 0: all.")] = 0,
) -> None:
    """Train a network as far as the time allows; called again, it goes on where it stopped.

    Ctrl-C ends the step under way, saves and stops. In steps or in one go: the result is the same.
    """
    needed.require()
    from app.training import loop, runs
    from app.training.config import read_config

    loop.use_threads(threads)
    recipe = read_config(config)
    folder = out or default_folder(recipe.name, fold)
    with counting("reading films") as show:
        prepared = runs.prepare(recipe, data, cache=PACKS, fold=fold, progress=show)
    run = runs.open_run(prepared, folder)
    if begun_from := getattr(run.network, "begun_from", ""):
        typer.echo(f"{recipe.name}: {begun_from}.")
    ended = _train(run, prepared, folder, minutes=minutes, phases=phases)
    said = "Finished" if ended else "Stopped"
    typer.echo(f"{said} at step {run.state.step} of {run.total}: {folder}")


def default_folder(name: str, fold: int | None) -> Path:
    """Return where a run is kept if nothing else is said."""
    return WORK / "runs" / (name if fold is None else f"{name}-fold{fold}")


def _train(run: Run, prepared: Prepared, folder: Path, *, minutes: float, phases: int) -> bool:
    from app.training import loop, runs

    console = Console(stderr=True, highlight=False)

    def after_epoch(run: Run) -> dict[str, float]:
        scores = runs.tune_scores(prepared, run)
        words = [f"{key.replace('_', ' ')} {value:.3f}" for key, value in scores.items()]
        console.print(f"step {run.state.step}: {', '.join(words) or 'no tuning films'}")
        return scores

    with counting(prepared.config.name, console=console) as show:
        return loop.train(
            run,
            runs.checkpoint_of(folder),
            seconds=minutes * 60 or float("inf"),
            until=run.end_of_phase(phases) if phases else None,
            report=lambda step, total, loss: show(step, total),
            after_epoch=after_epoch,
        )
