"""Running commands, in this process and in others."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.cli.main import run

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Said:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str


class Commands:
    """Runs commands in this process and catches what they say."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str | Path) -> Said:
        self._capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        said = self._capsys.readouterr()
        return Said(code, said.out, said.err)


def spawn(arguments: Sequence[str | Path], **environment: str) -> subprocess.Popen[str]:
    """Start ``maskballot`` as a process of its own, with the test's environment and more."""
    return subprocess.Popen(
        [sys.executable, "-m", "app", *map(str, arguments)],
        cwd=REPOSITORY,
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
