"""``maskballot map``: infection maps of all films of a folder, as files."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from app.cli.progress import counting
from app.films.layout import read_layout
from app.films.limits import Limits
from app.maps.folder import FolderMapper, Mapped
from app.maps.targets import Kind, Outputs, Target, targets
from app.maps.team import Roster
from app.settings import settings

INTERRUPTED = 130


def map_(
    folder: Annotated[
        Path, typer.Argument(help="A layout (films.csv, or films/), or any folder of films.")
    ],
    out: Annotated[Path, typer.Option(help="Where the files are written; made if missing.")],
    mask: Annotated[bool, typer.Option("--mask", help="Infection masks (1 bit a pixel).")] = False,
    lungs: Annotated[bool, typer.Option("--lungs", help="Lung masks (1 bit a pixel).")] = False,
    overlay: Annotated[
        bool, typer.Option("--overlay", help="The film with the map over it, and a legend.")
    ] = False,
    numbers: Annotated[bool, typer.Option("--json", help="The numbers, as STEM.json.")] = False,
    networks: Annotated[
        list[str] | None,
        typer.Option(
            help="Names, stage1 or stage2; several by commas or given again: their mean. "
            "If not given: those of the latest stage."
        ),
    ] = None,
    models: Annotated[Path | None, typer.Option(help="The folder of networks.")] = None,
    threads: Annotated[int | None, typer.Option(min=0, help="Processor threads; 0: all.")] = None,
) -> None:
    """Write OUT/STEM.png, a mask at the film's native size, for every film of FOLDER.

    Without --mask, --lungs, --overlay or --json: masks. Of several kinds of pictures, the first of
    mask, lungs, overlay goes to OUT and the others to OUT/lungs and OUT/overlay. A film that
    cannot be read is named and the rest goes on; the exit code then is 1. Run again, all is
    written again. Research use only, not for diagnosis.
    """
    wanted: dict[Kind, bool] = {"mask": mask, "lungs": lungs, "overlay": overlay}
    kinds: tuple[Kind, ...] = tuple(kind for kind, asked in wanted.items() if asked)
    outputs = Outputs(out, kinds or (() if numbers else ("mask",)), numbers)
    found = targets(read_layout(folder), outputs)
    here = settings()
    roster = Roster.read(
        models or here.models,
        [name for names in networks or () for name in names.split(",")],
        threads=here.inference_threads if threads is None else threads,
        lungs_only=outputs.lungs_only,
    )
    mapper = FolderMapper(roster, outputs, Limits(here.max_film_bytes, here.max_film_pixels))
    mapper.rehearse()
    console = Console(stderr=True)
    written = refused = 0
    try:
        for done in _with_progress(mapper.map_all(found), found, console):
            written += not done.refusal
            refused += bool(done.refusal)
    except KeyboardInterrupt:
        console.print(f"Stopped after {written} films. Run again to go on.", highlight=False)
        raise typer.Exit(INTERRUPTED) from None
    for line in summary(outputs, written=written, refused=refused):
        typer.echo(line)
    if refused or not written:
        raise typer.Exit(1)


def summary(outputs: Outputs, *, written: int, refused: int) -> Iterator[str]:
    """Yield what is said at the end: how many films, and where their files are."""
    yield f"{written} films mapped, {refused} refused."
    if written:
        for kind in outputs.kinds:
            yield f"{kind}: {outputs.folder(kind)}"
        if outputs.numbers:
            yield f"numbers: {outputs.out}"


def _with_progress(
    mapped: Iterator[Mapped], found: Sequence[Target], console: Console
) -> Iterator[Mapped]:
    """Pass the films on while a bar shows their number, speed and the time left."""
    with counting("films", console=console) as show:
        for number, done in enumerate(mapped, 1):
            show(number, len(found))
            if done.refusal:
                words = f"refused: {done.name}: {done.refusal}"
                console.print(words, markup=False, highlight=False, soft_wrap=True)
            yield done
