"""``maskballot train pack``: films and masks of some folders in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.progress import counting


def pack(
    data: Annotated[list[Path], typer.Argument(help="Folders of films, or exported sets.")],
    out: Annotated[Path, typer.Option(help="The file to write.")] = Path("films.mbpack"),
    size: Annotated[int, typer.Option(min=32, help="Rows and columns of the packed films.")] = 224,
    limit_mib: Annotated[float, typer.Option(min=0.1, help="The file is to be no larger.")] = 50,
    low: Annotated[
        float, typer.Option(min=0, max=100, help="Percentile of grey that becomes black.")
    ] = 0.5,
    high: Annotated[
        float, typer.Option(min=0, max=100, help="And that becomes white: as in the recipe.")
    ] = 99.5,
) -> None:
    """Pack films into one file that `train CONFIG --data FILE` reads, on another machine say.

    The best quality that fits is chosen and said. Masks keep every pixel; so do names, patients,
    splits, folds and the small copies by which near-identical films are found.
    """
    from app.training import travelling

    with counting("reading films") as show:
        collected = travelling.collect(data, side=size, low=low, high=high, progress=show)
    with counting("packing") as show:
        limit = int(limit_mib * travelling.MIB)
        made = travelling.pack_into(out, collected, limit=limit, progress=show)
    how = "without loss" if made.quality is None else f"WebP of quality {made.quality}"
    typer.echo(
        f"{out}: {made.films} films of {size} × {size}, {made.bytes / travelling.MIB:.1f} MiB, "
        f"{how}; grey values differ by {made.difference:.2f} of 255 in the mean."
    )
