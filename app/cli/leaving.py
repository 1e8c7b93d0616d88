"""What a command must close when it ends, however it ends."""

from contextlib import ExitStack

leaving = ExitStack()
"""`app.cli.house` adds to it, `app.cli.main` closes it."""
