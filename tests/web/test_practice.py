"""The practice round: answered like ballots, told what was planted, and stored nowhere."""

import json
import zlib

import numpy as np
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from app.accounts.preferences import has_practised
from app.accounts.tables import Preferences
from app.accounts.users import user_named
from app.ballots.tables import Ballot
from app.demo.practice import LESSONS, SIZE, practice_film
from app.votes.answers import AnswerKind, Submission
from app.votes.tables import Drawing, Vote
from tests.support.answers import choose, none_acceptable, submission
from tests.web.conftest import Town
from tests.web.test_physician import deal, view_of

READER = "alpha-1"


def answer(anna: TestClient, number: int, sent: Submission) -> dict[str, object]:
    body = json.loads(sent.model_dump_json())
    said = anna.post(f"/practice/ballots/{number}/answers", json=body)
    assert said.status_code == 201, said.text
    found: dict[str, object] = said.json()
    return found


def practised(town: Town) -> bool:
    with town.look() as session:
        return has_practised(session, user=user_named(session, READER))


def test_the_round_is_offered_until_it_is_done(town: Town) -> None:
    anna = town.visitor(READER)
    assert "three films to practise on" in anna.get("/").text
    answer(anna, 3, choose("A"))
    assert practised(town)
    page = anna.get("/").text
    assert "three films to practise on" not in page
    assert "/practice" in page  # it can be repeated


def test_the_round_can_be_skipped_for_good(town: Town) -> None:
    anna = town.visitor(READER)
    assert anna.post("/practice/skip").headers["location"] == "/"
    assert practised(town)


def test_nothing_of_an_answer_is_stored(town: Town) -> None:
    anna = town.visitor(READER)
    for number in (1, 2):
        answer(anna, number, none_acceptable(np.ones(SIZE, np.bool_)))
    with town.look() as session:
        for table in (Vote, Drawing, Ballot, Preferences):
            assert session.scalar(select(func.count()).select_from(table)) == 0


def test_an_answer_is_told_what_was_planted(town: Town) -> None:
    anna = town.visitor(READER)
    assert "B is what was planted" in str(answer(anna, 1, choose("B"))["practice"])
    assert "So you said." in str(answer(anna, 1, choose("B"))["practice"])
    assert "otherwise" in str(answer(anna, 1, choose("A"))["practice"])
    drawn = none_acceptable(practice_film(2).drawn.infection)
    said = answer(anna, 2, drawn)
    assert "100 %" in str(said["practice"])
    assert drawn.drawing is not None
    assert said["drawing_sha256"] == drawn.drawing.sha256
    assert "So you said." in str(answer(anna, 3, submission(AnswerKind.NO_INFECTION))["practice"])


def test_an_answer_that_no_ballot_would_take_is_refused(town: Town) -> None:
    anna = town.visitor(READER)
    body = json.loads(choose("H").model_dump_json())
    assert anna.post("/practice/ballots/1/answers", json=body).status_code == 422
    assert anna.get("/practice/ballots/4").status_code == 422


def test_a_practice_ballot_has_the_shape_of_a_ballot(town: Town) -> None:
    anna = town.visitor(READER)
    real = view_of(anna, deal(anna, town))
    assert set(view_of(anna, "/practice/ballots/1")) == set(real)
    film = practice_film(1)
    lungs = zlib.decompress(anna.get("/practice/ballots/1/lungs").content)
    assert len(lungs) == SIZE[0] * SIZE[1] // 8
    assert len(film.candidates) == len(view_of(anna, "/practice/ballots/1")["letters"])


def test_the_round_goes_on_after_what_was_answered_and_ends(town: Town) -> None:
    anna = town.visitor(READER)
    assert anna.post("/practice/next").json()["number"] == 1
    assert anna.post("/practice/next?answered=1&answered=2").json()["number"] == 3
    assert anna.post("/practice/next?answered=3").json()["study"] == "/practice/done"
    assert [view["number"] for view in anna.get("/practice/ahead?answered=1").json()] == [2, 3]


@pytest.mark.parametrize("number", range(1, len(LESSONS) + 1))
def test_a_lesson_is_what_its_words_say(number: int) -> None:
    film = practice_film(number)
    fits = [film.overlap(mask) for mask in film.candidates]
    if film.healthy:
        assert fits == [None] * 4
        return
    good = [slot for slot, fit in enumerate(fits) if fit is not None and fit > 0.6]
    assert good == ([] if film.best is None else [film.best])
    assert all(mask.any() for mask in film.candidates)
