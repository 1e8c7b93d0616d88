"""``maskballot``: finds the command, and says in one line what went wrong.

Only the chosen command's module is imported, so that help is quick and an extra that is missing
(PyTorch, say) is missed by its own command alone.
"""

import ast
import secrets
import sys
import traceback
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import typer
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from app import RESEARCH_ONLY, __version__
from app.cli.leaving import leaving, stoppable
from app.problems import Problem
from app.settings import settings

REFUSED = 2
UNEXPECTED = 1

COMMANDS = {
    "demo": "demo:demo",
    "serve": "serve:serve",
    "worker": "worker:worker",
    "user": "user:user",
    "study": "study:study",
    "ingest": "ingest:ingest",
    "propose": "propose:propose",
    "settle": "settle:settle",
    "export": "export:export",
    "train": "training:training",
    "cross-validate": "cross_validate:cross_validate",
    "to-onnx": "to_onnx:to_onnx",
    "tune": "tune:tune",
    "compare-maps": "compare_maps:compare_maps",
    "map": "map:map_",
    "evaluate": "evaluate:evaluate",
    "published": "published:published",
    "leaks": "leaks:leaks",
    "report": "report:report",
    "simulate": "simulate:simulate",
    "probe": "probe:probe",
    "backup": "backup:backup",
    "restore": "restore:restore",
    "check": "check:check",
    "db": "db:db",
}
"""What is typed, and the module of `app.cli` with the function, or the group of commands, of it."""


def main() -> None:
    """Run the command that was typed and exit with its code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code; errors are told on stderr."""
    debug = "--debug" in arguments
    arguments = [argument for argument in arguments if argument != "--debug"]
    chosen = next((argument for argument in arguments if not argument.startswith("-")), "")
    try:
        with leaving:
            build(chosen)(args=arguments, prog_name="maskballot")
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else UNEXPECTED
    except Exception as error:
        if debug:
            raise
        return tell(error)
    return 0


def build(chosen: str) -> typer.Typer:
    """Return the command line of ``chosen`` alone; for any other word, all by their summaries."""
    app = typer.Typer(
        help=f"Blind ballots on masks of chest films, and infection maps; {RESEARCH_ONLY}.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_options)
    if chosen in COMMANDS:
        module, _, attribute = COMMANDS[chosen].partition(":")
        _add(app, chosen, getattr(import_module(f"app.cli.{module}"), attribute))
        return app
    for name, place in COMMANDS.items():
        # As short_help it is shown in full; as help it would be cut after 45 letters.
        app.command(name, short_help=summary(*place.split(":")))(_not_run)
    return app


def _add(app: typer.Typer, name: str, command: typer.Typer | Callable[..., Any]) -> None:
    if isinstance(command, typer.Typer):
        app.add_typer(command, name=name)
    else:
        app.command(name)(stoppable(command))


def summary(module: str, attribute: str) -> str:
    """Return the first line of a command's docstring, read without importing its module."""
    source = (Path(__file__).parent / f"{module}.py").read_text(encoding="utf-8")
    tree = ast.parse(source)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == attribute:
            return _first_line(ast.get_docstring(node))
    line = _first_line(ast.get_docstring(tree)).partition(": ")[2]  # a group: its module's line
    return line[:1].upper() + line[1:]


def tell(error: Exception) -> int:
    """Say on stderr what happened and what to do about it; return the exit code."""
    if isinstance(error, Problem):
        _say(error.sentence, error.cure)
        return REFUSED
    if isinstance(error, ValidationError) and error.title == "Settings":
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        _say(f"The setting MASKBALLOT_{name} cannot be used: {first['msg']}.", "Correct it.")
        return REFUSED
    if isinstance(error, DBAPIError):
        reason = str(error.orig).strip().partition("\n")[0]
        _say(f"The database refuses: {reason}.", "`maskballot check` says how it stands.")
        return REFUSED
    reference, log = _keep(error)
    _say(
        f"An unexpected error: {type(error).__name__}. Its details are in {log} "
        f"under the reference {reference}.",
        "Run the same command with --debug to see them here.",
    )
    return UNEXPECTED


def _say(sentence: str, cure: str) -> None:
    typer.echo(f"maskballot: {sentence}", err=True)
    if cure:
        typer.echo(f"  cure: {cure}", err=True)


def _keep(error: Exception) -> tuple[str, Path]:
    reference = secrets.token_hex(4)
    log = settings().home / "errors.log"
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as file:
        file.write(f"{datetime.now(UTC).isoformat()} {reference}\n")
        file.writelines(traceback.format_exception(error))
    return reference, log


def _first_line(text: str | None) -> str:
    return (text or "").partition("\n")[0]


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"maskballot {__version__}")
        raise typer.Exit


def _options(
    version: bool = typer.Option(
        False, "--version", callback=_print_version, is_eager=True, help="Print the version."
    ),
    debug: bool = typer.Option(False, "--debug", help="Show unexpected errors in full."),
) -> None:
    """Name what every command takes; `run` has read ``--debug`` by then."""


def _not_run() -> None:
    raise AssertionError("this stands in the help only")
