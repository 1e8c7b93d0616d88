"""Does the time of an answer tell whose a mask is? docs/blindness.md keeps the figures.

Two studies that differ in origins alone (the swap test's twins) are asked the same in turn, in an
order drawn at random. Sign-flip permutations say how often so large a difference comes by chance;
so do permutations of the slot in which the hand-drawn mask stands.
"""

import time
import uuid
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from starlette.testclient import TestClient

from app.ballots.tables import Ballot
from app.proposals.origins import MANUAL
from app.web.cookies import cookie_name, sealed
from app.web.house import House
from app.web.main import create_app
from tests.blind.plants import shown
from tests.blind.twins import COOKIE, STUDY, Twins, make_twins

CASES = 12
REQUESTS = 2000
FEWER = 400
PERMUTATIONS = 10_000
KEY = STUDY.lower().replace(" ", "-") + "-5eed5e"
Times = NDArray[np.float64]
Places = NDArray[np.intp]


def client(house: House) -> TestClient:
    made = TestClient(create_app(house), follow_redirects=False)
    made.cookies.set(cookie_name(house), sealed(house, COOKIE))
    return made


def test_no_time_tells(tmp_path: Path, sqlite_template: Path) -> None:
    twins: Twins = make_twins(tmp_path, sqlite_template, cases=CASES)
    ones = [client(house) for house in (twins.first, twins.second)]
    keys, places = [], []
    for _ in range(CASES):
        view, other = (one.post(f"/studies/{KEY}/next").json() for one in ones)
        assert view["key"] == other["key"]
        keys.append(view["key"])
        places.append(place_of_manual(twins.first, view["key"]))
        for one in ones:
            body = {"idempotency_key": str(uuid.uuid4()), "answer": {"kind": "unreadable"}}
            assert one.post(view["answers"], json=body).status_code == 201
    rng = np.random.default_rng(1)
    for name, path, number in (
        ("bundle", "/ballots/{}/bundle", REQUESTS),
        ("page", "/ballots/{}", FEWER),
    ):
        asked = rng.integers(CASES, size=number // 2)
        times = measured(rng, ones, [("GET", path.format(keys[film])) for film in asked])
        report(name, times, rng)
        print(f"{name}: by the slot of the hand-drawn mask, p = {by_place(times, asked, places)}")
    report("next", measured(rng, ones, [("POST", f"/studies/{KEY}/next")] * (FEWER // 2)), rng)


def measured(
    rng: np.random.Generator, ones: Sequence[TestClient], asked: Sequence[tuple[str, str]]
) -> Times:
    """Return milliseconds [requests, 2] of both, each pair in a drawn order."""
    return np.array([paired(rng, ones, method, path) for method, path in asked])


def paired(
    rng: np.random.Generator, ones: Sequence[TestClient], method: str, path: str
) -> tuple[float, float]:
    times = [0.0, 0.0]
    for place in rng.permutation(2).tolist():
        started = time.perf_counter()
        ones[place].request(method, path)
        times[place] = 1000 * (time.perf_counter() - started)
    return times[0], times[1]


def place_of_manual(house: House, key: str) -> int:
    with house.sessions() as session:
        ballot = session.scalars(select(Ballot).where(Ballot.key == key)).one()
        kinds = [origin.kind for _, _, origin in shown(house, ballot)]
    return kinds.index(MANUAL) if MANUAL in kinds else -1


def report(name: str, times: Times, rng: np.random.Generator) -> None:
    gap = np.log(times[:, 0]) - np.log(times[:, 1])
    signs = rng.choice((-1.0, 1.0), size=(PERMUTATIONS, len(gap)))
    chance = float((np.abs(signs @ gap) >= abs(gap.sum())).mean())
    medians = np.median(times, axis=0)
    print(
        f"{name}: {2 * len(times)} requests, medians {medians[0]:.2f} and {medians[1]:.2f} ms, "
        f"ratio {np.exp(gap.mean()):.3f}, p = {chance:.2f}"
    )


def by_place(times: Times, asked: Places, places: Sequence[int]) -> str:
    """Say how often shuffled films explain as much of the times as the true slots do.

    Films are shuffled, not requests: a film has its own size, whosever its masks are.
    """
    rng = np.random.default_rng(2)
    log, films = np.log(times[:, 0]), np.unique(asked)
    of_film = np.array([log[asked == film].mean() for film in films])
    slots = np.array(places)[films]

    def explained(order: Places) -> float:
        return sum(
            float((order == slot).sum() * (of_film[order == slot].mean() - of_film.mean()) ** 2)
            for slot in np.unique(slots)
        )

    true = explained(slots)
    as_much = [explained(rng.permutation(slots)) >= true for _ in range(PERMUTATIONS)]
    return f"{np.mean(as_much):.2f}"
