"""The answers that count for a case: the newest vote of each ballot that holds a place."""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.ballots.states import BallotState
from app.ballots.tables import Ballot, Slot
from app.settlement.rules import Answer, Choice, Word
from app.votes.answers import AnswerKind
from app.votes.tables import Vote

WORDS = {
    AnswerKind.NONE: Word.NONE,
    AnswerKind.NO_INFECTION: Word.NO_INFECTION,
    AnswerKind.UNREADABLE: Word.UNREADABLE,
}


def counting_votes(session: Session, *, film_ids: Iterable[int]) -> dict[int, list[Vote]]:
    """Return each film's votes that count, in the order of places."""
    wanted = list(film_ids)
    newest = (
        select(func.max(Vote.id))
        .join(Ballot, Ballot.id == Vote.ballot_id)
        .where(
            Ballot.film_id.in_(wanted),
            Ballot.state == BallotState.ANSWERED,
            Ballot.place.is_not(None),
        )
        .group_by(Vote.ballot_id)
    )
    query = (
        select(Ballot.film_id, Vote)
        .join(Vote, Vote.ballot_id == Ballot.id)
        .where(Vote.id.in_(newest))
        .order_by(Ballot.film_id, Ballot.place)
    )
    votes: dict[int, list[Vote]] = {film_id: [] for film_id in wanted}
    for film_id, vote in session.execute(query):
        votes[film_id].append(vote)
    return votes


def unblinded(session: Session, votes: list[Vote]) -> list[Answer]:
    """Return the votes as answers: slots become the candidates that stood in them."""
    query = select(Slot).where(Slot.ballot_id.in_({vote.ballot_id for vote in votes}))
    stood = {(slot.ballot_id, slot.position): slot.candidate_id for slot in session.scalars(query)}
    answers: list[Answer] = []
    for vote in votes:
        choices: set[Choice] = {stood[vote.ballot_id, position] for position in vote.positions}
        word = WORDS.get(AnswerKind(vote.answer))
        answers.append(frozenset({word}) if word else frozenset(choices))
    return answers
