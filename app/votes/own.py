"""What a physician has answered: progress, and the list of own answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from app.ballots import hands
from app.ballots.tables import Ballot, Hand
from app.studies.tables import Study
from app.votes.tables import Vote


@dataclass(frozen=True)
class Progress:
    """A physician's ballots in a study. ``open`` counts those that may still come."""

    answered: int
    later: int
    open: int

    @property
    def total(self) -> int:
        """All ballots that the physician has had or may still get."""
        return self.answered + self.later + self.open


def progress(session: Session, study: Study, *, physician_id: int) -> Progress:
    """Return how far the physician is. What others do shows after a while (`hands.left`)."""
    hand = session.get(Hand, (study.id, physician_id))
    if hand is None:
        return Progress(answered=0, later=0, open=0)
    return Progress(
        answered=hand.answered,
        later=hand.later,
        open=hands.left(session, hand) + hand.waiting,
    )


def newest_vote(session: Session, ballot: Ballot) -> Vote | None:
    """Return the vote that counts for ``ballot``."""
    query = select(Vote).where(Vote.ballot_id == ballot.id).order_by(Vote.id.desc()).limit(1)
    return session.scalar(query)


def own_answers(
    session: Session, study: Study, *, physician_id: int, offset: int = 0, limit: int = 50
) -> tuple[Sequence[Row[Ballot, Vote]], int]:
    """Return one page of (ballot, newest vote), the latest answer first, and how many there are.

    Ballots put aside stand here too, with their vote “later”.
    """
    hand = session.get(Hand, (study.id, physician_id))
    numbers = session.scalars(_numbers(study, physician_id).offset(offset).limit(limit)).all()
    if hand is None or not numbers:
        return [], 0 if hand is None else hand.voted
    query = (
        select(Ballot, Vote)
        .join(Vote, Vote.ballot_id == Ballot.id)
        .where(
            Ballot.study_id == study.id,
            Ballot.physician_id == physician_id,
            Ballot.vote_no.in_(numbers),
        )
        .order_by(Ballot.vote_no.desc(), Vote.id.desc())
    )
    newest: dict[int, Row[Ballot, Vote]] = {}
    for row in session.execute(query):
        newest.setdefault(row[0].id, row)
    return list(newest.values()), hand.voted


def _numbers(study: Study, physician_id: int) -> Select[int | None]:
    """Select the numbers of the ballots' newest votes: an index holds all that is passed over."""
    return (
        select(Ballot.vote_no)
        .where(
            Ballot.study_id == study.id,
            Ballot.physician_id == physician_id,
            Ballot.vote_no.is_not(None),
        )
        .order_by(Ballot.vote_no.desc())
    )
