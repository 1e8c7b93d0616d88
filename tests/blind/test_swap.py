"""The swap test: exchange whose the masks are, and no byte that a physician gets may change.

BLIND_VOTING §1. Two studies, equal in pixels, seeds and clock, in which all origins are exchanged,
are read by the same scripted physician through every route there is.
"""

import itertools
import secrets
import shutil
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from app.ballots.tables import Ballot
from app.web.house import House
from tests.blind.plants import PLANTS, Plant
from tests.blind.script import Heard, Script
from tests.blind.twins import STUDY, Twins, full_session, house_at, make_twins
from tests.support.routes import route_table

CASES = 200
FEW = 10


@pytest.fixture(autouse=True)
def same_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give both twins the same references, tokens and keys; each reading starts anew."""
    _restart_chance(monkeypatch)


def _restart_chance(patch: pytest.MonkeyPatch) -> None:
    counter = itertools.count()
    patch.setattr(secrets, "token_hex", lambda size=32: f"{next(counter):0{2 * size}x}")
    patch.setattr(secrets, "token_urlsafe", lambda size=32: f"token-{next(counter)}")


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Twins:
    return make_twins(tmp_path_factory.mktemp("many"), sqlite_template, cases=CASES)


@pytest.fixture
def few(tmp_path: Path, pristine: Path) -> Twins:
    """Twins of few cases, fresh for every plant."""
    shutil.copytree(pristine, tmp_path / "twins")
    return Twins(house_at(tmp_path / "twins" / "first"), house_at(tmp_path / "twins" / "second"))


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    folder = tmp_path_factory.mktemp("few")
    make_twins(folder, sqlite_template, cases=FEW)
    return folder


def read(house: House, patch: pytest.MonkeyPatch, *, cases: int, knock: bool = True) -> Script:
    _restart_chance(patch)
    script = Script(house)
    key = STUDY.lower().replace(" ", "-") + "-5eed5e"
    script.read_study(key, cases=cases)
    if knock:
        script.knock_everywhere(key)
    return script


def differences(first: Script, second: Script) -> list[tuple[Heard, Heard]]:
    pairs = zip(first.heard, second.heard, strict=True)
    return [(one, other) for one, other in pairs if one != other]


def test_no_byte_tells_whose_a_mask_is(many: Twins, monkeypatch: pytest.MonkeyPatch) -> None:
    first = read(many.first, monkeypatch, cases=CASES)
    second = read(many.second, monkeypatch, cases=CASES)
    bundles = {one.body for one in first.heard if one.asked.endswith("/bundle")}
    assert len(bundles) >= CASES, "the script did not read what it should"
    assert differences(first, second) == []
    assert_ballots_of_every_kind(many.first)


def assert_ballots_of_every_kind(house: House) -> None:
    with full_session(house) as session:
        ballots = session.scalars(select(Ballot)).all()
        slots = Counter(len(ballot.slots) for ballot in ballots if ballot.kind == "choice")
    assert sum(ballot.kind == "blank" for ballot in ballots) >= 5
    assert sum(ballot.repeat_no > 0 for ballot in ballots) >= 20
    assert sum(ballot.native for ballot in ballots) >= 30
    assert sum(ballot.asks_guess for ballot in ballots) >= 50
    assert min(slots[count] for count in (2, 3, 4)) >= 5


def test_the_script_knocks_at_every_route(few: Twins, monkeypatch: pytest.MonkeyPatch) -> None:
    script = read(few.first, monkeypatch, cases=1)
    asked = {tuple(one.asked.split(" ")) for one in script.heard}
    for entry in route_table(script.app):
        pattern = [part for part in entry.path.split("/") if not part.startswith("{")]
        assert any(
            method == entry.method and all(part in path.split("?")[0] for part in pattern)
            for method, path in asked
        ), f"{entry.method} {entry.path} was never asked"


def test_the_physician_is_answered_as_one(few: Twins, monkeypatch: pytest.MonkeyPatch) -> None:
    script = read(few.first, monkeypatch, cases=FEW)
    crashed = [one.asked for one in script.heard if one.status >= 500]
    saved = [one for one in script.heard if one.asked.startswith("POST /ballots/")]
    assert crashed == []
    assert sum(one.status == 201 for one in saved) >= FEW


def test_nothing_differs_where_nothing_is_planted(
    few: Twins, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = [read(house, monkeypatch, cases=FEW, knock=False) for house in (few.first, few.second)]
    assert differences(*heard) == []


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_a_planted_leak_is_caught(
    few: Twins, monkeypatch: pytest.MonkeyPatch, plant: Plant
) -> None:
    heard = []
    for house in (few.first, few.second):
        with monkeypatch.context() as patch:
            plant(patch, house)
            heard.append(read(house, patch, cases=FEW, knock=False))
    assert differences(*heard), f"{plant.__name__} was not seen"
