"""`make env` on a machine that lacks something: named with its cure, no traceback."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.commands import REPOSITORY

# What the script calls beside Python.
TOOLS = ("bash", "env", "dirname", "rm", "cat")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A repository with the script alone, and a PATH with as good as nothing on it."""
    (tmp_path / "repository" / "scripts").mkdir(parents=True)
    shutil.copy(REPOSITORY / "scripts" / "make-env", tmp_path / "repository" / "scripts")
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found
        (tmp_path / "bin" / tool).symlink_to(found)
    return tmp_path


def install_python(machine: Path, *, version: tuple[int, int], lacks: str = "") -> None:
    """Put a python3 on the PATH that is so old, or that cannot import ``lacks``."""
    script = machine / "bin" / "python3"
    script.write_text(
        f"""#!/usr/bin/env bash
case "$*" in
  *"sys.version_info <"*) exit {int(version < (3, 11))} ;;
  *"%d.%d"*) echo {version[0]}.{version[1]} ;;
  --version) echo Python {version[0]}.{version[1]}.2 ;;
  *"import venv, ensurepip"*) exit {int(bool(lacks))} ;;
  *) exit 0 ;;
esac
"""
    )
    script.chmod(0o755)


def make_env(machine: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [machine / "repository" / "scripts" / "make-env", "requirements.txt"],
        env={"PATH": str(machine / "bin"), "HOME": str(machine)},
        capture_output=True,
        text=True,
    )


def test_no_python_is_named_with_its_cure(machine: Path) -> None:
    done = make_env(machine)
    assert done.returncode == 1
    assert "here is no python3" in done.stderr
    assert "apt-get install python3" in done.stderr


def test_a_python_that_is_too_old_is_named_with_its_cure(machine: Path) -> None:
    install_python(machine, version=(3, 9))
    done = make_env(machine)
    assert done.returncode == 1
    assert "Python 3.9.2" in done.stderr
    assert "3.11 or newer" in done.stderr


def test_a_missing_venv_module_is_named_with_its_cure(machine: Path) -> None:
    install_python(machine, version=(3, 11), lacks="ensurepip")
    done = make_env(machine)
    assert done.returncode == 1
    assert "apt-get install python3-venv" in done.stderr
    assert "Traceback" not in done.stderr


def test_make_help_prints_every_target() -> None:
    make = shutil.which("make")
    if make is None:
        pytest.skip("make is not installed: sudo apt-get install make")
    said = subprocess.run(
        [make, "help"], cwd=REPOSITORY, capture_output=True, text=True, env=os.environ, check=True
    )
    assert all(f"make {target} " in said.stdout for target in ("env", "demo", "test", "check"))
