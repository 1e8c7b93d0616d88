"""Kill the server a thousand times while physicians vote, and look for what was lost.

    MASKBALLOT_HOME=/tmp/killed .venv/bin/python -m scripts.kill_voting --kills 1000

Six clients vote as fast as the server answers. At a random moment the server is killed with SIGKILL
and started again on the same database and port; a client whose answer was not acknowledged sends it
again with the same key, as the page does. Every acknowledged key is written to a file before its
client goes on. At the end the files are compared with the database: an acknowledged vote that is
missing is lost; a key, or a ballot, with two votes is doubled. Run again, it goes on where it
stopped. So that a server is there at once, each is a fork of this process, which has everything
imported and nothing open; what it runs is what `maskballot serve` runs. The database is that of the
settings, and is filled where there is none.
"""

import argparse
import json
import os
import signal
import threading
import time
import uuid
from collections import Counter
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import numpy as np
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from app.accounts import signin
from app.accounts.users import user_named
from app.ballots.tables import Ballot, Case
from app.cli.serve import listen, run_server
from app.clock import SystemClock
from app.db.turns import forget_turns
from app.settings import secret_key, settings
from app.studies.studies import study_named
from app.votes.tables import Vote
from app.web.cookies import sealed
from app.web.house import House, build_house
from app.web.main import create_app
from scripts.many_votes import run as fill

READERS = 6
STUDY = "Large"
PAUSE = threading.Event()  # never set: it only waits


class Reader(threading.Thread):
    """A physician who votes as fast as the server answers, through all its deaths."""

    def __init__(self, port: int, study: str, cookie: str, log: Path, seed: int) -> None:
        super().__init__(daemon=True)
        self.port = port
        self.study = study
        self.cookie = cookie
        self.log = log.open("a", encoding="ascii")
        self.rng = np.random.default_rng(seed)
        self.stopped = False
        self.again = 0
        self.wrong: list[str] = []

    def run(self) -> None:
        """Ask and vote; after a broken connection, connect anew."""
        connection = self._connect()
        while not self.stopped and (key := self._next(connection)):
            self._vote(connection, key)
        self.log.close()

    def _connect(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=60)

    def _ask(self, connection: HTTPConnection, method: str, path: str, body: bytes) -> bytes | None:
        """Return the answer's body, or nothing where the server was killed over it."""
        headers = {"Cookie": f"maskballot={self.cookie}", "Content-Type": "application/json"}
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            said = response.read()
        except (OSError, HTTPException):
            connection.close()
            PAUSE.wait(0.02)
            return None
        if response.status >= 400:
            self.wrong.append(f"{method} {path}: {response.status} {said[:200]!r}")
            PAUSE.wait(0.1)
            return None
        return said

    def _next(self, connection: HTTPConnection) -> str | None:
        while not self.stopped:
            said = self._ask(connection, "POST", f"/studies/{self.study}/next", b"")
            if said is not None:
                key: str | None = json.loads(said).get("key")
                return key
        return None

    def _vote(self, connection: HTTPConnection, ballot: str) -> None:
        key = str(uuid.UUID(bytes=self.rng.bytes(16)))
        slot = "ABCD"[self.rng.integers(4)]
        body = {"idempotency_key": key, "answer": {"kind": "slot", "slots": [slot]}}
        while (
            self._ask(connection, "POST", f"/ballots/{ballot}/answers", json.dumps(body).encode())
            is None
        ):
            if self.stopped:
                return
            self.again += 1
        self.log.write(f"{key}\n")
        self.log.flush()


def start(house: House, port: int) -> int:
    """Start a server as a fork, and return its process's number once it listens."""
    listener = listen("127.0.0.1", port)
    child = os.fork()
    if child == 0:
        run_server(house, listener)
        os._exit(0)
    listener.close()
    return child


def warm_up(house: House, study: str, cookie: str) -> None:
    """Import and prepare what a server needs, then close whatever is open before a fork."""
    client = TestClient(create_app(house), cookies={"maskballot": cookie})
    ballot = client.post(f"/studies/{study}/next").json()["key"]
    body = {"idempotency_key": str(uuid.uuid4()), "answer": {"kind": "no_infection"}}
    client.post(f"/ballots/{ballot}/answers", json=body)
    client.close()
    house.engine.dispose()
    house.reader.dispose()
    forget_turns()


def kill_often(house: House, readers: list[Reader], *, port: int, kills: int, done: Path) -> None:
    """Kill and restart until ``kills`` are counted in the file ``done``."""
    rng = np.random.default_rng(int(time.time()))
    before = int(done.read_text()) if done.exists() else 0
    for number in range(before + 1, kills + 1):
        server = start(house, port)
        seen = sum(reader.log.tell() for reader in readers)
        while sum(reader.log.tell() for reader in readers) == seen:
            PAUSE.wait(0.005)  # at least one vote, so that the server was voting
        PAUSE.wait(rng.uniform(0, 0.25))
        os.kill(server, signal.SIGKILL)
        os.waitpid(server, 0)
        done.write_text(str(number))
        if number % 100 == 0:
            print(f"{number} kills, {sum(reader.again for reader in readers)} sent again")


def compare(home: Path) -> None:
    """Compare what was acknowledged with what is stored; raise `SystemExit` if they differ."""
    acknowledged = [
        line for log in sorted(home.glob("acknowledged-*")) for line in log.read_text().split()
    ]
    house = build_house(settings())
    with house.sessions() as session:
        stored = Counter(session.scalars(select(Vote.idempotency_key)))
        ballots = session.execute(
            select(Vote.ballot_id, func.count()).group_by(Vote.ballot_id).having(func.count() > 1)
        ).all()
        held = (
            select(func.count(Ballot.id))
            .where(Ballot.film_id == Case.film_id, Ballot.place.is_not(None))
            .scalar_subquery()
        )
        uneven = session.scalar(select(func.count()).where(Case.taken != held)) or 0
    lost = sum(key not in stored for key in acknowledged)
    doubled = len(ballots) + sum(count > 1 for count in stored.values())
    print(
        f"{len(acknowledged)} acknowledged, {len(stored)} stored: {lost} lost, {doubled} doubled, "
        f"{uneven} cases whose places do not add up"
    )
    if lost or doubled or uneven:
        raise SystemExit(1)


def main() -> None:
    """Set up where nothing is, kill, compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--films", type=int, default=10_000)
    asked = parser.parse_args()
    home = settings().home
    if not (home / "secret.key").exists():
        fill(settings(), argparse.Namespace(films=asked.films, votes=60, readers=READERS, places=6))
        secret_key(home)
    house = build_house(settings())
    with house.sessions.begin() as session:
        study = study_named(session, STUDY).key
        cookies = [
            sealed(
                house,
                signin.open_session(
                    session, user=user_named(session, name), hours=12, clock=SystemClock()
                ),
            )
            for name in (f"reader-{number}" for number in range(1, READERS + 1))
        ]
    warm_up(house, study, cookies[0])
    with listen("127.0.0.1", 0) as probe:
        port = probe.getsockname()[1]
    readers = [
        Reader(port, study, cookie, home / f"acknowledged-{number}", int(time.time()) + number)
        for number, cookie in enumerate(cookies)
    ]
    for reader in readers:
        reader.start()
    began = time.monotonic()
    kill_often(house, readers, port=port, kills=asked.kills, done=home / "kills")
    for reader in readers:
        reader.stopped = True
    for reader in readers:
        reader.join(timeout=120)
    print(f"{time.monotonic() - began:.0f} s; refused: {[w for r in readers for w in r.wrong][:5]}")
    compare(home)


if __name__ == "__main__":
    main()
