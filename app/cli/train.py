"""``maskballot train``: train a network in steps, from a configuration and a folder of films."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from app.training import needed

WORK = Path("work")


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
    from app.training.threads import use_threads

    use_threads(threads)
    recipe = read_config(config)
    folder = out or default_folder(recipe.name, fold)
    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeRemainingColumn(),
        console=console,
    ) as bar:
        reading = bar.add_task("reading films", total=None)
        prepared = runs.prepare(
            recipe,
            data,
            cache=WORK / "packs",
            fold=fold,
            progress=lambda what, done, total: bar.update(
                reading, description=what, completed=done, total=total
            ),
        )
        bar.update(reading, visible=False)
        run = runs.open_run(prepared, folder)
        training = bar.add_task(recipe.name, total=run.total, completed=run.state.step)

        def after_epoch(run: loop.Run) -> dict[str, float]:
            scores = runs.tune_scores(prepared, run)
            bar.console.print(epoch_line(run, scores))
            return scores

        ended = loop.train(
            run,
            runs.checkpoint_of(folder),
            seconds=minutes * 60 or float("inf"),
            until=run.end_of_phase(phases) if phases else None,
            report=lambda step, total, loss: bar.update(
                training, completed=step, description=f"{recipe.name} · loss {loss:.3f}"
            ),
            after_epoch=after_epoch,
        )
    typer.echo(
        f"{'Finished' if ended else 'Stopped'} at step {run.state.step} of {run.total}: {folder}"
    )


def default_folder(name: str, fold: int | None) -> Path:
    """Return where a run is kept if nothing else is said."""
    return WORK / "runs" / (name if fold is None else f"{name}-fold{fold}")


def epoch_line(run: object, scores: dict[str, float]) -> str:
    """Return what is said at the end of an epoch."""
    shown = " ".join(f"{key.replace('_', ' ')} {value:.3f}" for key, value in scores.items())
    return f"step {run.state.step}: {shown or 'no tuning films'}"  # type: ignore[attr-defined]
