"""Is the installation sound? Each check is one function that says how it stands."""

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.blobs.store import open_store
from app.clock import Clock
from app.db import migrate
from app.db.engine import ORIGINS_TABLE, NotDurable, make_engine
from app.networks import stored
from app.networks.manifest import read_manifest
from app.networks.verify import verified
from app.problems import Problem
from app.settings import Settings

FREE_BYTES = 2 * 1024**3
CLOCK_SECONDS = 5
# SQLite's authorizer, of a table and of a column, and PostgreSQL's missing grant.
REFUSALS = ("not authorized", "prohibited", "permission denied")


@dataclass(frozen=True)
class Finding:
    """What one check found. ``cure`` is empty where all is well."""

    name: str
    ok: bool
    said: str
    cure: str = ""


def findings(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Yield one finding a check, whatever the others found."""
    checks: dict[str, Callable[[Settings, Clock], Finding]] = {
        "home folder": _home,
        "secret key": _key,
        "database": _database,
        "durability": _durability,
        "schema": _schema,
        "blindness": _blindness,
        "clock": _clock,
        "workers": _workers,
        "blobs": _blobs,
        "networks": _networks,
        "free disk": _disk,
    }
    for name, check in checks.items():
        try:
            found = check(settings, clock)
        except Problem as problem:
            found = _bad(problem.sentence, problem.cure)
        except (SQLAlchemyError, NotDurable, OSError) as error:
            found = _bad(str(error).strip().partition("\n")[0], "See the line above in the log.")
        yield Finding(name, found.ok, found.said, found.cure)


def _ok(said: str) -> Finding:
    return Finding("", True, said)


def _bad(said: str, cure: str) -> Finding:
    return Finding("", False, said, cure)


def _home(settings: Settings, _clock: Clock) -> Finding:
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not os.access(settings.home, os.W_OK):
        return _bad(f"{settings.home} cannot be written", "Give it to the user that runs this.")
    return _ok(str(settings.home))


def _key(settings: Settings, _clock: Clock) -> Finding:
    path = settings.home / "secret.key"
    if not path.exists():
        return _ok("none yet; the first start makes it")
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        return _bad(f"{path} can be read by others (mode {mode:o})", f"chmod 600 {path}")
    return _ok("readable by its owner only")


def _database(settings: Settings, _clock: Clock) -> Finding:
    version = "SELECT sqlite_version()" if _is_sqlite(settings) else "SHOW server_version"
    said = _ask(settings, version)
    return _ok(f"{'SQLite' if _is_sqlite(settings) else 'PostgreSQL'} {said} answers")


def _durability(settings: Settings, _clock: Clock) -> Finding:
    if _is_sqlite(settings):
        journal = _ask(settings, "PRAGMA journal_mode")
        # `make_engine` would have refused anything else; this says it aloud.
        return _ok(f"journal {journal}, a commit is flushed before it is acknowledged")
    off = [
        name for name in ("fsync", "synchronous_commit") if _ask(settings, f"SHOW {name}") == "off"
    ]
    if off:
        return _bad(f"{' and '.join(off)} is off: votes can be lost", "Switch it on.")
    return _ok("fsync and synchronous_commit are on")


def _schema(settings: Settings, _clock: Clock) -> Finding:
    if migrate.is_current(settings.database):
        return _ok("at the newest migration")
    return _bad("older than this version of maskballot", "Back up, then `maskballot db upgrade`.")


def _blindness(settings: Settings, _clock: Clock) -> Finding:
    reader = make_engine(settings.reader_database, reading=True)
    try:
        with reader.connect() as connection:
            connection.execute(text(f"SELECT 1 FROM {ORIGINS_TABLE} LIMIT 1"))  # noqa: S608
    except SQLAlchemyError as refused:
        if any(word in str(refused) for word in REFUSALS):
            return _ok("the reading connection cannot read origins")
        raise
    finally:
        reader.dispose()
    return _bad("the reading connection can read origins", "Use a role without grant on them.")


def _clock(settings: Settings, clock: Clock) -> Finding:
    if _is_sqlite(settings):
        return _ok("one machine, one clock")
    apart = abs(clock.now() - _ask(settings, "SELECT now()"))
    if apart > timedelta(seconds=CLOCK_SECONDS):
        return _bad(f"{apart.total_seconds():.0f} s apart from the database's", "Run NTP on both.")
    return _ok(f"{apart.total_seconds():.1f} s apart from the database's")


def _workers(settings: Settings, _clock: Clock) -> Finding:
    if _is_sqlite(settings):
        return _ok("the server process does the background work itself")
    alive = (
        "SELECT count(*) FROM procrastinate_workers "
        "WHERE last_heartbeat > now() - interval '30 seconds'"
    )
    count = _ask(settings, alive)
    if not count:
        return _bad("none is running: runs would wait for ever", "Start `maskballot worker`.")
    return _ok(f"{count} running")


def _blobs(settings: Settings, _clock: Clock) -> Finding:
    store = open_store(settings)
    store.get(store.put(b"maskballot check\n"))
    return _ok(f"{settings.blobs} can be written and read")


def _networks(settings: Settings, _clock: Clock) -> Finding:
    manifest = read_manifest(settings.models)
    for entry in manifest.networks:
        for file in entry.files:
            verified(settings.models, entry, file)
        stored.verify(settings.models, entry)
    return _ok(f"{len(manifest.networks)} verified in {settings.models}")


def _disk(settings: Settings, _clock: Clock) -> Finding:
    free = shutil.disk_usage(settings.home).free
    said = f"{free / 1024**3:.1f} GiB free in {settings.home}"
    return _ok(said) if free > FREE_BYTES else _bad(said, "Make room: votes need it.")


def _is_sqlite(settings: Settings) -> bool:
    return settings.database.startswith("sqlite")


def _ask(settings: Settings, query: str) -> Any:
    engine = make_engine(settings.database)
    try:
        with engine.connect() as connection:
            return connection.scalar(text(query))
    finally:
        engine.dispose()
