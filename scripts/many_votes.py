"""Fill an empty installation with an open study of many films, readers and votes, to measure on.

    MASKBALLOT_HOME=/tmp/large .venv/bin/python scripts/many_votes.py --films 200000 --votes 1000000

The database is that of the settings: SQLite in the home folder, or `MASKBALLOT_DATABASE_URL` (as a
superuser: foreign keys are not checked while it is filled). Orders, slots and keys are those that
the house itself draws (`app.ballots.design`), and who was dealt what is played through, reader by
reader. No picture is made: the films' blobs are missing. Rows go past the house's own doors, in
bulk and without flushing, so never fill a database that matters.
"""

import argparse
import json
import sqlite3
import sys
import time
import uuid
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

import numpy as np
import psycopg
from sqlalchemy import make_url
from sqlalchemy.orm import Session

import app.tables  # noqa: F401  (registers every table)
from app.accounts.passwords import hash_password
from app.accounts.roles import Role
from app.accounts.tables import User
from app.ballots.design import ballot_key, ballot_seed, case_order, slot_order
from app.ballots.states import BallotState
from app.ballots.tables import Ballot, Case, CaseOrder, Hand, Slot
from app.clock import SystemClock
from app.db import migrate
from app.db.base import Base
from app.db.engine import make_engine, session_factory
from app.films.tables import Film
from app.proposals.missing import sources_of
from app.proposals.origins import MANUAL, CandidateOrigin
from app.proposals.tables import Candidate, Standing
from app.settings import Settings, settings
from app.studies.protocol import Design, FixedRule, Protocol
from app.studies.states import State
from app.studies.studies import add_member, create
from app.votes.tables import Vote

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
SHA = "0" * 64
NETWORKS = ("north", "south", "west")
SOURCES = 1 + len(NETWORKS)
LATER_EVERY = 97  # ballots
ANSWERS = (*["slot"] * 85, *["tie"] * 5, *["none"] * 4, *["no_infection"] * 3, *["unreadable"] * 3)
CHOSEN = {"slot": 1, "tie": 2}

Row = dict[str, Any]
Study = tuple[int, str, list[int], list[str]]
Write = Callable[[type[Base], Iterable[Row]], None]


def sqlite_writer(connection: sqlite3.Connection) -> Write:
    """Return a function that appends rows to a file, without journal or flushing."""
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000"):
        connection.execute(f"PRAGMA {pragma}")

    def write(table: type[Base], rows: Iterable[Row]) -> None:
        names, tuples = _tuples(table, rows, text_times=True)
        marks = ", ".join("?" * len(names))
        statement = f"INSERT INTO {table.__tablename__} ({quoted(names)}) VALUES ({marks})"
        connection.executemany(statement, tuples)
        connection.commit()

    return write


def postgresql_writer(connection: psycopg.Connection) -> Write:
    """Return a function that appends rows by COPY."""
    connection.execute("SET session_replication_role = replica")
    connection.execute("SET synchronous_commit = off")

    def write(table: type[Base], rows: Iterable[Row]) -> None:
        names, tuples = _tuples(table, rows, text_times=False)
        statement = f"COPY {table.__tablename__} ({quoted(names)}) FROM STDIN"
        with connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
            for row in tuples:
                copy.write_row(row)
        if "id" in names:
            counter = f"pg_get_serial_sequence('{table.__tablename__}', 'id')"
            highest = f"(SELECT max(id) FROM {table.__tablename__})"
            connection.execute(f"SELECT setval({counter}, {highest})".encode())
        connection.commit()

    return write


def quoted(names: Iterable[str]) -> str:
    """Return columns' names for a statement; some are words of SQL."""
    return ", ".join(f'"{name}"' for name in names)


def _tuples(
    table: type[Base], rows: Iterable[Row], *, text_times: bool
) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
    """Return the columns that are filled, by the rows or by a default, and the rows as tuples."""
    began = time.monotonic()
    rows = iter(rows)
    first = next(rows)
    fixed = {
        column.name: column.default.arg
        for column in table.__table__.columns
        if column.name not in first and column.default is not None and column.default.is_scalar
    }
    names = [*first, *fixed]
    tail = tuple(fixed.values())

    def plain(value: Any) -> Any:
        if isinstance(value, datetime) and text_times:
            return value.strftime("%Y-%m-%d %H:%M:%S.%f")  # as SQLAlchemy stores it
        return json.dumps(value) if isinstance(value, list | dict) else value

    def made() -> Iterator[tuple[Any, ...]]:
        count = 0
        for row in chain((first,), rows):
            count += 1
            yield (*map(plain, row.values()), *tail)
        took = time.monotonic() - began
        print(f"{table.__tablename__:18}{count:>10,} rows{took:7.0f} s", file=sys.stderr)

    return names, made()


def people(session: Session, *, readers: int, places: int) -> Study:
    """Found an open study with ``readers``; return its id, seed, readers' ids and sources."""
    clock, word = SystemClock(), hash_password("a-password-for-measuring")
    study = create(
        session,
        name="Large",
        stage=1,
        protocol=Protocol(
            rule=FixedRule(n=places),
            design=Design(priority="none", repeat_share=0, merge=False),
        ),
        networks=NETWORKS,
        clock=clock,
    )
    study.state, study.opened_at = State.OPEN, clock.now()
    users = [
        User(name=name, full_name=name, role=role, password_hash=word, created_at=clock.now())
        for name, role in (
            ("boss", Role.ADMIN),
            *((f"reader-{number}", Role.PHYSICIAN) for number in range(1, readers + 1)),
        )
    ]
    session.add_all(users)
    session.flush()
    for user in users:
        add_member(session, study=study, user=user, role=Role(user.role))
    return study.id, study.seed, [user.id for user in users[1:]], sources_of(study)


def films(study_id: int, count: int) -> Iterator[Row]:
    """Films of 2048 × 2500 in folders."""
    return (film_row(study_id, number) for number in range(1, count + 1))


def film_row(study_id: int, number: int) -> Row:
    """The row of film ``number``, whose grey values lie nowhere."""
    return {
        "id": number,
        "study_id": study_id,
        "name": f"series-{number % 977:03d}/film-{number:06d}.png",
        "pixels_sha": f"{number:064x}",
        "blob_sha": SHA,
        "display_sha": SHA,
        "native_w": 2048,
        "native_h": 2500,
        "bits": 12,
        "photometric": "MONOCHROME2",
        "meta": {},
        "manual_mask_sha": SHA,
        "imported_at": START,
    }


def candidates(count: int) -> Iterator[Row]:
    """The films' candidates: source s of film f is number 4·f + s."""
    for number in range(SOURCES, SOURCES * (count + 1)):
        film = number // SOURCES
        yield {"id": number, "film_id": film, "mask_sha": SHA, "grid_sha": SHA, "area": 90_000}


def origins(count: int, sources: list[str]) -> Iterator[Row]:
    """Whose they are."""
    for number in range(SOURCES, SOURCES * (count + 1)):
        source = sources[number % SOURCES]
        yield {
            "candidate_id": number,
            "film_id": number // SOURCES,
            "source": source,
            "kind": MANUAL if source == MANUAL else "network",
            "made_at": START,
        }


def standings(study_id: int, count: int) -> Iterator[Row]:
    """Every film has a candidate of every source."""
    for film in range(1, count + 1):
        yield {"film_id": film, "study_id": study_id, "have": SOURCES}


class Played:
    """A study as its readers have gone through it, in turns, until ``votes`` answers are given."""

    def __init__(
        self, *, seed: str, readers: list[int], films: int, places: int, votes: int
    ) -> None:
        self.seed = seed
        self.readers = readers
        everything = list(range(1, films + 1))
        self.orders = {
            reader: array("l", case_order(everything, seed=seed, physician_id=reader))
            for reader in readers
        }
        self.taken = array("l", [0]) * (films + 1)
        self.dealt: list[tuple[int, int]] = []
        self.ends = dict.fromkeys(readers, 0)
        self._deal(places, votes)

    def _deal(self, places: int, votes: int) -> None:
        waiting = list(self.readers)
        while waiting and len(self.dealt) < votes:
            for reader in list(waiting):
                order, ordinal = self.orders[reader], self.ends[reader]
                while ordinal < len(order) and self.taken[order[ordinal]] >= places:
                    ordinal += 1
                self.ends[reader] = ordinal + 1
                if ordinal >= len(order):
                    waiting.remove(reader)
                    continue
                if not self.aside(len(self.dealt)):
                    self.taken[order[ordinal]] += 1
                self.dealt.append((reader, ordinal))

    def aside(self, number: int) -> bool:
        """Say whether ballot ``number`` (from 0) was put aside for later."""
        return number % LATER_EVERY == LATER_EVERY - 1

    def slots(self, reader: int, ordinal: int) -> list[int]:
        """Return the candidates in the order of the slots."""
        film = self.orders[reader][ordinal]
        order = slot_order(range(SOURCES), seed=self.seed, physician_id=reader, ordinal=ordinal)
        return [SOURCES * film + source for source in order]

    def cases(self, study_id: int, places: int) -> Iterator[Row]:
        """Every film is a case."""
        for film in range(1, len(self.taken)):
            yield {
                "film_id": film,
                "study_id": study_id,
                "wanted": places,
                "taken": self.taken[film],
            }

    def case_orders(self, study_id: int) -> Iterator[Row]:
        """Each reader's order of all cases."""
        for reader, order in self.orders.items():
            for ordinal, film in enumerate(order):
                yield {
                    "study_id": study_id,
                    "physician_id": reader,
                    "ordinal": ordinal,
                    "film_id": film,
                    "candidates": self.slots(reader, ordinal),
                }

    def hands(self, study_id: int) -> Iterator[Row]:
        """What each reader was dealt."""
        dealt = Counter(reader for reader, _ in self.dealt)
        later = Counter(one[0] for number, one in enumerate(self.dealt) if self.aside(number))
        for reader, order in self.orders.items():
            yield {
                "study_id": study_id,
                "physician_id": reader,
                "dealt": dealt[reader],
                "cases": len(order),
                "passed": self.ends[reader],
                "answered": dealt[reader] - later[reader],
                "later": later[reader],
                "voted": dealt[reader],
                "votes": dealt[reader],
                "left": len(order) - self.ends[reader],
                "counted_at": datetime.now(UTC),
            }

    def ballots(self, study_id: int) -> Iterator[Row]:
        """Ballot number n (from 1) is the n-th dealt."""
        dealt: Counter[int] = Counter()
        places = array("l", [0]) * len(self.taken)
        for number, (reader, ordinal) in enumerate(self.dealt):
            film, aside = self.orders[reader][ordinal], self.aside(number)
            dealt[reader] += 1
            places[film] += not aside
            names: Row = {"seed": self.seed, "physician_id": reader}
            names |= {"film_id": film, "repeat_no": 0}
            yield {
                "id": number + 1,
                "key": ballot_key(**names),
                "study_id": study_id,
                "film_id": film,
                "physician_id": reader,
                "ordinal": dealt[reader] - 1,
                "vote_no": dealt[reader],
                "seed": ballot_seed(**names),
                "state": str(BallotState.DEFERRED if aside else BallotState.ANSWERED),
                "place": None if aside else places[film],
                "dealt_at": START + timedelta(seconds=number),
            }

    def stood(self) -> Iterator[Row]:
        """The slots of all ballots."""
        for number, (reader, ordinal) in enumerate(self.dealt, 1):
            for position, candidate in enumerate(self.slots(reader, ordinal)):
                yield {"ballot_id": number, "position": position, "candidate_id": candidate}

    def votes(self) -> Iterator[Row]:
        """One vote a ballot."""
        rng = np.random.default_rng(0)
        drawn = rng.choice(ANSWERS, len(self.dealt))
        first = rng.integers(SOURCES, size=len(self.dealt))
        for number in range(len(self.dealt)):
            answer = "later" if self.aside(number) else str(drawn[number])
            slots = [int(first[number] + more) % SOURCES for more in range(CHOSEN.get(answer, 0))]
            yield {
                "ballot_id": number + 1,
                "idempotency_key": str(uuid.UUID(bytes=rng.bytes(16))),
                "request_sha256": SHA,
                "answer": answer,
                "positions": sorted(slots),
                "answered_at": START + timedelta(seconds=number + 20),
                "protocol_version": 1,
                "comment": "",
            }


def fill(write: Write, study: Study, asked: argparse.Namespace) -> None:
    """Write all rows of the study but its people."""
    study_id, seed, readers, sources = study
    write(Film, films(study_id, asked.films))
    write(Candidate, candidates(asked.films))
    write(CandidateOrigin, origins(asked.films, sources))
    write(Standing, standings(study_id, asked.films))
    played = Played(
        seed=seed, readers=readers, films=asked.films, places=asked.places, votes=asked.votes
    )
    write(Case, played.cases(study_id, asked.places))
    write(CaseOrder, played.case_orders(study_id))
    write(Hand, played.hands(study_id))
    write(Ballot, played.ballots(study_id))
    write(Slot, played.stood())
    write(Vote, played.votes())


def arguments() -> argparse.Namespace:
    """Read what was asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--films", type=int, default=200_000)
    parser.add_argument("--votes", type=int, default=1_000_000)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--places", type=int, default=6, help="answers that each case wants")
    return parser.parse_args()


def run(here: Settings, asked: argparse.Namespace) -> None:
    """Make the schema, the people and the rows; then let the database look at what it holds."""
    here.home.mkdir(parents=True, exist_ok=True)
    migrate.upgrade(here.database)
    engine = make_engine(here.database)
    with session_factory(engine).begin() as session:
        study = people(session, readers=asked.readers, places=asked.places)
    engine.dispose()
    url = make_url(here.database)
    if url.get_backend_name() == "sqlite":
        connection = sqlite3.connect(url.database or "")
        fill(sqlite_writer(connection), study, asked)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("ANALYZE")
        connection.close()
        return
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as server:
        fill(postgresql_writer(server), study, asked)
    with psycopg.connect(plain, autocommit=True) as server:
        server.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    run(settings(), arguments())
