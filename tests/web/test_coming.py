"""What comes to a reader is that reader's alone, and only while the study is open."""

from app.studies.states import State
from app.studies.studies import move
from tests.web.conftest import Town

PARTS = ("", "/film", "/bundle", "/lungs", "/drawing")


def coming_of(town: Town, name: str) -> list[str]:
    reader = town.visitor(name)
    study = f"/studies/{town.alpha.study.key}"
    reader.get(f"{study}/next")
    return [f"/ballots/{view['key']}" for view in reader.get(f"{study}/ahead").json()]


def test_nobody_else_reaches_what_comes_to_a_reader(town: Town) -> None:
    for person in ("alpha-2", "beta-1", "stranger"):
        other = town.visitor(person)
        for ballot in coming_of(town, "alpha-1"):
            for part in PARTS:
                assert other.get(f"{ballot}{part}").status_code == 404, (person, part)
            for act in ("answers", "lease"):
                sent = {"idempotency_key": "k" * 16, "answer": {"kind": "unreadable"}}
                assert other.post(f"{ballot}/{act}", json=sent).status_code == 404, (person, act)


def test_an_admin_gets_no_ballot_of_a_reader(town: Town) -> None:
    for ballot in coming_of(town, "alpha-1"):
        for part in PARTS:
            assert town.visitor("alpha-admin").get(f"{ballot}{part}").status_code == 403


def test_a_closed_study_tells_nothing_of_what_would_have_come(town: Town) -> None:
    coming = coming_of(town, "alpha-1")
    assert coming
    with town.house.sessions.begin() as session:
        move(session.merge(town.alpha.study), to=State.LOCKED, clock=town.clock)
    reader = town.visitor("alpha-1")
    assert reader.get(f"/studies/{town.alpha.study.key}/ahead").json() == []
    for ballot in coming:
        for part in PARTS:
            assert reader.get(f"{ballot}{part}").status_code == 404, part
