"""``maskballot restore``: a backup becomes an installation again."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.progress import counting
from app.settings import settings
from app.upkeep import backup


def restore(
    file: Annotated[Path, typer.Argument(help="A file written by `maskballot backup`.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Restore a backup into an empty place, after every digest in it was compared."""
    here = settings()
    with counting("verifying") as progress:
        contents = backup.check_restorable(here, file, progress=progress)
    typer.echo(
        f"{file}: made {contents.made_at} by maskballot {contents.version}, "
        f"{contents.database} and {contents.blobs} blobs; whole and undamaged."
    )
    if not yes and not typer.confirm(f"Restore it into {here.home}?"):
        typer.echo("Nothing was done.")
        raise typer.Exit(1)
    with counting("restoring") as progress:
        backup.restore(here, file, contents, progress=progress)
    typer.echo("Restored. `maskballot check` looks at it; `maskballot serve` opens it.")
