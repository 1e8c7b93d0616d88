"""``maskballot check``: is the installation sound?"""

import typer
from rich.console import Console
from rich.table import Table

from app.clock import SystemClock
from app.settings import settings
from app.upkeep.checks import findings


def check() -> None:
    """Check settings, database, blindness, blobs, networks, disk and clock; exit 1 on a fault."""
    table = Table("check", "", "found", "cure")
    faults = 0
    for found in findings(settings(), SystemClock()):
        table.add_row(found.name, "ok" if found.ok else "FAULT", found.said, found.cure)
        faults += not found.ok
    Console(soft_wrap=False).print(table)
    if faults:
        typer.echo(f"{faults} of these need a person.", err=True)
        raise typer.Exit(1)
