"""The worst mask, the guess, and the times that an answer may bring along."""

import pytest
from sqlalchemy.orm import Session

from app.ballots.deal import next_ballot
from app.ballots.tables import Ballot
from app.blobs.store import BlobStore
from app.conduct.answering import answer
from app.studies.protocol import Questions
from app.votes.answers import DONT_KNOW, AnswerKind, AnswerRefused, Submission
from app.votes.tables import Vote
from tests.support.answers import submission
from tests.support.factory import World, make_world

EVERYTHING = Questions(guess_share=1, worst=True)
NOTHING = Questions(guess_share=0, worst=False)


def ballot_of(session: Session, blobs: BlobStore, questions: Questions) -> tuple[World, Ballot]:
    world = make_world(session, blobs, films=2, physicians=3, questions=questions)
    ballot = next_ballot(session, world.study, physician=world.physicians[0], clock=world.clock)
    assert ballot is not None
    return world, ballot


def record(
    session: Session, blobs: BlobStore, sent: Submission, questions: Questions = EVERYTHING
) -> Vote:
    world, ballot = ballot_of(session, blobs, questions)
    return answer(session, ballot=ballot, sent=sent, clock=world.clock).vote


def more(kind: AnswerKind, *letters: str, **fields: object) -> Submission:
    return submission(kind, *letters).model_copy(update=fields)


def test_all_that_was_said_is_recorded(session: Session, blobs: BlobStore) -> None:
    said = {"worst": "D", "guess": "A", "reading_ms": 4200, "paused_ms": 17, "sitting": 3}
    vote = record(session, blobs, more(AnswerKind.SLOT, "B", **said))
    assert (vote.worst_position, vote.guess_position) == (3, 0)
    assert (vote.reading_ms, vote.paused_ms, vote.sitting) == (4200, 17, 3)


def test_not_to_know_is_not_the_same_as_not_to_say(session: Session, blobs: BlobStore) -> None:
    world, ballot = ballot_of(session, blobs, EVERYTHING)
    silent = more(AnswerKind.SLOT, "B")
    unknown = more(AnswerKind.SLOT, "B", guess="unknown")
    votes = [answer(session, ballot=ballot, sent=s, clock=world.clock) for s in (silent, unknown)]
    assert [recorded.vote.guess_position for recorded in votes] == [None, DONT_KNOW]


def test_after_the_guess_the_choice_before_it_stands(session: Session, blobs: BlobStore) -> None:
    world, ballot = ballot_of(session, blobs, EVERYTHING)
    first = more(AnswerKind.SLOT, "B", guess="unknown")
    answer(session, ballot=ballot, sent=first, clock=world.clock)
    with pytest.raises(AnswerRefused, match="the choice before it stands"):
        answer(session, ballot=ballot, sent=more(AnswerKind.SLOT, "A"), clock=world.clock)


@pytest.mark.parametrize(
    ("sent", "questions", "why"),
    [
        (more(AnswerKind.SLOT, "B", worst="B"), EVERYTHING, "cannot be the chosen"),
        (more(AnswerKind.TIE, "A", "B", worst="A"), EVERYTHING, "cannot be the chosen"),
        (more(AnswerKind.SLOT, "B", worst="E"), EVERYTHING, "4 slots"),
        (more(AnswerKind.NONE, worst="A"), EVERYTHING, "beside a chosen"),
        (more(AnswerKind.SLOT, "B", guess="E"), EVERYTHING, "4 slots"),
        (more(AnswerKind.SLOT, "B", worst="A"), NOTHING, "does not ask for the worst"),
        (more(AnswerKind.SLOT, "B", guess="A"), NOTHING, "does not ask which"),
        (more(AnswerKind.SLOT, "B", guess="unknown"), NOTHING, "does not ask which"),
    ],
)
def test_what_does_not_fit_is_refused(
    session: Session, blobs: BlobStore, sent: Submission, questions: Questions, why: str
) -> None:
    with pytest.raises(AnswerRefused, match=why):
        record(session, blobs, sent, questions)


def test_an_answer_without_the_new_fields_has_the_fingerprint_it_always_had() -> None:
    sent = submission(AnswerKind.SLOT, "B", key="0b0e7b0e-0000-4000-8000-000000000001")
    # As version 0.1.0 computed it for the same answer.
    assert sent.fingerprint("k" * 26) == OLD_FINGERPRINT
    assert sent.model_copy(update={"sitting": 1}).fingerprint("k" * 26) != OLD_FINGERPRINT


OLD_FINGERPRINT = "08e18e69c363ec1eb6242e463b6678385f96a0c05951efcfacbdc1228e8a78f6"
