"""Documentation of the API that fails: what exists stands in it, and what stands in it exists."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from app.problems import Problem
from app.settings import REPOSITORY
from tests.web.conftest import Town

API = (REPOSITORY / "docs" / "api.md").read_text()
# Codes of what is no `Problem` of a room (app/web/errors.py).
FRAMEWORK = {("http", 404), ("invalid-request", 422), ("internal", 500)}
# What only a command line can meet is told there.
ELSEWHERE = ("app.cli", "app.demo", "app.evaluation", "app.training", "app.upkeep")


def problems(of: type[Problem] = Problem) -> Iterator[type[Problem]]:
    for problem in of.__subclasses__():
        yield problem
        yield from problems(problem)


def test_every_route_of_the_api_stands_in_its_documentation_and_no_other(town: Town) -> None:
    routes = {
        f"{method.upper()} {path}"
        for path, methods in town.app.openapi()["paths"].items()
        for method in methods
    }
    assert set(re.findall(r"^\| `([A-Z]+ /\S+)` \|", API, re.MULTILINE)) == routes


def test_every_code_of_an_error_stands_in_the_documentation_with_its_status() -> None:
    for path in Path(REPOSITORY / "app").rglob("*.py"):
        name = ".".join(path.relative_to(REPOSITORY).with_suffix("").parts)
        if "class" in path.read_text() and not name.startswith(ELSEWHERE):
            import_module(name)
    told = {
        (code, int(status))
        for code, status in re.findall(r"^\| `([a-z-]+)` \| (\d{3}) \|", API, re.MULTILINE)
    }
    codes = {
        (problem.code, problem.status)
        for problem in problems()
        if problem.status != 500
        and problem.__module__.startswith("app.")
        and not problem.__module__.startswith(ELSEWHERE)
    }
    assert told - FRAMEWORK == codes
