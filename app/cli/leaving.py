"""What a command must close when it ends, however it ends; and Ctrl-C said in one line."""

import functools
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import typer

INTERRUPTED = 130

leaving = ExitStack()
"""`app.cli.house` adds to it, `app.cli.main` closes it."""


def stoppable(command: Callable[..., Any]) -> Callable[..., Any]:
    """Return the command with an answer to Ctrl-C: what is done is kept, and how to go on."""

    @functools.wraps(command)
    def answering(*args: Any, **named: Any) -> Any:
        try:
            return command(*args, **named)
        except KeyboardInterrupt:
            typer.echo("Stopped. Run the same command again to go on.", err=True)
            raise typer.Exit(INTERRUPTED) from None

    return answering
