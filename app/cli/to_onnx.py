"""``maskballot to-onnx``: put a trained network into ``models/``, with its card."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Annotated

import typer

from app.cli.progress import counting
from app.cli.train import PACKS
from app.training import needed


def to_onnx(
    runs: Annotated[
        list[Path], typer.Argument(help="The folder of a run, or of each fold's run, in one entry.")
    ],
    data: Annotated[Path, typer.Option(help="The films that the runs were trained with.")],
    models: Annotated[Path, typer.Option(help="The folder of networks.")] = Path("models"),
    stage: Annotated[
        list[int] | None, typer.Option(help="Offer it in this stage (may be given twice).")
    ] = None,
    replace: Annotated[bool, typer.Option(help="Replace a network of the same name.")] = False,
    keep_folds: Annotated[
        bool,
        typer.Option(
            "--fold-files/--fold-predictions",
            help="Ship each fold's file, or only what it says of the films it never saw.",
        ),
    ] = True,
    threads: Annotated[int, typer.Option(min=0, help="Processor threads; 0: all.")] = 0,
) -> None:
    """Write ONNX file, card and manifest entry; choose the operating point and measure it."""
    needed.require()
    from app.training import exporting, loop, shipping
    from app.training.runs import prepare
    from app.training.sources import assert_folder

    assert_folder(data)
    loop.use_threads(threads)
    files = []
    for folder in runs:
        config, fold = exporting.config_of(folder)
        prepared = prepare(config, data, cache=PACKS, fold=fold, models=models)
        files.append(exporting.export_run(prepared, folder))
    total = shipping.films_to_measure(files)
    with counting("measuring") as show:
        done = itertools.count(1)
        measured = shipping.ship(
            files,
            models=models,
            stages=tuple(stage) if stage else None,
            replace=replace,
            keep_folds=keep_folds,
            command=f"maskballot train app/training/configs/{config.name}.toml --data {data.name}",
            after_film=lambda: show(next(done), total),
        )
    for name, average in shipping.averages(measured).items():
        typer.echo(f"{models / config.name}: {name} {average:.3f} on {measured.scores.films} films")
