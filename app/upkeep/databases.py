"""Copying a whole database out of a running installation, and into an empty one."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, inspect, make_url, text

from app.db.engine import READER_ROLE, make_engine
from app.problems import Problem
from app.upkeep.tarball import POSTGRESQL, SQLITE


class ToolMissing(Problem):
    """PostgreSQL's own programs are needed and are not here."""

    code = "tool-missing"
    status = 503


class CopyFailed(Problem):
    """The database could not be copied."""

    code = "copy-failed"
    status = 500


def kind_of(url: str) -> str:
    """Return under which name a backup keeps this kind of database."""
    return SQLITE if make_url(url).get_backend_name() == "sqlite" else POSTGRESQL


def copy_out(url: str, target: Path) -> None:
    """Write a consistent copy while others go on reading and writing."""
    if kind_of(url) == POSTGRESQL:
        _call("pg_dump", url, "--format=custom", f"--file={target}")
        return
    # SQLite's online backup: a snapshot of one moment, the WAL included.
    with closing(sqlite3.connect(_path(url))) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)


def copy_in(source: Path, url: str) -> None:
    """Bring a copy into an empty database."""
    if kind_of(url) == POSTGRESQL:
        _make_reader_role(url)
        _call(
            "pg_restore", url, "--no-owner", "--exit-on-error", "--single-transaction", str(source)
        )
        return
    path = _path(url)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.restoring")
    shutil.copyfile(source, fresh)
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    fresh.rename(path)


def is_empty(url: str) -> bool:
    """Say whether the database has no table, or is not there at all."""
    if kind_of(url) == SQLITE and not _path(url).exists():
        return True
    engine = make_engine(url)
    try:
        return not inspect(engine).get_table_names()
    finally:
        engine.dispose()


def _path(url: str) -> Path:
    return Path(make_url(url).database or "")


def _make_reader_role(url: str) -> None:
    # A role belongs to the server, so no dump of a database brings it along.
    engine = make_engine(url)
    with engine.begin() as connection:
        if not connection.scalar(
            text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": READER_ROLE}
        ):
            connection.execute(text(f"CREATE ROLE {READER_ROLE} NOLOGIN"))
        connection.execute(text(f"GRANT {READER_ROLE} TO CURRENT_USER"))
    engine.dispose()


def _call(program: str, url: str, *arguments: str) -> None:
    parsed = make_url(url).set(drivername="postgresql")
    command = [_find(program), f"--dbname={_without_password(parsed)}", *arguments]
    # The password goes through the environment: a command line can be read by every user.
    environment = os.environ | ({"PGPASSWORD": str(parsed.password)} if parsed.password else {})
    called = subprocess.run(command, env=environment, capture_output=True, text=True)
    if called.returncode:
        raise CopyFailed(f"{program} failed: {called.stderr.strip().splitlines()[-1]}.")


def _without_password(url: URL) -> str:
    return url.set(password=None).render_as_string(hide_password=False)


def _find(program: str) -> str:
    newest = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), key=lambda path: int(path.parts[4])
    )
    found = str(newest[-1]) if newest else shutil.which(program)
    if found is None:
        raise ToolMissing(
            f"{program} is not installed; a PostgreSQL database is copied with it.",
            cure="sudo apt-get install postgresql-client",
        )
    return found
