"""``maskballot db``: look after the database."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from app.cli.progress import counting
from app.db import migrate
from app.settings import settings

db = typer.Typer(no_args_is_help=True, help="Look after the database.")


@db.command()
def upgrade() -> None:
    """Bring the database to the newest schema; several at once wait for each other."""
    migrate.upgrade(settings().database)
    typer.echo("The database is at the newest schema.")


@db.command()
def copy(
    to: Annotated[str, typer.Option(help="The empty database, as postgresql://user@host/name.")],
) -> None:
    """Copy the database into an empty one, of another kind too; compare every table afterwards.

    Stop the servers first: what is written meanwhile stays behind. Blobs lie where they lie.
    """
    from app.upkeep.copying import copy_database

    with counting("tables") as show:
        copied = copy_database(settings().database, to, progress=show)
    table = Table("table", "rows", "sha256 on both sides")
    for one in copied:
        table.add_row(one.table, str(one.rows), one.sha256[:16])
    Console().print(table)
    typer.echo("The same on both sides. Set MASKBALLOT_DATABASE_URL and start the servers.")
