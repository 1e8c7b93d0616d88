"""Moving a whole database to another engine: counted and digested on both sides.

The source is read in one transaction, so the copy is of one moment; the target is written in one,
so it is whole or empty.
"""

import hashlib
import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, select

import app.tables  # noqa: F401  (registers every table)
from app.db import migrate
from app.db.base import Base
from app.db.engine import make_engine
from app.problems import Problem

ROWS = 1000


class CopyRefused(Problem):
    """The database cannot be copied there."""

    code = "copy-refused"
    status = 409


@dataclass(frozen=True)
class Copied:
    """One table on both sides."""

    table: str
    rows: int
    sha256: str


def copy_database(
    source: str, target: str, *, progress: Callable[[int, int], None]
) -> list[Copied]:
    """Copy every row of ``source`` into the empty ``target``; ``progress`` counts tables.

    Raises `CopyRefused` if a schema is old, the target has rows, or a digest differs afterwards;
    the target is then as it was.
    """
    if not migrate.is_current(source):
        raise CopyRefused("The source is not at the newest schema.", cure="`maskballot db upgrade`")
    migrate.upgrade(target)
    old, new = make_engine(source), make_engine(target)
    try:
        with _one_moment(old) as reading, new.begin() as writing:
            return _copy(reading, writing, progress)
    finally:
        old.dispose()
        new.dispose()


def _one_moment(engine: Engine) -> "closing[Connection]":
    # On SQLite every transaction here begins IMMEDIATE: nobody writes while it is open.
    connection = engine.connect()
    if engine.dialect.name == "postgresql":
        connection = connection.execution_options(isolation_level="REPEATABLE READ")
    return closing(connection)


def _copy(
    reading: Connection, writing: Connection, progress: Callable[[int, int], None]
) -> list[Copied]:
    tables = Base.metadata.sorted_tables
    _require_empty(writing, tables)
    copied = []
    for done, table in enumerate(tables, 1):
        _copy_rows(reading, writing, table)
        before, after = digest(reading, table), digest(writing, table)
        if before != after:
            raise CopyRefused(f"The table {table.name} differs after it was copied.")
        copied.append(before)
        _go_on_counting(writing, table)
        progress(done, len(tables))
    return copied


def _require_empty(writing: Connection, tables: list[Table]) -> None:
    for table in tables:
        if writing.scalar(select(func.count()).select_from(table)):
            raise CopyRefused(
                f"The target already has rows in {table.name}.", cure="Name an empty database."
            )


def _copy_rows(reading: Connection, writing: Connection, table: Table) -> None:
    rows = reading.execute(select(table).execution_options(yield_per=ROWS))
    for part in rows.mappings().partitions():
        writing.execute(table.insert(), [dict(row) for row in part])


def digest(connection: Connection, table: Table) -> Copied:
    """Return how many rows the table has, and one sha256 of all of them in the order of keys."""
    whole, count = hashlib.sha256(), 0
    ordered = select(table).order_by(*table.primary_key.columns)
    for row in connection.execute(ordered.execution_options(yield_per=ROWS)):
        whole.update(json.dumps(list(row), default=_plain, sort_keys=True).encode() + b"\n")
        count += 1
    return Copied(table.name, count, whole.hexdigest())


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return hashlib.sha256(value).hexdigest()
    raise TypeError(f"no column holds a {type(value).__name__}")


def _go_on_counting(writing: Connection, table: Table) -> None:
    # PostgreSQL's counters know nothing of rows that came with their number.
    column = table.autoincrement_column
    if writing.dialect.name != "postgresql" or column is None:
        return
    highest = writing.scalar(select(func.max(column)))
    if highest is not None:
        sequence = func.pg_get_serial_sequence(table.name, column.name)
        writing.execute(select(func.setval(sequence, highest)))
