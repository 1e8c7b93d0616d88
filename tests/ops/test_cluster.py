"""PostgreSQL, S3, two workers and two web processes: a study from films to training set."""

import io
import json
import re
import uuid
import zipfile
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from app.demo.folder import write_folder
from tests.support.processes import Installation, Person, installation
from tests.support.s3 import Bucket
from tests.support.waiting import until

FILMS = 6


@pytest.fixture
def cluster(postgresql_url: str, bucket: Bucket, home: Path) -> Iterator[Installation]:
    settings = {"MASKBALLOT_DATABASE_URL": postgresql_url, **bucket.environment()}
    with installation(**settings) as made:
        made.run("db", "upgrade")
        yield made


@pytest.fixture
def films(tmp_path: Path) -> Path:
    folder = tmp_path / "phantoms"
    for _ in write_folder(folder, films=FILMS, size=(160, 160)):
        pass
    return folder


@pytest.fixture
def people() -> Iterator[list[Person]]:
    made: list[Person] = []
    yield made
    for person in made:
        person.close()


def test_a_study_runs_from_films_to_its_training_set(
    cluster: Installation, films: Path, people: list[Person], postgresql_url: str
) -> None:
    passwords = {name: cluster.add_user(name, "physician") for name in ("anna", "berta")}
    boss_password = cluster.add_user("boss", "admin")
    who = ("--admin", "boss", "--physicians", "anna,berta", "--rule", "fixed:2")
    created = cluster.run("study", "create", "North", *who)
    key = re.search(r"\((.*)\)", created)[1]  # type: ignore[index]
    cluster.run("ingest", films, "--study", "North")
    (_, first), (_, second) = cluster.serve(), cluster.serve()
    for _ in range(2):
        cluster.start("worker")
    study = f"/admin/studies/{key}"

    boss = Person(first, "boss", boss_password)
    people.append(boss)
    boss.act(f"{study}/propose", networks="unet")
    wait_for_run(postgresql_url, "propose")
    boss.move_to(second)
    boss.act(f"{study}/open")

    voted = 0
    for name, password in passwords.items():
        reader = Person(first, name, password)
        people.append(reader)
        voted += read_all(reader, key, [first, second])
    assert voted == 2 * FILMS

    boss.act(f"{study}/lock")
    boss.move_to(first)
    boss.act(f"{study}/settle")
    boss.act(f"{study}/exports")
    wait_for_run(postgresql_url, "export")
    boss.move_to(second)
    page = boss.get(f"{study}/exports").text
    download = re.search(rf"{study}/exports/\d+/training-set\.zip", page)
    assert download
    archive = zipfile.ZipFile(io.BytesIO(boss.get(download[0]).content))
    manifest = json.loads(archive.read("training-set/manifest.json"))
    assert len(manifest["films"]) + len(manifest["left_out"]) == FILMS
    assert {f"training-set/{film['file']}" for film in manifest["films"]} < set(archive.namelist())


def wait_for_run(url: str, kind: str) -> None:
    """Wait until the newest run of the kind is done by one of the workers."""
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    query = text("SELECT state, error FROM runs WHERE kind = :kind ORDER BY id DESC LIMIT 1")

    def done() -> bool:
        with engine.connect() as connection:
            state, error = connection.execute(query, {"kind": kind}).one()
        assert state not in ("failed", "cancelled"), error
        return bool(state == "done")

    until(done, seconds=120)
    engine.dispose()


def read_all(reader: Person, study: str, addresses: list[str]) -> int:
    """Vote until no ballot is left, each request at another web process; return how many votes."""
    for votes, address in enumerate(cycle(addresses)):
        reader.move_to(address)
        ballot = reader.next_ballot(study)
        if ballot is None:
            return votes
        assert reader.get(f"{ballot}/bundle").content
        reader.move_to(addresses[votes % 2])
        reader.get(f"{ballot}/film")
        key = str(uuid.uuid4())
        assert reader.vote(ballot, "A", key=key).status_code == 201
        # The acknowledgement got lost, the browser sends again, another process answers.
        reader.move_to(addresses[(votes + 1) % 2])
        assert reader.vote(ballot, "A", key=key).status_code == 200
    raise AssertionError("there are addresses")
