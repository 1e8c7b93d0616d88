"""A server that is killed while they vote loses no acknowledged vote, and counts none twice."""

import sqlite3
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.faults.conftest import FILMS
from tests.support.processes import Installation, Person
from tests.support.waiting import until


@pytest.fixture
def open_study(alone: Installation, films: Path) -> str:
    """The key of a study in which two physicians answer every case."""
    who = ("--admin", "boss", "--physicians", "anna,berta", "--rule", "fixed:2")
    key = alone.run("study", "create", "South", *who).partition("(")[2].partition(")")[0]
    alone.run("ingest", films, "--study", "South")
    alone.run("propose", "--study", "South")
    alone.run("study", "open", "South")
    return key


class Voter(threading.Thread):
    """A physician who votes as fast as the server answers, and notes what was acknowledged."""

    def __init__(self, person: Person, study: str) -> None:
        super().__init__(daemon=True)
        self.person = person
        self.study = study
        self.acknowledged: list[str] = []
        self.unsure: tuple[str, str] | None = None

    def run(self) -> None:
        try:
            while ballot := self.person.next_ballot(self.study):
                key = str(uuid.uuid4())
                self.unsure = (ballot, key)
                if self.person.vote(ballot, "A", key=key).status_code == 201:
                    self.acknowledged.append(key)
                    self.unsure = None
        except httpx2.TransportError:
            return


@pytest.fixture
def voters(alone: Installation, open_study: str) -> Iterator[list[Voter]]:
    passwords = {
        name: alone.run("user", "password", name).split()[-1] for name in ("anna", "berta")
    }
    server, address = alone.serve()
    made = [Voter(Person(address, name, word), open_study) for name, word in passwords.items()]
    for voter in made:
        voter.start()
    until(lambda: sum(len(voter.acknowledged) for voter in made) >= FILMS // 2, every=0.005)
    server.kill()
    server.communicate()
    for voter in made:
        voter.join(timeout=60)
    yield made
    for voter in made:
        voter.person.close()


def keys(home: Path) -> list[str]:
    connection = sqlite3.connect(home / "maskballot.sqlite")
    found = [row[0] for row in connection.execute("SELECT idempotency_key FROM votes")]
    connection.close()
    return found


def test_every_acknowledged_vote_is_there_once(
    alone: Installation, voters: list[Voter], home: Path
) -> None:
    stored = keys(home)
    acknowledged = [key for voter in voters for key in voter.acknowledged]
    assert set(acknowledged) <= set(stored)
    assert len(stored) == len(set(stored))
    unsure = {voter.unsure[1] for voter in voters if voter.unsure}
    assert set(stored) - set(acknowledged) <= unsure


def test_the_next_server_takes_the_vote_that_was_not_acknowledged_once(
    alone: Installation, voters: list[Voter], home: Path
) -> None:
    _, address = alone.serve()
    for voter in voters:
        voter.person.move_to(address)
        if voter.unsure:
            ballot, key = voter.unsure
            assert voter.person.vote(ballot, "A", key=key).status_code in (200, 201)
            assert voter.person.vote(ballot, "A", key=key).status_code == 200
            assert keys(home).count(key) == 1
        voter.unsure = None
        voter.run()
    assert len(keys(home)) == 2 * FILMS
