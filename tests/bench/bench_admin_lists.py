"""How long an admin waits for each page of a study of 100,000 films. Prints; judges nothing."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.accounts import signin
from app.accounts.users import user_named
from app.ballots.tables import Ballot, Case, CaseOrder, Slot
from app.blobs.store import BlobStore
from app.clock import FixedClock
from app.db.engine import make_engine
from app.films.tables import Film
from app.proposals.missing import sources_of
from app.proposals.origins import CandidateOrigin
from app.proposals.tables import Candidate, Standing
from app.settings import Settings
from app.studies.studies import study_named
from app.votes.tables import Vote
from app.web.cookies import sealed
from app.web.house import House
from app.web.main import create_app
from scripts.many_votes import film_row
from tests.support.factory import START, World, make_world

FILMS = 100_000
ANSWERED = 60_000
CHUNK = 10_000
SHA = "0" * 64


@pytest.fixture
def house(tmp_path: Path, sqlite_template: Path) -> Iterator[House]:
    """A house with one open study of `FILMS` films."""
    path = tmp_path / "large.sqlite"
    shutil.copyfile(sqlite_template, path)
    settings = Settings(home=tmp_path / "home", database_url=f"sqlite:///{path}")
    built = House(
        settings=settings,
        clock=FixedClock(START),
        blobs=BlobStore("memory://"),
        engine=make_engine(settings.database),
        reader=make_engine(settings.reader_database, reading=True),
    )
    with built.sessions.begin() as session:
        fill(session, make_world(session, built.blobs, films=0, is_open=False))
    yield built
    built.engine.dispose()
    built.reader.dispose()


def fill(session: Session, world: World) -> None:
    """Add films, candidates, cases, orders and answers as rows; no picture is made."""
    study, sources = world.study, sources_of(world.study)
    study.state = "open"
    readers = [user.id for user in world.physicians]
    for start in range(1, FILMS + 1, CHUNK):
        ids = range(start, start + CHUNK)
        session.execute(insert(Film), [film_row(study.id, number) for number in ids])
        add_candidates(session, study.id, ids, sources)
        session.execute(
            insert(Case),
            [{"film_id": film, "study_id": study.id, "wanted": 2, "taken": 0} for film in ids],
        )
        session.execute(
            insert(CaseOrder),
            [
                {
                    "study_id": study.id,
                    "physician_id": reader,
                    "ordinal": film,
                    "film_id": film,
                    "candidates": [4 * film + place for place in range(4)],
                }
                for film in ids
                for reader in readers
            ],
        )
    for start in range(1, ANSWERED + 1, CHUNK):
        add_answers(session, study.id, readers[0], range(start, start + CHUNK))


def add_candidates(session: Session, study_id: int, films: range, sources: list[str]) -> None:
    """Add a candidate of each source to each of the films; candidate 4·f + s is of source s."""
    candidates = [(film, place, 4 * film + place) for film in films for place in range(4)]
    session.execute(
        insert(Candidate),
        [
            {"id": own, "film_id": film, "mask_sha": SHA, "grid_sha": SHA, "area": 1}
            for film, _, own in candidates
        ],
    )
    session.execute(
        insert(CandidateOrigin),
        [
            {
                "candidate_id": own,
                "film_id": film,
                "source": sources[place],
                "kind": "network",
                "made_at": START,
            }
            for film, place, own in candidates
        ],
    )
    session.execute(
        insert(Standing),
        [{"film_id": film, "study_id": study_id, "have": len(sources)} for film in films],
    )


def add_answers(session: Session, study_id: int, reader: int, films: range) -> None:
    session.execute(
        insert(Ballot),
        [
            {
                "id": film,
                "key": f"{film:026d}",
                "study_id": study_id,
                "film_id": film,
                "physician_id": reader,
                "ordinal": film,
                "seed": SHA,
                "state": "answered",
                "place": 1,
                "dealt_at": START,
                "repeat_no": 0,
            }
            for film in films
        ],
    )
    session.execute(
        insert(Slot),
        [{"ballot_id": film, "position": 0, "candidate_id": 4 * film} for film in films],
    )
    session.execute(
        insert(Vote),
        [
            {
                "ballot_id": film,
                "idempotency_key": f"{film:036d}",
                "request_sha256": SHA,
                "answer": "slot",
                "positions": [0],
                "comment": "",
                "answered_at": START,
                "protocol_version": 1,
            }
            for film in films
        ],
    )


def test_an_admins_pages(house: House) -> None:
    with house.sessions.begin() as session:
        admin = user_named(session, "alpha-admin")
        cookie = signin.open_session(session, user=admin, hours=12, clock=house.clock)
        study = f"/admin/studies/{study_named(session, 'Study alpha').key}"
    browser = TestClient(create_app(house), cookies={"maskballot": sealed(house, cookie)})
    for address in (
        "/admin/studies",
        study,
        f"{study}/films",
        f"{study}/films?page=2000",
        f"{study}/films?beginning=series-5&page=100",
        f"{study}/propose",
        f"{study}/import",
        f"{study}/lock",
    ):
        took = []
        for _ in range(3):
            start = time.perf_counter()
            assert browser.get(address).status_code == 200
            took.append(time.perf_counter() - start)
        print(f"{min(took) * 1000:8.0f} ms  {address}")
