"""``maskballot tune``: the operating point of several networks that answer together."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Annotated

import typer

from app.cli.progress import counting
from app.cli.train import PACKS
from app.training import needed


def tune(
    networks: Annotated[
        str, typer.Argument(help="A stage, or names by commas: those that answer together.")
    ],
    config: Annotated[
        Path, typer.Argument(help="A recipe, which says what films tune and what films test.")
    ],
    data: Annotated[Path, typer.Option(help="The films that the networks were trained with.")],
    models: Annotated[Path, typer.Option(help="The folder of networks.")] = Path("models"),
    threads: Annotated[int, typer.Option(min=0, help="Processor threads; 0: all.")] = 0,
) -> None:
    """Choose threshold and specks of the mean of several networks; write them to the manifest.

    They are chosen on the recipe's tuning films and measured on its test films; a film that one of
    the networks has learnt from is left out. The point holds for these files: another file of one
    of the networks asks for another.
    """
    needed.require()
    from app.evaluation.panel import entries_of
    from app.networks.manifest import MANIFEST, read_manifest
    from app.training import manifest_file, shipping
    from app.training.config import read_config
    from app.training.runs import prepare
    from app.training.sources import assert_folder
    from app.training.tuning import Tuner

    assert_folder(data)
    entries = entries_of(read_manifest(models), networks)
    if len(entries) < 2:
        raise typer.BadParameter(
            "one network has its own operating point, which to-onnx has chosen",
            param_hint="NETWORKS",
        )
    prepared = prepare(read_config(config), data, cache=PACKS, models=models)
    total = len(prepared.parts.tune) + len(prepared.parts.test)
    with counting("films") as show:
        done = itertools.count(1)
        tuned = Tuner(models, entries, threads).tune(
            prepared, after_film=lambda: show(next(done), total)
        )
    point = tuned.point
    stated = manifest_file.operating(prepared.config, point, tuned.measured)
    manifest_file.put_together(models / MANIFEST, entries, stated)
    typer.echo(
        f"{', '.join(entry.name for entry in entries)}: threshold {point.threshold}, "
        f"specks {point.specks}, infected from {point.detection_threshold} of the film; "
        f"chosen on {tuned.films} films ({tuned.left_out} left out)"
    )
    for name, average in shipping.averages(tuned.measured).items():
        typer.echo(f"{name} {average:.3f} on {tuned.measured.scores.films} films")
