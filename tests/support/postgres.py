"""One PostgreSQL server a test run, started as an ordinary user in a temporary folder.

The server refuses to run as root; where the tests do, it runs as ``postgres`` or ``nobody``.
It listens on a socket of its folder only.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from tests.support.waiting import until

MISSING = "PostgreSQL's server is not installed: sudo apt-get install postgresql"
OWNER = "maskballot"
# Nothing here must survive a power cut, and the tests are twice as quick without.
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")


@dataclass(frozen=True)
class Server:
    """A running server."""

    folder: Path

    def url(self, database: str) -> str:
        """Return the URL of a database of this server."""
        return f"postgresql://{OWNER}@/{database}?host={self.folder}"

    def create(self, database: str, *, template: str = "template1") -> str:
        """Create ``database`` as a copy of ``template`` and return its URL."""
        command = "CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy"
        self._execute(sql.SQL(command).format(sql.Identifier(database), sql.Identifier(template)))
        return self.url(database)

    def drop(self, database: str) -> None:
        """Drop ``database``, whoever is still connected."""
        self._execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database)))

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)


def binaries() -> Path | None:
    """Return the folder with ``initdb`` and ``postgres``, of the newest version there is."""
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4])
    )
    if debian:
        return debian[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@contextmanager
def running_server() -> Iterator[Server]:
    """Start a server, hand it out, stop it and remove its folder."""
    programs = binaries()
    assert programs is not None, MISSING
    user = _ordinary_user()
    folder = Path(tempfile.mkdtemp(prefix="maskballot-pg-"))
    if user:
        shutil.chown(folder, user)
    try:
        _initialise(programs, folder, user)
        process = _start(programs, folder, user)
        try:
            server = Server(folder)
            until(lambda: _answers(server))
            yield server
        finally:
            process.send_signal(signal.SIGINT)  # PostgreSQL's "fast": ends open connections
            process.wait(timeout=30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _ordinary_user() -> str | None:
    if os.getuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _initialise(programs: Path, folder: Path, user: str | None) -> None:
    command: list[str | Path] = [programs / "initdb", "-D", folder / "data", "-U", OWNER]
    subprocess.run(
        [*command, "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"],
        check=True,
        capture_output=True,
        user=user,
        cwd=folder,
    )


def _start(programs: Path, folder: Path, user: str | None) -> subprocess.Popen[bytes]:
    command: list[str | Path] = [programs / "postgres", "-D", folder / "data", "-k", folder]
    for setting in ("listen_addresses=", *QUICK):
        command += ["-c", setting]
    if shutil.which("setpriv"):
        # Stop with the tests even if they are killed; setpriv keeps this across the user's change.
        command = ["setpriv", "--pdeathsig", "INT", *command]
    log = (folder / "log").open("wb")
    with log:
        return subprocess.Popen(command, stdout=log, stderr=log, user=user, cwd=folder)


def _answers(server: Server) -> bool:
    try:
        psycopg.connect(server.url("postgres")).close()
    except psycopg.OperationalError:
        return False
    return True
