"""Recording votes: idempotent, append-only, never lost."""

import numpy as np
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.ballots.deal import next_ballot
from app.ballots.tables import Ballot
from app.blobs.store import BlobStore
from app.conduct.answering import answer
from app.conduct.opening import lock_study
from app.masks.codec import from_png
from app.votes.answers import AnswerKind, AnswerRefused
from app.votes.own import newest_vote, own_answers, progress
from app.votes.record import KeyReused, StudyClosed
from app.votes.tables import Drawing, Vote
from tests.support.answers import choose, drawing, later, none_acceptable, submission
from tests.support.factory import SHAPE, World, blob_mask, make_world

KEY = "0b0e7b0e-0000-4000-8000-000000000001"


@pytest.fixture
def world(session: Session, blobs: BlobStore) -> World:
    made = make_world(session, blobs, films=4, physicians=3)
    session.commit()
    return made


@pytest.fixture
def ballot(session: Session, world: World) -> Ballot:
    dealt = next_ballot(session, world.study, physician=world.physicians[0], clock=world.clock)
    assert dealt is not None
    return dealt


def votes(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Vote)) or 0


def test_the_same_submission_twice_is_one_vote(
    session: Session, world: World, ballot: Ballot
) -> None:
    first = answer(session, ballot=ballot, sent=choose("B", key=KEY), clock=world.clock)
    again = answer(session, ballot=ballot, sent=choose("B", key=KEY), clock=world.clock)
    assert (first.fresh, again.fresh) == (True, False)
    assert again.vote.id == first.vote.id
    assert votes(session) == 1


def test_a_key_is_not_taken_for_another_answer(
    session: Session, world: World, ballot: Ballot
) -> None:
    answer(session, ballot=ballot, sent=choose("B", key=KEY), clock=world.clock)
    with pytest.raises(KeyReused):
        answer(session, ballot=ballot, sent=choose("C", key=KEY), clock=world.clock)


def test_a_changed_mind_is_appended_and_the_newest_counts(
    session: Session, world: World, ballot: Ballot
) -> None:
    answer(session, ballot=ballot, sent=choose("B"), clock=world.clock)
    answer(session, ballot=ballot, sent=choose("C"), clock=world.clock)
    newest = newest_vote(session, ballot)
    assert votes(session) == 2
    assert newest is not None
    assert newest.positions == [2]


@pytest.mark.parametrize("statement", ["UPDATE votes SET comment = 'x'", "DELETE FROM votes"])
def test_the_database_refuses_to_change_a_vote(
    session: Session, world: World, ballot: Ballot, statement: str
) -> None:
    answer(session, ballot=ballot, sent=choose("A"), clock=world.clock)
    with pytest.raises(Exception, match="votes is append-only"):
        session.execute(text(statement))


def test_a_drawing_is_kept_to_the_pixel(session: Session, world: World, ballot: Ballot) -> None:
    mask = blob_mask(np.random.default_rng(7))
    answer(session, ballot=ballot, sent=none_acceptable(mask), clock=world.clock)
    kept = session.scalars(select(Drawing)).one()
    assert np.array_equal(from_png(kept.mask_png, max_pixels=mask.size), mask)
    assert kept.area == mask.sum()


def test_a_damaged_drawing_is_refused(session: Session, world: World, ballot: Ballot) -> None:
    sent = none_acceptable(blob_mask(np.random.default_rng(7)))
    assert sent.drawing is not None
    damaged = sent.drawing.model_copy(update={"sha256": "0" * 64})
    with pytest.raises(AnswerRefused, match="damaged"):
        answer(
            session,
            ballot=ballot,
            sent=sent.model_copy(update={"drawing": damaged}),
            clock=world.clock,
        )


@pytest.mark.parametrize("shape", [(SHAPE[0] + 1, SHAPE[1]), (8, 8)])
def test_a_drawing_of_another_size_is_refused(
    session: Session, world: World, ballot: Ballot, shape: tuple[int, int]
) -> None:
    with pytest.raises(AnswerRefused, match="native size"):
        answer(
            session,
            ballot=ballot,
            sent=none_acceptable(np.ones(shape, np.bool_)),
            clock=world.clock,
        )


@pytest.mark.parametrize(
    ("kind", "letters"),
    [
        (AnswerKind.SLOT, ()),
        (AnswerKind.SLOT, ("A", "B")),
        (AnswerKind.SLOT, ("E",)),
        (AnswerKind.TIE, ("A",)),
        (AnswerKind.TIE, ("A", "A")),
        (AnswerKind.NONE, ("A",)),
        (AnswerKind.LATER, ("B",)),
    ],
)
def test_an_answer_whose_slots_do_not_fit_is_refused(
    session: Session, world: World, ballot: Ballot, kind: AnswerKind, letters: tuple[str, ...]
) -> None:
    with pytest.raises(AnswerRefused):
        answer(session, ballot=ballot, sent=submission(kind, *letters), clock=world.clock)
    assert votes(session) == 0


def test_a_drawing_goes_only_with_none_acceptable(
    session: Session, world: World, ballot: Ballot
) -> None:
    sent = choose("A").model_copy(update={"drawing": drawing(np.ones(SHAPE, np.bool_))})
    with pytest.raises(AnswerRefused, match="only with"):
        answer(session, ballot=ballot, sent=sent, clock=world.clock)


def test_a_closed_study_takes_no_answer_but_acknowledges_an_old_one(
    session: Session, world: World, ballot: Ballot
) -> None:
    answer(session, ballot=ballot, sent=choose("B", key=KEY), clock=world.clock)
    lock_study(world.study, clock=world.clock)
    replayed = answer(session, ballot=ballot, sent=choose("B", key=KEY), clock=world.clock)
    assert not replayed.fresh
    with pytest.raises(StudyClosed):
        answer(session, ballot=ballot, sent=choose("C"), clock=world.clock)


def test_an_answered_ballot_cannot_be_put_aside(
    session: Session, world: World, ballot: Ballot
) -> None:
    answer(session, ballot=ballot, sent=choose("A"), clock=world.clock)
    with pytest.raises(AnswerRefused, match="answered already"):
        answer(session, ballot=ballot, sent=later(), clock=world.clock)


def test_progress_adds_up(session: Session, world: World, ballot: Ballot) -> None:
    answer(session, ballot=ballot, sent=choose("A"), clock=world.clock)
    second = next_ballot(session, world.study, physician=world.physicians[0], clock=world.clock)
    assert second is not None
    answer(session, ballot=second, sent=later(), clock=world.clock)
    done = progress(session, world.study, physician_id=world.physicians[0].id)
    assert (done.answered, done.later, done.open, done.total) == (1, 1, 2, 4)


def test_own_answers_show_the_newest_vote_of_each_ballot(
    session: Session, world: World, ballot: Ballot
) -> None:
    answer(session, ballot=ballot, sent=choose("A"), clock=world.clock)
    answer(session, ballot=ballot, sent=choose("D"), clock=world.clock)
    page, total = own_answers(session, world.study, physician_id=world.physicians[0].id)
    assert total == 1
    assert page[0][1].positions == [3]
    assert own_answers(session, world.study, physician_id=world.physicians[1].id)[1] == 0


def test_own_answers_come_in_pages_the_latest_first_and_each_page_knows_how_many_there_are(
    session: Session, world: World, ballot: Ballot
) -> None:
    physician = world.physicians[0]
    answer(session, ballot=ballot, sent=choose("A"), clock=world.clock)
    second = next_ballot(session, world.study, physician=physician, clock=world.clock)
    assert second is not None
    answer(session, ballot=second, sent=choose("B"), clock=world.clock)
    pages = [
        own_answers(session, world.study, physician_id=physician.id, offset=offset, limit=1)
        for offset in (0, 1, 2)
    ]
    assert [[row[0].id for row in rows] for rows, _ in pages] == [[second.id], [ballot.id], []]
    assert [total for _, total in pages] == [2, 2, 2]


def test_a_choice_that_was_guessed_about_stands(
    session: Session, world: World, ballot: Ballot
) -> None:
    ballot.asks_guess = True
    answer(session, ballot=ballot, sent=choose("B"), clock=world.clock)
    guess = choose("B").model_copy(update={"guess": "C"})
    answer(session, ballot=ballot, sent=guess, clock=world.clock)
    with pytest.raises(AnswerRefused, match="stands"):
        answer(session, ballot=ballot, sent=choose("A"), clock=world.clock)
    again = answer(session, ballot=ballot, sent=guess, clock=world.clock)
    assert not again.fresh
    assert votes(session) == 2
