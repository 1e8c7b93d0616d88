"""``maskballot train``: train a network in steps, or pack films for another machine.

``train CONFIG`` is the command that is meant nearly always, so it needs no name of its own: what is
no subcommand is taken as the argument of ``train run``. (A recipe called ``pack`` is ``./pack``.)
"""

from typing import Any

import typer
from typer.core import TyperGroup

from app.cli.leaving import stoppable
from app.cli.train import train
from app.cli.train_pack import pack


class RunUnlessNamed(TyperGroup):
    """A group that runs ``run`` unless another subcommand is named first."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put ``run`` in front where no subcommand stands."""
        if args and args[0] not in self.commands:
            args = ["run", *args]
        return super().parse_args(ctx, args)


training = typer.Typer(
    cls=RunUnlessNamed,
    no_args_is_help=True,
    help="Train a network in steps, or pack films for another machine.",
)
training.command("run")(stoppable(train))
training.command("pack")(stoppable(pack))
