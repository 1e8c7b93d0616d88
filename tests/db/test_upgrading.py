"""Several processes that upgrade at once: one does it, the others find it done."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.db import migrate
from tests.support.commands import REPOSITORY
from tests.support.postgres import Server

UPGRADE = "import sys; from app.db import migrate; migrate.upgrade(sys.argv[1])"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without any table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.sqlite'}"
    server: Server = request.getfixturevalue("postgresql_server")
    return server.create(f"empty_{tmp_path.parent.name}_{tmp_path.name}"[:60].replace("-", "_"))


def test_all_succeed(empty_url: str) -> None:
    command = [sys.executable, "-c", UPGRADE, empty_url]
    upgrading = [
        subprocess.Popen(command, cwd=REPOSITORY, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    ended = [(process.communicate()[1], process.returncode) for process in upgrading]
    assert [code for _, code in ended] == [0, 0, 0, 0], ended
    assert migrate.is_current(empty_url)
