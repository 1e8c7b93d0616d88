"""A disk that fills up: said in one line, nothing half written, and gone on with afterwards."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from app.blobs.store import BlobStore
from tests.faults.conftest import FILMS
from tests.support.commands import REPOSITORY
from tests.support.processes import Installation


def run_on_a_full_disk(kilobytes: int, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command that cannot write a file beyond so many kilobytes."""
    limited = f'ulimit -f {kilobytes}; exec "$@"'
    command = ["bash", "-c", limited, "-", sys.executable, "-m", "app", *map(str, arguments)]
    return subprocess.run(
        command, cwd=REPOSITORY, env=os.environ, capture_output=True, text=True, timeout=120
    )


# Large enough for the database's own start; then the blobs, or the log of the database, hit it.
@pytest.mark.parametrize("kilobytes", [12, 256])
def test_an_import_says_so_and_goes_on_when_there_is_room(
    alone: Installation, films: Path, home: Path, kilobytes: int
) -> None:
    stopped = run_on_a_full_disk(kilobytes, "ingest", films, "--study", "North")
    assert stopped.returncode in (1, 2)
    assert "Traceback" not in stopped.stderr
    assert "cure:" in stopped.stderr
    alone.run("ingest", films, "--study", "North")
    connection = sqlite3.connect(home / "maskballot.sqlite")
    assert connection.execute("SELECT count(*) FROM films").fetchone() == (FILMS,)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    store = BlobStore(str(home / "blobs"))
    assert all(store.get(sha) for sha in store.all())
