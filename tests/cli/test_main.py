"""The command line: help for all, one clear line for what went wrong, an exit code that tells."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.cli import main
from app.problems import Problem
from tests.support.commands import REPOSITORY, Commands

Broken = Callable[[BaseException], None]


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Broken:
    """Give the command line one more command, which raises what it is told."""

    def register(error: BaseException) -> None:
        def command() -> None:
            raise error

        monkeypatch.setitem(main.COMMANDS, "broken", "broken:command")
        monkeypatch.setitem(sys.modules, "app.cli.broken", SimpleNamespace(command=command))

    return register


@pytest.mark.parametrize("name", main.COMMANDS)
def test_every_command_has_help(maskballot: Commands, name: str) -> None:
    said = maskballot(name, "--help")
    assert said.code == 0
    assert f"maskballot {name}" in said.out


@pytest.mark.parametrize("name", main.COMMANDS)
def test_every_command_has_a_summary(name: str) -> None:
    module, _, attribute = main.COMMANDS[name].partition(":")
    assert main.summary(module, attribute).endswith(".")


def test_the_help_names_every_command(maskballot: Commands) -> None:
    said = maskballot("--help")
    assert said.code == 0
    assert all(f"  {name} " in said.out for name in main.COMMANDS)


def test_the_help_loads_no_room() -> None:
    script = (
        "import sys\n"
        "from app.cli.main import build\n"
        "build('--help')\n"
        "heavy = {'torch', 'onnxruntime', 'fastapi', 'scipy', 'app.web', 'app.films'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_it_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app", "--version"], cwd=REPOSITORY, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, "maskballot 0.1.0\n")


def test_an_unknown_command_is_a_usage_error(maskballot: Commands) -> None:
    said = maskballot("vote-for-me")
    assert said.code == 2
    assert "vote-for-me" in said.err


def test_a_problem_is_one_line_and_its_cure(maskballot: Commands, broken: Broken) -> None:
    broken(Problem("The film is torn.", cure="Mend it."))
    said = maskballot("broken")
    assert (said.code, said.err) == (2, "maskballot: The film is torn.\n  cure: Mend it.\n")


def test_an_unexpected_error_keeps_its_details_in_the_log(
    maskballot: Commands, broken: Broken, home: Path
) -> None:
    broken(RuntimeError("the wheel came off"))
    said = maskballot("broken")
    assert said.code == 1
    assert "Traceback" not in said.err
    reference = said.err.partition("reference ")[2].partition(".")[0]
    log = (home / "errors.log").read_text()
    assert reference in log
    assert "the wheel came off" in log


def test_debug_shows_an_unexpected_error(maskballot: Commands, broken: Broken) -> None:
    broken(RuntimeError("the wheel came off"))
    with pytest.raises(RuntimeError, match="wheel"):
        maskballot("broken", "--debug")


def test_ctrl_c_is_no_error_but_is_told(maskballot: Commands, broken: Broken) -> None:
    broken(KeyboardInterrupt())
    said = maskballot("broken")
    assert (said.code, said.err) == (130, "Stopped. Run the same command again to go on.\n")


def test_a_setting_that_cannot_be_used_is_named(
    maskballot: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MASKBALLOT_PORT", "eighty")
    said = maskballot("serve")
    assert said.code == 2
    assert "MASKBALLOT_PORT" in said.err


def test_a_database_that_cannot_be_reached_is_no_traceback(
    maskballot: Commands, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MASKBALLOT_DATABASE_URL", f"postgresql://nobody@/none?host={tmp_path}")
    said = maskballot("user", "list")
    assert said.code == 2
    assert "maskballot check" in said.err
