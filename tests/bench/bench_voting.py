"""How long a physician waits for the server at each step of a ballot. Prints; judges nothing.

Through the whole application, on both databases, one reader, films of 512 × 512 with four
candidates. The bars for many readers and large studies are another matter (`docs/benchmarks.md`).
"""

import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient

from app.accounts import signin
from app.blobs.store import BlobStore
from app.clock import SystemClock
from app.db.engine import make_engine
from app.settings import Settings
from app.studies.protocol import FixedRule
from app.web.cookies import sealed
from app.web.house import House
from app.web.main import create_app
from tests.support.factory import add_film, make_world, open_world

BALLOTS = 100
SHAPE = (512, 512)


@pytest.fixture
def house(tmp_path: Path, database_url: str) -> Iterator[House]:
    """A house with blobs in a folder, as in life."""
    settings = Settings(home=tmp_path / "home", database_url=database_url)
    built = House(
        settings=settings,
        clock=SystemClock(),
        blobs=BlobStore(str(tmp_path / "blobs")),
        engine=make_engine(settings.database),
        reader=make_engine(settings.reader_database, reading=True),
    )
    yield built
    built.engine.dispose()
    built.reader.dispose()


def test_steps_of_a_ballot(house: House) -> None:
    with house.sessions.begin() as session:
        world = make_world(
            session, house.blobs, films=0, physicians=1, rule=FixedRule(n=1), is_open=False
        )
        world.films = [
            add_film(session, house.blobs, world.study, number=number, shape=SHAPE)
            for number in range(BALLOTS)
        ]
        open_world(session, house.blobs, world)
        reader = world.physicians[0]
        token = signin.open_session(session, user=reader, hours=1, clock=house.clock)
        key = world.study.key
    client = TestClient(create_app(house), follow_redirects=False)
    client.cookies.set("maskballot", sealed(house, token))
    took: dict[str, list[float]] = defaultdict(list)

    def timed(step: str, method: str, path: str, **rest: object) -> str:
        start = time.perf_counter()
        response = client.request(method, path, **rest)  # type: ignore[arg-type]
        took[step].append(1000 * (time.perf_counter() - start))
        assert response.status_code < 400, response.text
        return response.headers.get("location", "")

    for number in range(BALLOTS):
        ballot = timed("next", "GET", f"/studies/{key}/next")
        timed("page", "GET", ballot)
        timed("film", "GET", f"{ballot}/film")
        timed("bundle", "GET", f"{ballot}/bundle")
        body = {
            "idempotency_key": f"00000000-0000-4000-8000-{number:012d}",
            "answer": {"kind": "slot", "slots": ["A"]},
        }
        timed("vote", "POST", f"{ballot}/answers", json=body)
    print(f"\n{house.engine.dialect.name}: milliseconds, median and 95th percentile")
    for step, values in took.items():
        middle, late = np.percentile(values, (50, 95))
        print(f"  {step:8}{middle:8.1f}{late:8.1f}")
