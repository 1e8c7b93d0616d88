"""The physician's pages: own studies, own answers, own ballots, and nobody else's."""

import dataclasses
import json
import re
import zlib
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.ballots.tables import Ballot, Case
from app.masks.codec import to_png, unpack_bits
from app.studies.states import State
from app.studies.studies import move
from app.votes.answers import Submission
from app.web.pages import ballot_views as views
from tests.support.answers import choose, none_acceptable
from tests.support.factory import SHAPE, blob_mask, halves
from tests.web.conftest import Town

READER, ANOTHER = "alpha-1", "alpha-2"


def study_of(town: Town) -> str:
    return f"/studies/{town.alpha.study.key}"


def deal(anna: TestClient, town: Town) -> str:
    """The address of the physician's next ballot, or of the study where none is left."""
    answer = anna.get(f"{study_of(town)}/next")
    assert answer.status_code == 303
    return str(answer.headers["location"])


def send(anna: TestClient, ballot: str, sent: Submission) -> None:
    body = json.loads(sent.model_dump_json())
    assert anna.post(f"{ballot}/answers", json=body).status_code == 201


def view_of(anna: TestClient, ballot: str) -> dict[str, Any]:
    """What the page of a ballot is told of it."""
    found = re.search(r'id="ballot">(.*?)</script>', anna.get(ballot).text)
    assert found is not None
    view: dict[str, Any] = json.loads(found[1])
    return view


def lock(town: Town) -> None:
    with town.house.sessions.begin() as session:
        move(session.merge(town.alpha.study), to=State.LOCKED, clock=town.clock)


def test_where_others_hold_what_is_left_the_page_says_to_come_back(town: Town) -> None:
    anna, bert = town.visitor(READER), town.visitor(ANOTHER)
    assert deal(bert, town).startswith("/ballots/")
    with town.house.sessions.begin() as session:  # everything is in somebody's hands
        for case in session.scalars(select(Case).where(Case.study_id == town.alpha.study.id)):
            case.taken = case.wanted
    told = deal(anna, town)
    assert told == f"{study_of(town)}?waits=true"
    assert anna.post(f"{study_of(town)}/next").json()["study"] == told
    assert "Come back later" in anna.get(told).text


def test_where_others_have_answered_all_nothing_is_left(town: Town) -> None:
    anna, bert = town.visitor(READER), town.visitor(ANOTHER)
    send(bert, deal(bert, town), choose("A"))
    with town.house.sessions.begin() as session:
        for case in session.scalars(select(Case).where(Case.study_id == town.alpha.study.id)):
            case.taken = case.wanted
    assert deal(anna, town) == study_of(town)


def test_home_shows_own_studies_and_no_others(town: Town) -> None:
    page = town.visitor(READER).get("/").text
    assert town.alpha.study.name in page
    assert town.beta.study.name not in page


def test_home_says_plainly_that_there_is_no_study(town: Town) -> None:
    assert "No studies yet" in town.visitor("stranger").get("/").text


def test_home_sends_an_admin_to_the_admins_pages(town: Town) -> None:
    answer = town.visitor("alpha-admin").get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin")


def test_next_goes_on_until_nothing_is_left(town: Town) -> None:
    anna = town.visitor(READER)
    seen = set()
    while (ballot := deal(anna, town)) != study_of(town):
        send(anna, ballot, choose("A"))
        seen.add(ballot)
    assert len(seen) == 3
    page = anna.get(study_of(town)).text
    assert "nothing is left for you here" in page
    assert page.count("Look again") == 3


def test_a_ballot_in_hand_is_dealt_again_until_it_is_answered(town: Town) -> None:
    anna = town.visitor(READER)
    assert deal(anna, town) == deal(anna, town)


def test_a_page_beyond_the_last_leads_back_to_it(town: Town) -> None:
    anna = town.visitor(READER)
    for address in ("/", study_of(town)):
        answer = anna.get(f"{address}?page=7")
        assert (answer.status_code, answer.headers["location"]) == (303, f"{address}?page=1")


@pytest.mark.parametrize("name", [ANOTHER, "beta-1", "stranger"])
def test_a_ballot_is_its_physicians_alone(town: Town, name: str) -> None:
    ballot = deal(town.visitor(READER), town)
    other = town.visitor(name)
    for part in ("", "/film", "/bundle", "/lungs", "/drawing"):
        assert other.get(ballot + part).status_code == 404


def test_an_earlier_answer_is_found_on_its_ballot(town: Town) -> None:
    anna = town.visitor(READER)
    ballot = deal(anna, town)
    send(anna, ballot, choose("B").model_copy(update={"sure": False, "comment": "a < b"}))
    view = view_of(anna, ballot)
    assert (view["choice"], view["sure"], view["comment"]) == ("B", False, "a < b")
    assert view["answered_before"]


def test_an_own_drawing_comes_back_bit_for_bit(town: Town) -> None:
    anna = town.visitor(READER)
    ballot = deal(anna, town)
    assert anna.get(f"{ballot}/drawing").status_code == 404
    mask = blob_mask(np.random.default_rng(5))
    send(anna, ballot, none_acceptable(mask))
    packed = zlib.decompress(anna.get(f"{ballot}/drawing").content)
    np.testing.assert_array_equal(unpack_bits(packed, SHAPE), mask)


def test_the_lungs_come_where_the_film_has_them(town: Town) -> None:
    anna = town.visitor(READER)
    ballot = deal(anna, town)
    assert anna.get(f"{ballot}/lungs").status_code == 404
    assert f"{ballot}/lungs" not in anna.get(ballot).text
    key = ballot.rsplit("/", 1)[1]
    lungs = halves()
    with town.house.sessions.begin() as session:
        film = session.scalars(select(Ballot).where(Ballot.key == key)).one().film
        film.lungs_mask_sha = town.house.blobs.put(to_png(lungs))
    packed = zlib.decompress(anna.get(f"{ballot}/lungs").content)
    np.testing.assert_array_equal(unpack_bits(packed, SHAPE), lungs)
    assert f"{ballot}/lungs" in anna.get(ballot).text


def test_a_closed_study_shows_answers_and_takes_none(town: Town) -> None:
    anna = town.visitor(READER)
    ballot = deal(anna, town)
    send(anna, ballot, choose("A"))
    lock(town)
    assert deal(anna, town) == study_of(town)
    page = anna.get(study_of(town)).text
    assert "closed for answers" in page
    assert "Look again" not in page
    assert anna.get(ballot).status_code == 409


def test_a_ballots_page_has_no_field_for_a_source() -> None:
    assert {field.name for field in dataclasses.fields(views.BallotPage)} == {
        "reader", "study", "home", "onward", "practises", "ballot",
    }  # fmt: skip
    assert {field.name for field in dataclasses.fields(views.BallotView)} == {
        "key", "study", "number", "letters", "kind", "asks_guess", "film", "bundle", "lungs",
        "answers", "lease", "lease_seconds", "drawing", "choice", "sure", "comment", "worst",
        "guessed", "answered_before", "answered_at", "progress", "questions",
    }  # fmt: skip


def test_next_tells_the_ballot_that_its_page_begins_with(town: Town) -> None:
    anna = town.visitor(READER)
    dealt = anna.post(f"{study_of(town)}/next").json()
    assert dealt == view_of(anna, deal(anna, town))
    assert dealt["lease_seconds"] == 30 * 60


def test_next_says_when_nothing_is_left_or_the_study_is_closed(town: Town) -> None:
    anna = town.visitor(READER)
    lock(town)
    done = {"done": True, "study": study_of(town)}
    assert anna.post(f"{study_of(town)}/next").json() == done


def test_what_comes_is_told_and_not_dealt(town: Town) -> None:
    anna = town.visitor(READER)
    first = deal(anna, town)
    ahead = anna.get(f"{study_of(town)}/ahead").json()
    assert len(ahead) == 2
    assert ahead == anna.get(f"{study_of(town)}/ahead").json()
    for view in ahead:
        assert view["lease_seconds"] is None
        assert anna.get(view["film"]).status_code == 200
        assert anna.get(view["bundle"]).status_code == 200
        assert town.visitor(ANOTHER).get(view["film"]).status_code == 404
    assert len(ballots_of(town)) == 1
    send(anna, first, choose("A"))
    dealt = anna.post(f"{study_of(town)}/next").json()
    same = ("key", "number", "letters", "film", "bundle", "asks_guess", "kind")
    assert {name: dealt[name] for name in same} == {name: ahead[0][name] for name in same}


def test_a_coming_ballot_takes_no_answer_and_its_page_leads_to_the_next(town: Town) -> None:
    anna = town.visitor(READER)
    deal(anna, town)
    coming = anna.get(f"{study_of(town)}/ahead").json()[0]
    body = json.loads(choose("A").model_dump_json())
    assert anna.post(coming["answers"], json=body).status_code == 404
    assert anna.post(coming["lease"]).status_code == 404
    answer = anna.get(f"/ballots/{coming['key']}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{study_of(town)}/next")


def test_a_hold_is_made_longer_while_the_ballot_is_in_hand(town: Town) -> None:
    anna = town.visitor(READER)
    ballot = deal(anna, town)
    assert anna.post(f"{ballot}/lease").json() == {"lease_seconds": 30 * 60}
    send(anna, ballot, choose("A"))
    assert anna.post(f"{ballot}/lease").json() == {"lease_seconds": None}


def ballots_of(town: Town) -> list[Ballot]:
    """All ballots dealt in all studies."""
    with town.house.sessions() as session:
        return list(session.scalars(select(Ballot)))


def test_a_ballots_page_holds_no_number_of_a_row(town: Town) -> None:
    anna = town.visitor(READER)
    page = anna.get(deal(anna, town)).text
    assert not re.search(r"(film|candidate|ballot|slot)[_-]?id", page, re.IGNORECASE)
