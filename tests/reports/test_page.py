"""The page says in words what the numbers say, and what to do where there are none."""

import numpy as np
import pytest
from sqlalchemy.orm import Session

from app.blobs.store import BlobStore
from app.networks.scoring import Estimate
from app.reports import words
from app.reports.charts import disagreement, dots
from app.reports.findings import Findings, findings
from app.reports.report import report
from app.reports.sheet import as_html, illustrated
from tests.statistics.making import luce_votes, votes_of
from tests.support.factory import make_world
from tests.support.read_study import read_world


def guessing(right: int, wrong: int, unknown: int = 0) -> Findings:
    """Findings of ballots on which the hand-drawn mask stood in slot A."""
    number = right + wrong + unknown
    guess = [1] * wrong + [0] * right + [-1] * unknown
    return findings(votes_of([[0, 1, 2, 3]] * number, [[2]] * number, guess=guess))


def test_the_guess_question_is_told_in_one_sentence() -> None:
    said = words.guess_sentence(guessing(30, 66).guesses)
    assert said.startswith("The hand-drawn mask was found in 30 of 96 guesses: 31.2%")
    assert said.endswith("chance is 25.0%.")


def test_dont_know_is_told_beside() -> None:
    assert "Another 4 answers" in words.guess_sentence(guessing(1, 2, 4).guesses)


def test_the_alarm_is_told_with_the_guess_at_which_it_rang() -> None:
    loud, quiet = guessing(40, 0), guessing(10, 30)
    assert "rang at guess" in words.alarm_sentence(loud.alarm)
    assert "has not rung in 40 guesses" in words.alarm_sentence(quiet.alarm)


def test_a_slot_bias_is_named_and_its_absence_too() -> None:
    biased = findings(luce_votes((1, 1, 1, 1), (4, 1, 1, 1), number=300, seed=1))
    fair = findings(luce_votes((1, 1, 1, 1), (1, 1, 1, 1), number=300, seed=1))
    assert "more than chance explains" in words.slots_sentence(biased.slots)
    assert "no sign" in words.slots_sentence(fair.slots)


@pytest.mark.parametrize(("readers", "said"), [(1, "One reader"), (3, "3 readers"), (6, "95%")])
def test_few_readers_make_the_report_careful(readers: int, said: str) -> None:
    found = findings(luce_votes((1, 1), (1, 1), number=90, seed=2, readers=readers))
    assert words.cautions(found)[0].startswith((said, "Intervals are 95%"))
    assert any(said in caution for caution in words.cautions(found))


def test_an_axis_holds_all_its_intervals() -> None:
    shown = dots("Share", [("a", Estimate(0.31, 0.2, 0.44)), ("b", Estimate(0.1, 0.0, 0.2))])
    assert shown.ticks[-1] == (1.0, "50%")
    assert all(0 <= row.low <= row.value <= row.high <= 1 for row in shown.rows)


def test_bars_of_disagreement_stay_within_the_chart() -> None:
    for counts in ([0, 0, 0, 0, 0], [1, 0, 0, 0, 0], [317, 41, 0, 8, 90]):
        assert all(0 <= bar.y <= 1 for bar in disagreement(counts).bars)


def test_sources_are_called_by_plain_names() -> None:
    assert words.answer_name("manual = network:north") == "hand-drawn = north"
    assert words.answer_name("none acceptable") == "none acceptable"


def test_a_settled_page_shows_pictures_with_an_outline_and_a_letter_for_each_source(
    session: Session, blobs: BlobStore
) -> None:
    world = read_world(session, blobs, films=4)
    _, page = illustrated(session, blobs, world.study, clock=world.clock, asked=True)
    assert page.pictures
    for shown in page.pictures:
        assert [line.letter for line in shown.outlines[:4]] == ["A", "B", "C", "D"]
        assert shown.outlines[0].name == "hand-drawn"
        places = [(line.x, line.y) for line in shown.outlines if line.path]
        assert len(set(places)) == len(places)
    html = as_html(page)
    assert html.count("data:image/jpeg;base64,") == len(page.pictures)
    assert html.count('class="letter"') == sum(
        bool(o.path) for p in page.pictures for o in p.outlines
    )


def test_no_disputed_film_makes_no_picture(session: Session, blobs: BlobStore) -> None:
    world = make_world(session, blobs, films=1)
    _, page = illustrated(session, blobs, world.study, clock=world.clock, asked=True)
    assert page.pictures == []
    assert [section.empty for section in page.sections] == [
        "No answer was given yet. Open the study to physicians."
    ]


def test_a_report_without_leave_holds_no_finding(session: Session, blobs: BlobStore) -> None:
    world = read_world(session, blobs, films=3)
    told = report(session, blobs, world.study, clock=world.clock)
    assert told.unblinded is None
    assert "manual" not in str(told.said()["progress"])
    assert told.progress.have == 9


def test_one_reader_who_knows_a_tell_is_found_among_others() -> None:
    rng = np.random.default_rng(4)
    reader = np.repeat([0, 1, 2], 30)
    guess = np.where(reader == 1, 0, rng.integers(4, size=90))
    found = findings(votes_of([[0, 1, 2, 3]] * 90, [[2]] * 90, guess=guess, reader=reader))
    assert [one.alarm.rings for one in found.guesses_by_reader] == [False, True, False]
    assert (found.guesses_by_reader[1].right, found.guesses_by_reader[1].made) == (30, 30)
