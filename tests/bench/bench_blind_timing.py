"""Does the time or the size of an answer tell whose a mask is, or what a ballot is?

The twins of the swap test, which differ in origins alone, are read side by side as the page reads:
what comes is made ready, the ballot is dealt, its page, film, masks and lungs are fetched, an
answer is sent. Which twin is asked first is drawn by lot for every request.
docs/blindness.md keeps the figures and says how to read them.
"""

import os
import time
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import select
from starlette.testclient import TestClient

from app.ballots.coming import FIRST, SENTINEL
from app.ballots.planning import REPEAT
from app.ballots.tables import Ballot
from app.proposals.origins import MANUAL, CandidateOrigin
from app.web.cookies import cookie_name, sealed
from app.web.house import House
from app.web.main import create_app
from tests.bench.telling import Bools, Floats, Told, apart, least_delay, paired, settled
from tests.blind.twins import COOKIE, STUDY, Films, Twins, full_session, make_twins

FILMS = Films(int(os.environ.get("CASES", "240")), scale=6, lungs_every=1)
KEY = STUDY.lower().replace(" ", "-") + "-5eed5e"
PARTS = {"page": "", "film": "/film", "masks": "/bundle", "lungs": "/lungs"}
Measures = dict[str, dict[str, "Both"]]
ROUTES = ("next", "ahead", "film ahead", "masks ahead", "lungs ahead", *PARTS, "vote")


@dataclass(frozen=True)
class Both:
    """One measure of the same answer in both twins."""

    first: float
    second: float

    @property
    def mean(self) -> float:
        return (self.first + self.second) / 2


@dataclass
class Sitting:
    """Both twins at once. ``times`` [route][ballot] are milliseconds, ``sizes`` bytes.

    ``slots`` [ballot] is where the hand-drawn mask stands in each, −1 where it does not;
    ``chosen`` [ballot] says whether the chosen mask is the hand-drawn one in the first twin.
    """

    twins: Twins
    rng: np.random.Generator
    times: dict[str, dict[str, Both]] = field(default_factory=lambda: defaultdict(dict))
    sizes: dict[str, dict[str, Both]] = field(default_factory=lambda: defaultdict(dict))
    dealt: list[str] = field(default_factory=list)
    slots: dict[str, tuple[int, int]] = field(default_factory=dict)
    chosen: dict[str, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        houses = (self.twins.first, self.twins.second)
        self.clients = [client(house) for house in houses]
        self.hands = [(house, hand_drawn_of(house)) for house in houses]

    def read(self) -> None:
        while "key" in (view := self.ask("next", "", "POST", f"/studies/{KEY}/next")):
            key = view["key"]
            self.dealt.append(key)
            one, other = (slot_of(house, key, ids) for house, ids in self.hands)
            self.slots[key] = (one, other)
            for coming in self.ask("ahead", key, "GET", f"/studies/{KEY}/ahead"):
                self.prepare(coming["key"])
            for name, path in PARTS.items():
                self.ask(name, key, "GET", f"/ballots/{key}{path}")
            body = {"idempotency_key": str(uuid.uuid4()), "answer": self.choice(view)}
            self.ask("vote", key, "POST", f"/ballots/{key}/answers", json=body)

    def prepare(self, key: str) -> None:
        """Fetch what a coming ballot shows, once, as its page does."""
        for name, path in PARTS.items():
            if path and key not in self.times[f"{name} ahead"]:
                self.ask(f"{name} ahead", key, "GET", f"/ballots/{key}{path}")

    def choice(self, view: dict[str, Any]) -> dict[str, object]:
        """Choose the slot that holds the hand-drawn mask in one of the twins, by lot."""
        letters, key = view["letters"], view["key"]
        if not letters:
            return {"kind": "unreadable"}
        where = self.slots[key]
        lot = int(self.rng.integers(2))
        if min(where) < 0 or where[0] == where[1]:
            return {"kind": "slot", "slots": [letters[self.rng.integers(len(letters))]]}
        self.chosen[key] = lot == 0
        return {"kind": "slot", "slots": [letters[where[lot]]]}

    def ask(self, name: str, key: str, method: str, path: str, **rest: Any) -> Any:
        """Ask both, in a drawn order, and keep what it took; return what the first said."""
        times, sizes, said = [0.0, 0.0], [0.0, 0.0], None
        for place in self.rng.permutation(2).tolist():
            started = time.perf_counter()
            answer = self.clients[place].request(method, path, **rest)
            times[place] = 1000 * (time.perf_counter() - started)
            heads = sum(len(header) + len(value) for header, value in answer.headers.raw)
            sizes[place] = float(len(answer.content) + heads)
            assert answer.status_code < 300, f"{method} {path}: {answer.text}"
            if place == 0 and answer.headers["content-type"] == "application/json":
                said = answer.json()
        key = key or (said or {}).get("key", "")
        self.times[name][key], self.sizes[name][key] = Both(*times), Both(*sizes)
        return said


def client(house: House) -> TestClient:
    made = TestClient(create_app(house), follow_redirects=False)
    made.cookies.set(cookie_name(house), sealed(house, COOKIE))
    return made


def hand_drawn_of(house: House) -> set[int]:
    """Return the ids of all hand-drawn candidates."""
    query = select(CandidateOrigin.candidate_id).where(CandidateOrigin.kind == MANUAL)
    with full_session(house) as session:
        return set(session.scalars(query))


def slot_of(house: House, key: str, hand_drawn: set[int]) -> int:
    """Return the slot of a ballot's hand-drawn mask, −1 where none is."""
    with full_session(house) as session:
        ballot = session.scalars(select(Ballot).where(Ballot.key == key)).one()
        shown = [slot.candidate_id in hand_drawn for slot in ballot.slots]
    return shown.index(True) if True in shown else -1


def kinds_of(house: House) -> dict[str, int]:
    """Return what each dealt ballot is, by its key."""
    with full_session(house) as session:
        return {ballot.key: ballot.repeat_no for ballot in session.scalars(select(Ballot))}


def test_no_time_and_no_size_tells(tmp_path: Path, sqlite_template: Path) -> None:
    twins = make_twins(tmp_path, sqlite_template, films=FILMS)
    sitting = Sitting(twins, np.random.default_rng(int(os.environ.get("SEED", "1"))))
    sitting.read()
    kinds = kinds_of(twins.first)
    print(f"\n{len(sitting.dealt)} ballots")
    for route in ROUTES:
        print_line(route, "hand-drawn", hand_drawn(sitting, sitting.times, route))
        for kind, number in (("repeat", REPEAT), ("sentinel", SENTINEL)):
            dealt = mixed(sitting.dealt, kinds, number)
            for unit, measure in (("ms", sitting.times), ("bytes", sitting.sizes)):
                ballots = [key for key in dealt if key in measure[route]]
                values = np.array([measure[route][key].mean for key in ballots])
                of = np.array([kinds[key] == number for key in ballots])
                print_line(route, f"{kind}, {unit}", by_kind(values, of, unit), values, of)
    assert unequal(sitting) == [], "the twins' answers differ in size"


def mixed(dealt: list[str], kinds: dict[str, int], kind: int) -> list[str]:
    """Return the new cases and those of ``kind``, from where to where they come together.

    Later ballots have longer numbers; so what is compared must come at the same time.
    """
    fresh, those = (
        [place for place, key in enumerate(dealt) if kinds[key] == one] for one in (FIRST, kind)
    )
    start, end = max(fresh[0], those[0]), min(fresh[-1], those[-1])
    return [key for key in dealt[start : end + 1] if kinds[key] in (FIRST, kind)]


def hand_drawn(sitting: Sitting, measure: Measures, route: str) -> Told:
    """Tell the answers of the twin where the hand-drawn mask was chosen, or stands earlier."""
    first = {
        key: sitting.chosen[key] if route == "vote" else where[0] < where[1]
        for key, where in sitting.slots.items()
        if min(where) >= 0 and where[0] != where[1] and key in measure[route]
    }
    pairs = [
        (both.first, both.second) if first[key] else (both.second, both.first)
        for key in first
        for both in (measure[route][key],)
    ]
    ones, others = np.array(pairs).T
    return paired(ones, others)


def by_kind(values: Floats, of: Bools, unit: str) -> Told:
    return apart(settled(values) if unit == "ms" else values, of)


def unequal(sitting: Sitting) -> list[str]:
    return [
        f"{route} {key}"
        for route, sizes in sitting.sizes.items()
        for key, both in sizes.items()
        if both.first != both.second
    ]


def print_line(
    route: str, label: str, told: Told, values: Floats | None = None, of: Bools | None = None
) -> None:
    """Print a line of the table in docs/blindness.md."""
    delay = ""
    if values is not None and of is not None and label.endswith("ms"):
        delay = f"{np.median(values):.1f} ms; {least_delay(values, of):.2f} ms"
    print(
        f"| {route} | {label} | {told.of} and {told.others} | "
        f"{told.auc:.2f} ({told.low:.2f} to {told.high:.2f}) | {told.p:.2f} | "
        f"{'tells' if told.tells else 'even'} | {delay} |"
    )
