"""Documentation that fails: what exists stands in it, and what stands in it exists."""

import re

import pytest
import yaml

from app.cli.main import COMMANDS
from app.settings import Settings
from tests.support.commands import REPOSITORY

OPERATIONS = (REPOSITORY / "docs" / "operations.md").read_text()
README = (REPOSITORY / "README.md").read_text()
MAKEFILE = (REPOSITORY / "Makefile").read_text()


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_stands_in_the_operations(name: str) -> None:
    assert f"| `MASKBALLOT_{name.upper()}` |" in OPERATIONS


def test_every_setting_that_is_named_exists() -> None:
    known = {f"MASKBALLOT_{name.upper()}" for name in Settings.model_fields}
    compose = (REPOSITORY / "docker-compose.yml").read_text()
    for text in (OPERATIONS, README, compose):
        assert set(re.findall(r"MASKBALLOT_[A-Z]\w+", text)) <= known


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_stands_in_the_operations(name: str) -> None:
    assert f"| `{name}` |" in OPERATIONS


def test_every_command_that_is_named_exists() -> None:
    for text in (OPERATIONS, README):
        assert set(re.findall(r"^maskballot ([a-z-]+)", text, re.MULTILINE)) <= set(COMMANDS)


def test_every_target_that_is_named_exists_and_explains_itself() -> None:
    explained = set(re.findall(r"^([a-z-]+):.*## ", MAKEFILE, re.MULTILINE))
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    assert explained == targets
    for text in (OPERATIONS, README):
        assert set(re.findall(r"\bmake ([a-z]+)\b(?= |`|$)", text, re.MULTILINE)) - targets <= {
            "it",
            "the",
        }


def test_every_link_to_a_file_leads_somewhere() -> None:
    for place in [REPOSITORY / "README.md", *(REPOSITORY / "docs").rglob("*.md")]:
        for link in re.findall(r"\]\(([^)#:]+)\)", place.read_text()):
            target = (place.parent / link.replace("\\", "")).resolve()
            assert target.exists(), f"{place.name} links to {link}"


def test_decisions_are_numbered_without_a_gap() -> None:
    names = sorted(path.name for path in (REPOSITORY / "docs" / "decisions").glob("*.md"))
    assert [name[:4] for name in names] == [f"{number:04}" for number in range(1, len(names) + 1)]
    for name in names:
        text = (REPOSITORY / "docs" / "decisions" / name).read_text()
        assert all(f"**{part}.**" in text for part in ("Context", "Choice", "Cost")), name


def test_ci_runs_the_very_test_command_of_the_readme() -> None:
    script = (REPOSITORY / ".ci" / "run").read_text()
    assert re.search(r"^make test$", script, re.MULTILINE)
    assert re.search(r"^make test\b", README, re.MULTILINE)


def test_the_compose_file_names_its_services_in_the_operations() -> None:
    services = yaml.safe_load((REPOSITORY / "docker-compose.yml").read_text())["services"]
    ours = [name for name, service in services.items() if "build" in service]
    assert all(f"**{name}**" in OPERATIONS for name in ours)
