"""The swap test: exchange whose the masks are, and no byte that a physician gets may change.

BLIND_VOTING §1. Two studies, equal in pixels, seeds and clock, in which all origins are exchanged,
are read by the same scripted physician through every route there is.
"""

import itertools
import secrets
import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from app.proposals.origins import CandidateOrigin
from app.proposals.tables import Candidate
from app.web.house import House
from tests.blind.coverage import unread, unread_before_dealing
from tests.blind.elsewhere import lose_the_sign_in, practise, visit_every_page
from tests.blind.plants import PLANTS, Plant
from tests.blind.repeats import REPEAT_PLANTS, steps_that_tell
from tests.blind.script import Heard, Script
from tests.blind.sentinels import SENTINEL_PLANTS, sentinel_keys, told_apart
from tests.blind.twins import STUDY, Films, Twins, full_session, house_at, make_twins
from tests.support.routes import RouteEntry

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
    return make_twins(tmp_path_factory.mktemp("many"), sqlite_template, films=Films(CASES))


@pytest.fixture
def few(tmp_path: Path, pristine: Path) -> Twins:
    """Twins of few cases, fresh for every plant."""
    shutil.copytree(pristine, tmp_path / "twins")
    return Twins(house_at(tmp_path / "twins" / "first"), house_at(tmp_path / "twins" / "second"))


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    folder = tmp_path_factory.mktemp("few")
    make_twins(folder, sqlite_template, films=Films(FEW))
    return folder


KEY = STUDY.lower().replace(" ", "-") + "-5eed5e"


def read_ballots(house: House, patch: pytest.MonkeyPatch) -> Script:
    """Read the study and nothing else."""
    _restart_chance(patch)
    script = Script(house)
    script.read_study(KEY, cases=FEW)
    return script


def read(house: House, patch: pytest.MonkeyPatch, *, cases: int, knock: bool = True) -> Script:
    _restart_chance(patch)
    script = Script(house)
    script.read_study(KEY, cases=cases)
    practise(script)
    visit_every_page(script, KEY)
    lose_the_sign_in(script, KEY, script.last)
    if knock:
        script.knock_everywhere(KEY)
    return script


def differences(first: Script, second: Script) -> list[tuple[Heard, Heard]]:
    pairs = zip(first.heard, second.heard, strict=True)
    return [(one, other) for one, other in pairs if one != other]


def test_no_byte_tells_whose_a_mask_is(many: Twins, monkeypatch: pytest.MonkeyPatch) -> None:
    first = read(many.first, monkeypatch, cases=CASES)
    second = read(many.second, monkeypatch, cases=CASES)
    bundles = {one.body for one in first.heard if one.asked.endswith("/bundle")}
    assert len(bundles) >= CASES, "the script did not read what it should"
    assert len(sentinel_keys(many.first)) >= 10, "no leak of a sentinel could be seen"
    assert differences(first, second) == []


def test_the_script_is_let_in_to_every_route_of_a_reader(
    few: Twins, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = read(few.first, monkeypatch, cases=FEW, knock=False)
    assert unread(script) == []
    assert unread_before_dealing(script) == []


def test_a_route_that_the_script_does_not_know_is_missed(
    few: Twins, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever adds a page for readers and forgets the script gets a red test."""
    script = read(few.first, monkeypatch, cases=1, knock=False)
    script.heard = [one for one in script.heard if not one.asked.endswith("/bundle")]
    assert "GET /ballots/{key}/bundle" in unread(script)
    forgotten = RouteEntry("/ballots/{key}/hint", "GET")
    assert "GET /ballots/{key}/hint" in unread(script, forgotten)


def test_a_route_that_the_script_asks_of_dealt_ballots_alone_is_missed(
    few: Twins, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page makes ready what comes: what is asked then must be asked by the script then."""
    monkeypatch.setattr(Script, "_look_ahead", lambda *_: None)
    script = read(few.first, monkeypatch, cases=FEW, knock=False)
    assert unread(script) == []
    assert "GET /ballots/{key}/lungs" in unread_before_dealing(script)


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


def test_networks_that_find_nothing_are_among_what_is_shown(few: Twins) -> None:
    with full_session(few.first) as session:
        empty = session.scalars(
            select(CandidateOrigin.kind)
            .join(Candidate, Candidate.id == CandidateOrigin.candidate_id)
            .where(Candidate.area == 0)
        ).all()
    assert "network" in empty, "no plant that drops empty proposals could be seen"


def test_a_hidden_repeat_is_a_ballot_like_any_other(
    few: Twins, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert steps_that_tell(read(few.first, monkeypatch, cases=FEW, knock=False)) == []


@pytest.mark.parametrize("plant", REPEAT_PLANTS, ids=lambda plant: plant.__name__)
def test_a_planted_tell_of_a_repeat_is_caught(
    few: Twins, monkeypatch: pytest.MonkeyPatch, plant: Plant
) -> None:
    with monkeypatch.context() as patch:
        plant(patch, few.first)
        script = read(few.first, patch, cases=FEW, knock=False)
    assert steps_that_tell(script), f"{plant.__name__} was not seen"


def test_a_sentinel_is_a_ballot_like_any_other(few: Twins, monkeypatch: pytest.MonkeyPatch) -> None:
    script = read_ballots(few.first, monkeypatch)
    assert sentinel_keys(few.first)
    assert told_apart(few.first, script) == []
    assert steps_that_tell(script) == []


@pytest.mark.parametrize("plant", SENTINEL_PLANTS, ids=lambda plant: plant.__name__)
def test_a_planted_tell_of_a_sentinel_is_caught(
    few: Twins, monkeypatch: pytest.MonkeyPatch, plant: Plant
) -> None:
    with monkeypatch.context() as patch:
        plant(patch, few.first)
        script = read_ballots(few.first, patch)
    assert told_apart(few.first, script), f"{plant.__name__} was not seen"
