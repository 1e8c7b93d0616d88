"""``maskballot db``: look after the database's schema."""

import typer

from app.db import migrate
from app.settings import settings

db = typer.Typer(no_args_is_help=True, help="Look after the database's schema.")


@db.callback()
def _group() -> None:
    """Keep `upgrade` a command of its own, though it is the only one."""


@db.command()
def upgrade() -> None:
    """Bring the database to the newest schema; several at once wait for each other."""
    migrate.upgrade(settings().database)
    typer.echo("The database is at the newest schema.")
