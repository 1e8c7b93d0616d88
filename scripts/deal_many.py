"""Deal a study to many readers at once, and check what no assignment may break.

    .venv/bin/python -m scripts.deal_many --assignments 100000 --readers 200

A study is laid out for all readers, with near-twins that share slots, hidden repeats, films drawn
first and films that a reader drew a mask of. Then all readers read at once, each a thread with own
transactions, spread over processes: answer the ballot in hand, ask for the next. At the end the
database is asked for each promise (`broken`). No picture is made: masks are numbers here. With
`--database FILE` the file is kept, and the same command goes on with it.
"""

import argparse
import multiprocessing
import sqlite3
import tempfile
import threading
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

import numpy as np
from sqlalchemy import Engine, func, insert, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.accounts.roles import Role
from app.accounts.tables import User
from app.ballots.deal import next_ballot
from app.ballots.layout import lay_out
from app.ballots.planning import Layable
from app.ballots.tables import Ballot, Case, CaseOrder
from app.clock import FixedClock
from app.conduct.answering import answer
from app.db import migrate
from app.db.engine import make_engine, session_factory
from app.db.turns import DatabaseBusy
from app.films.tables import Film
from app.proposals.tables import Candidate
from app.studies.protocol import Design, FixedRule, Protocol
from app.studies.states import State
from app.studies.studies import add_member, create
from app.studies.tables import Study
from app.votes.answers import Answer, AnswerKind, Submission

SOURCES = 4
SHA = "0" * 64
SEED = "5eed" * 16
START = datetime(2026, 1, 5, 8, tzinfo=UTC)
# The ways in which four sources share slots here: most not at all.
WAYS = (*[((0,), (1,), (2,), (3,))] * 8, ((0, 1), (2,), (3,)), ((0,), (1, 2), (3,)))
DESIGN = Design(repeat_share=0.1, repeat_after_ballots=20, draw_first_share=0.05)
LATER = 0.02


@dataclass(frozen=True)
class Asked:
    """How much is dealt to how many."""

    films: int
    readers: int
    places: int


def found(session: Session, asked: Asked) -> Study:
    """Lay out an open study; a fifth of the films have a mask that one of the readers drew."""
    clock = FixedClock(START)
    study = create(
        session,
        name="Many",
        stage=1,
        protocol=Protocol(rule=FixedRule(n=asked.places), design=DESIGN),
        networks=[],
        clock=clock,
        seed=SEED,
    )
    study.state = State.OPEN
    ids = []
    for number in range(asked.readers):
        name = f"reader-{number}"
        user = User(
            name=name,
            full_name=name,
            role=Role.PHYSICIAN,
            password_hash="-",
            created_at=clock.now(),
        )
        session.add(user)
        session.flush()
        add_member(session, study=study, user=user, role=Role.PHYSICIAN)
        ids.append(user.id)
    films = range(1, asked.films + 1)
    session.execute(insert(Film), [_film(study.id, film) for film in films])
    session.execute(insert(Candidate), [_candidate(film, s) for film in films for s in _sources()])
    cases = list(layables(asked, ids))
    lay_out(session, study, physician_ids=ids, cases=cases, wanted=asked.places)
    return study


def _sources() -> range:
    return range(SOURCES)


def _film(study_id: int, film: int) -> dict[str, object]:
    name, sha = f"{film}.png", f"{film:064x}"
    return {
        **{"id": film, "study_id": study_id, "name": name, "pixels_sha": sha, "blob_sha": SHA},
        **{"display_sha": SHA, "native_w": 8, "native_h": 8, "bits": 8, "meta": {}},
        **{"photometric": "MONOCHROME2", "imported_at": START},
    }


def _candidate(film: int, source: int) -> dict[str, object]:
    number = SOURCES * film + source
    return {"id": number, "film_id": film, "mask_sha": SHA, "grid_sha": SHA, "area": 1}


def layables(asked: Asked, readers: Sequence[int]) -> Iterator[Layable]:
    """Yield the films with their candidates; film f's are 4f, 4f + 1, 4f + 2 and 4f + 3."""
    rng = np.random.default_rng(8)
    for film in range(1, asked.films + 1):
        way = WAYS[rng.integers(len(WAYS))]
        author = readers[int(rng.integers(len(readers)))] if rng.random() < 0.2 else None
        yield Layable(
            film_id=film,
            candidates=tuple(SOURCES * film + source for source in _sources()),
            groups=tuple(tuple(SOURCES * film + source for source in group) for group in way),
            disagreement=float(rng.random()),
            authors=frozenset() if author is None else frozenset({author}),
        )


def read(engine: Engine, reader: int, until: float, *, before: int) -> None:
    """Read as one physician until nothing is left or the time is over; ``before`` were dealt."""
    rng = np.random.default_rng([8, reader, before])
    sessions, clock = session_factory(engine), FixedClock(START)
    while time.monotonic() < until:
        try:
            with sessions.begin() as session:
                study = session.scalars(select(Study)).one()
                physician = session.get_one(User, reader)
                ballot = next_ballot(session, study, physician=physician, clock=clock)
                if ballot is None:
                    return
                dealt = ballot.id
            with sessions.begin() as session:
                ballot = session.get_one(Ballot, dealt)
                answer(session, ballot=ballot, sent=_said(ballot, rng), clock=clock)
        except (DatabaseBusy, OperationalError, sqlite3.OperationalError):
            # Waited too long for its turn, where a server says: busy. It asks again.
            continue


def _said(ballot: Ballot, rng: np.random.Generator) -> Submission:
    kind, letters = AnswerKind.NONE, ""
    if rng.random() < LATER:
        kind = AnswerKind.LATER
    elif ballot.slots:
        kind, letters = AnswerKind.SLOT, "ABCD"[rng.integers(len(ballot.slots))]
    key = str(uuid.UUID(bytes=rng.bytes(16)))
    return Submission(idempotency_key=key, answer=Answer(kind=kind, slots=tuple(letters)))


def read_at_once(url: str, readers: Sequence[int], until: float, before: int = 0) -> None:
    """Let these readers read at once, each in an own thread."""
    engine = make_engine(url, reading=True)
    together = threading.Barrier(len(readers))

    def one(reader: int) -> None:
        together.wait()
        read(engine, reader, until, before=before)

    threads = [threading.Thread(target=one, args=(reader,)) for reader in readers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose()


def broken(session: Session, asked: Asked) -> dict[str, int]:
    """Return how often each promise was broken."""
    readers = session.scalars(select(User.id).order_by(User.id)).all()
    cases = {case.film_id: case for case in layables(asked, readers)}
    ballots = session.scalars(select(Ballot)).all()
    dealt = Counter((one.film_id, one.physician_id, one.repeat_no) for one in ballots)
    first = {(one.film_id, one.physician_id): one for one in ballots if one.repeat_no == 0}
    repeats = [one for one in ballots if one.repeat_no > 0]
    places = Counter((one.film_id, one.place) for one in ballots if one.place is not None)
    held = Counter(film for film, _ in places)
    taken = {case.film_id: case.taken for case in session.scalars(select(Case))}
    washout = DESIGN.repeat_after_ballots
    return {
        "own mask shown": sum(one.physician_id in cases[one.film_id].authors for one in ballots),
        "case dealt twice but as a repeat": sum(count - 1 for count in dealt.values()),
        "repeat of nothing, or too early": sum(
            (one.film_id, one.physician_id) not in first
            or one.ordinal - first[one.film_id, one.physician_id].ordinal <= washout
            for one in repeats
        ),
        "repeat or blank ballot with a place": sum(
            one.place is not None for one in ballots if one.repeat_no != 0
        ),
        "place filled twice": sum(count - 1 for count in places.values()),
        "places taken but not held": sum(abs(taken[film] - held[film]) for film in taken),
        "slots out of balance in a block": _unbalanced(session, cases),
    }


def _unbalanced(session: Session, cases: dict[int, Layable]) -> int:
    """Return in how many blocks a source stood in one slot oftener than in another, by over one."""
    rows = session.execute(
        select(CaseOrder.physician_id, CaseOrder.film_id, CaseOrder.candidates).order_by(
            CaseOrder.physician_id, CaseOrder.ordinal
        )
    )
    bad = 0
    for _, own in groupby(rows, key=lambda row: row[0]):
        ways: dict[object, list[list[int]]] = defaultdict(list)
        for _, film, candidates in own:
            ways[cases[film].units()].append([one - SOURCES * film for one in candidates])
        for orders in ways.values():
            size = {4: 24, 3: 6}[len(orders[0])]
            for start in range(0, len(orders), size):
                stood = Counter(
                    pair for one in orders[start : start + size] for pair in enumerate(one)
                )
                sources = {source for _, source in stood}
                counts = [stood[slot, s] for slot in range(len(sources)) for s in sources]
                bad += max(counts) - min(counts) > 1
    return bad


def numbers(session: Session) -> dict[str, int]:
    """Return how many ballots of which kind were dealt, and how many places stayed open."""
    kinds = select(Ballot.kind, Ballot.repeat_no, func.count())
    counted = session.execute(kinds.group_by(Ballot.kind, Ballot.repeat_no)).all()
    said = {f"{kind}, repeat {repeat}": count for kind, repeat, count in counted}
    still = session.scalar(select(func.sum(Case.wanted - Case.taken))) or 0
    return {"assignments": sum(said.values()), **said, "places still open": still}


def main() -> None:
    """Lay out, read, check, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--assignments", type=int, default=100_000)
    parser.add_argument("--readers", type=int, default=200)
    parser.add_argument("--places", type=int, default=15, help="answers that each case wants")
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--folder", help="where the database lies while it is used")
    parser.add_argument("--database", type=Path, help="a file that is kept, to go on with")
    parser.add_argument("--minutes", type=float, default=60, help="stop reading after so many")
    asked = parser.parse_args()
    films = -(-asked.assignments // asked.places)
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        file = asked.database or Path(folder) / "many.sqlite"
        deal(file.absolute(), Asked(films, asked.readers, asked.places), asked)


def deal(file: Path, asked: Asked, how: argparse.Namespace) -> None:
    """Do it all in the database ``file``."""
    url, new = f"sqlite:///{file}", not file.exists()
    migrate.upgrade(url)
    engine, start = make_engine(url), time.monotonic()
    with session_factory(engine).begin() as session:
        if new:
            found(session, asked)
        before = session.scalar(select(func.count()).select_from(Ballot)) or 0
        readers = session.scalars(select(User.id).order_by(User.id)).all()
    print(f"{asked}: {before} dealt; laid out in {time.monotonic() - start:.0f} s", flush=True)
    start = time.monotonic()
    until = start + 60 * how.minutes
    # Not forked: a fork would share its parent's place in the queue before the database.
    apart = multiprocessing.get_context("spawn")
    parts = [readers[number :: how.processes] for number in range(how.processes)]
    processes = [
        apart.Process(target=read_at_once, args=(url, part, until, before)) for part in parts
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    print(f"read in {time.monotonic() - start:.0f} s; exits {[p.exitcode for p in processes]}")
    with session_factory(engine)() as session:
        for said in (numbers(session), broken(session, asked)):
            for name, number in said.items():
                print(f"{number:8d}  {name}")


if __name__ == "__main__":
    main()
