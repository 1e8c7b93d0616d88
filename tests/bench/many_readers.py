"""Many readers at once against a real server: what they wait for, and what the server takes.

    MASKBALLOT_HOME=/tmp/large .venv/bin/python -m tests.bench.many_readers --readers 50 --think 2
    MASKBALLOT_HOME=/tmp/large .venv/bin/python -m tests.bench.many_readers --readers 20

The home holds what `scripts/many_votes.py` made. A reader asks for the next ballot, thinks (so many
seconds on average, exponentially; 0: not at all), votes, and asks again. The client is as light as
can be, because it shares the machine's cores: raw sockets, requests made beforehand. The server's
own times come from its log of requests (`MASKBALLOT_LOG_REQUESTS`), not over the wire. Prints;
judges nothing but that no ballot was dealt twice.
"""

import argparse
import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import uvloop
from sqlalchemy import func, select

from app.accounts import signin
from app.accounts.users import user_named
from app.ballots.tables import Ballot, Case
from app.clock import SystemClock
from app.settings import REPOSITORY, settings
from app.studies.studies import study_named
from app.votes.tables import Vote
from app.web.cookies import sealed
from app.web.house import House, build_house
from tests.support.ports import free_port

STUDY = "Large"
KEY = re.compile(rb"/ballots/([a-z2-7]{26})")
LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
DONE = b'"done"'


@dataclass
class Seen:
    """What all readers saw: milliseconds by step, statuses, and the ballots in order."""

    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    statuses: Counter[str] = field(default_factory=Counter)
    answered: set[str] = field(default_factory=set)
    again: int = 0
    began: float = 0.0
    before: int = 0
    skipped: int = 0


@dataclass
class Reader:
    """One reader's connection."""

    port: int
    cookie: str
    study: str
    seen: Seen
    rng: np.random.Generator
    think: float
    post_next: bool

    async def read_until(self, end: float) -> None:
        """Ask, think and vote until the clock says ``end``."""
        self.streams = await asyncio.open_connection("127.0.0.1", self.port)
        if self.think:
            await asyncio.sleep(self.rng.uniform(0, self.think))
        while time.monotonic() < end and (key := await self._next()):
            if self.think:
                await asyncio.sleep(self.rng.exponential(self.think))
            await self._vote(key)
        self.streams[1].close()

    async def _next(self) -> str | None:
        method = "POST" if self.post_next else "GET"
        answer = await self._ask("next", method, f"/studies/{self.study}/next", b"")
        found = KEY.search(answer)
        if found is None:
            return None
        key = found[1].decode()
        self.seen.again += key in self.seen.answered
        return key

    async def _vote(self, key: str) -> None:
        body = {
            "idempotency_key": str(uuid.UUID(bytes=self.rng.bytes(16))),
            "answer": {"kind": "slot", "slots": ["ABCD"[self.rng.integers(4)]]},
        }
        path = f"/ballots/{key}/answers"
        answer = await self._ask("vote", "POST", path, json.dumps(body).encode())
        if answer.startswith(b"HTTP/1.1 201"):
            self.seen.answered.add(key)

    async def _ask(self, step: str, method: str, path: str, body: bytes) -> bytes:
        reader, writer = self.streams
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: maskballot={self.cookie}\r\n"
            f"Accept: application/json\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        start = time.perf_counter()
        writer.write(head.encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        length = LENGTH.search(answer)
        if length:
            answer += await reader.readexactly(int(length[1]))
        self.seen.took[step].append(1000 * (time.perf_counter() - start))
        self.seen.statuses[f"{step} {answer[9:12].decode()}"] += 1
        return answer


@contextmanager
def serving(workers: int) -> Iterator[tuple[int, Path, int]]:
    """Start a server of the settings; hand out its port, the file of its log and its number."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with log.open("wb") as out:
            command = [sys.executable, "-m", "app", "serve", "--port", str(port)]
            command += ["--workers", str(workers)]
            environment = {**os.environ, "MASKBALLOT_LOG_REQUESTS": "true"}
            server = subprocess.Popen(command, stderr=out, env=environment, cwd=REPOSITORY)
        try:
            asyncio.run(_answers(port))
            yield port, log, server.pid
        finally:
            server.terminate()
            server.wait(timeout=30)


async def _answers(port: int) -> None:
    for _ in range(600):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
            continue
        writer.close()
        return
    raise RuntimeError("the server does not answer")


def processor_seconds(server: int) -> float:
    """Return what the server and its workers have used."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            number, _, rest = stat.read_text().partition(" (")
            fields = rest.rpartition(") ")[2].split()
            if server in (int(number), int(fields[1])):
                ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def cookies(house: House, readers: int) -> tuple[str, list[str]]:
    """Sign the readers in; return the study's key and their cookies."""
    with house.sessions.begin() as session:
        key = study_named(session, STUDY).key
        tokens = [
            signin.open_session(
                session,
                user=user_named(session, f"reader-{number}"),
                hours=12,
                clock=SystemClock(),
            )
            for number in range(1, readers + 1)
        ]
    return key, [sealed(house, token) for token in tokens]


async def load(
    asked: argparse.Namespace, *, port: int, log: Path, study: str, signed_in: list[str]
) -> Seen:
    """Let all readers read for the asked time."""
    seen = Seen()
    readers = [
        Reader(
            port,
            cookie,
            study,
            seen,
            np.random.default_rng([time.time_ns(), number]),
            asked.think,
            asked.post_next,
        )
        for number, cookie in enumerate(signed_in)
    ]
    end = time.monotonic() + asked.warm + asked.seconds
    reading = [asyncio.create_task(reader.read_until(end)) for reader in readers]
    await asyncio.sleep(asked.warm)
    # A server that has just started compiles its statements and reads its first pages.
    seen.took.clear()
    seen.began, seen.before, seen.skipped = time.monotonic(), len(seen.answered), log.stat().st_size
    await asyncio.gather(*reading)
    return seen


def server_times(log: Path, skipped: int) -> dict[str, list[float]]:
    """Return the server's own milliseconds by step."""
    took = defaultdict(list)
    # Two workers may write into each other's line.
    for line in re.findall(r"\{[^{}]*(?:\{key\}[^{}]*)?\}", log.read_bytes()[skipped:].decode()):
        if '"request"' in line:
            said = json.loads(line)
            steps = {"/studies/{key}/next": "next", "/ballots/{key}/answers": "vote"}
            took[steps.get(said["route"], said["route"])].append(said["ms"])
    return took


def show(title: str, took: dict[str, list[float]]) -> None:
    """Print median and late percentiles."""
    for step, values in sorted(took.items()):
        late = (*np.percentile(values, (50, 95, 99)), max(values))
        print(f"  {title:7}{step:8}{len(values):7} times" + "".join(f"{ms:9.1f}" for ms in late))


def judge(house: House, seen: Seen, votes_before: int) -> None:
    """Compare with the database; nothing may have been dealt or counted twice."""
    with house.sessions.begin() as session:
        stored = (session.scalar(select(func.count()).select_from(Vote)) or 0) - votes_before
        held = select(Ballot.film_id, func.count().label("held")).where(Ballot.place.is_not(None))
        films = held.group_by(Ballot.film_id).subquery()
        over = session.scalar(
            select(func.count())
            .select_from(films)
            .join(Case, Case.film_id == films.c.film_id)
            .where((films.c.held > Case.wanted) | (films.c.held != Case.taken))
        )
    print(
        f"  acknowledged {len(seen.answered)}, stored {stored}; twice {seen.again}, overfull {over}"
    )
    assert stored == len(seen.answered)
    assert seen.again == over == 0


def main() -> None:
    """Run one scenario and print it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--think", type=float, default=0.0, help="mean seconds before a vote")
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--warm", type=float, default=5, help="seconds before, not counted")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--post-next", action="store_true", help="ask by POST, as the page does")
    asked = parser.parse_args()
    house = build_house(settings())
    study, signed_in = cookies(house, asked.readers)
    with house.sessions.begin() as session:
        before = session.scalar(select(func.count()).select_from(Vote)) or 0
    with serving(asked.workers) as (port, log, server):
        loop = uvloop.new_event_loop()
        busy = processor_seconds(server)
        seen = loop.run_until_complete(
            load(asked, port=port, log=log, study=study, signed_in=signed_in)
        )
        took, busy = time.monotonic() - seen.began, processor_seconds(server) - busy
        rate = (len(seen.answered) - seen.before) / took
        print(
            f"{house.engine.dialect.name}, {asked.readers} readers, {asked.think:g} s of thought, "
            f"{asked.workers} workers: {rate:.1f} answered ballots a second"
        )
        each = 1000 * busy / max(1, len(seen.answered))
        print(f"  {dict(seen.statuses)}; load of the machine {os.getloadavg()[0]:.1f}")
        print(f"  server's processor time: {each:.1f} ms a ballot")
        show("client", seen.took)
        show("server", server_times(log, seen.skipped))
    judge(house, seen, before)


if __name__ == "__main__":
    main()
