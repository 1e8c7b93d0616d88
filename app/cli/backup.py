"""``maskballot backup``: one file with everything that is needed to go on elsewhere."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.progress import counting
from app.clock import SystemClock
from app.settings import settings
from app.upkeep.backup import back_up


def backup(
    file: Annotated[Path, typer.Argument(help="The file to write, as maskballot-2026-01-05.tar.")],
) -> None:
    """Write database, blobs and key into one file while the server goes on.

    Whoever has the file has the films and the votes: keep it as you keep those.
    """
    with counting("blobs") as progress:
        contents = back_up(settings(), file, clock=SystemClock(), progress=progress)
    typer.echo(f"{file}: {contents.database} and {contents.blobs} blobs, as of {contents.made_at}.")
