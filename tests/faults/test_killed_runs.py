"""A command that is killed at any moment and started again ends as if nothing had happened."""

import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.conftest import FILMS
from tests.support.processes import Installation
from tests.support.waiting import until

Rows = list[tuple[object, ...]]

CANDIDATES = """
SELECT films.pixels_sha, origins.source, origins.network_sha, candidates.mask_sha,
       candidates.grid_sha, candidates.area
FROM candidates JOIN films ON films.id = candidates.film_id
JOIN candidate_origins AS origins ON origins.candidate_id = candidates.id
ORDER BY 1, 2
"""
FILM_ROWS = "SELECT name, pixels_sha, blob_sha, display_sha, manual_mask_sha FROM films ORDER BY 1"


def ask(home: Path, query: str) -> Rows:
    connection = sqlite3.connect(home / "maskballot.sqlite", timeout=30)
    rows = connection.execute(query).fetchall()
    connection.close()
    return rows


def kill_when(process: subprocess.Popen[str], ready: Callable[[], bool]) -> None:
    """Kill the process without warning as soon as ``ready`` says so."""
    until(lambda: ready() or process.poll() is not None, every=0.005)
    assert process.poll() is None, "it was done before it could be killed"
    process.kill()
    process.communicate()


@pytest.mark.parametrize("after", [0, 7])
def test_a_killed_proposal_run_ends_with_the_same_rows(
    alone: Installation, films: Path, home: Path, after: int
) -> None:
    alone.run("ingest", films, "--study", "North")
    process = alone.start("propose", "--study", "North")
    kill_when(process, lambda: ask(home, "SELECT count(*) FROM candidates")[0][0] > 2 * after)  # type: ignore[operator]
    assert ask(home, "SELECT state FROM runs") == [("running",)]
    alone.run("propose", "--study", "North")
    killed = ask(home, CANDIDATES)
    assert len(killed) == 2 * FILMS
    assert killed == candidates_of_a_quiet_run(alone, films, home)
    assert ask(home, "PRAGMA integrity_check") == [("ok",)]


def candidates_of_a_quiet_run(alone: Installation, films: Path, home: Path) -> Rows:
    """Return the rows of a run that nobody disturbed, in a second home."""
    quiet = Installation({"MASKBALLOT_HOME": str(home.with_name("quiet"))})
    quiet.run("user", "add", "boss", "--role", "admin")
    quiet.run("ingest", films, "--study", "North", "--create", "--networks", "unet")
    quiet.run("propose", "--study", "North")
    return ask(home.with_name("quiet"), CANDIDATES)


@pytest.mark.parametrize("after", [1, 6])
def test_a_killed_import_goes_on(alone: Installation, films: Path, home: Path, after: int) -> None:
    process = alone.start("ingest", films, "--study", "North")
    kill_when(process, lambda: len(ask(home, FILM_ROWS)) >= after)
    alone.run("ingest", films, "--study", "North")
    rows = ask(home, FILM_ROWS)
    assert len(rows) == FILMS
    alone.run("ingest", films, "--study", "North")
    assert ask(home, FILM_ROWS) == rows
