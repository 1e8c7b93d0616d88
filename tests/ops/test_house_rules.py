"""Rules of the house that no linter knows."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.commands import REPOSITORY

LONGEST_FILE = 400
LONGEST_FUNCTION = 50
LONGEST_MODULE = 250
LONGEST_TEMPLATE = 150

# The request, the command and the run commit, once, at their end; rooms never do.
MAY_COMMIT = {"app/cli/ingest.py", "app/demo/study.py", "app/db/engine.py", "app/db/turns.py"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def files(pattern: str, *folders: str) -> list[Path]:
    found = [path for folder in folders for path in (REPOSITORY / folder).rglob(pattern)]
    assert found
    return [path for path in found if "vendor" not in path.parts]


def named(path: Path) -> str:
    return str(path.relative_to(REPOSITORY))


def functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, Function):
            yield node


def lines_of(function: Function) -> int:
    """Count a function's lines without its docstring."""
    lines = (function.end_lineno or 0) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None:
        lines -= (first.end_lineno or 0) - first.lineno + 1
    return lines


@pytest.mark.parametrize(
    ("pattern", "folders", "most"),
    [
        ("*.py", ("app", "tests", "scripts"), LONGEST_FILE),
        ("*.js", ("static",), LONGEST_MODULE),
        ("*.html", ("templates",), LONGEST_TEMPLATE),
    ],
)
def test_no_file_is_too_long_to_read(pattern: str, folders: tuple[str, ...], most: int) -> None:
    lengths = {named(path): len(path.read_text().splitlines()) for path in files(pattern, *folders)}
    assert {name: lines for name, lines in lengths.items() if lines > most} == {}


def test_no_function_is_too_long_to_see_at_once() -> None:
    long = {
        f"{named(path)}:{function.name}": lines_of(function)
        for path in files("*.py", "app", "tests", "scripts")
        for function in functions(path)
        if lines_of(function) > LONGEST_FUNCTION
    }
    assert long == {}


def test_rooms_never_commit() -> None:
    committing = {
        named(path)
        for path in files("*.py", "app")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    }
    assert committing <= MAY_COMMIT


def test_nothing_of_the_workshop_is_named() -> None:
    text = "\n".join(path.read_text() for path in files("*.py", "app", "tests", "scripts"))
    assert "/work/" + "main" not in text
    assert "pypi" + ".org" not in text
