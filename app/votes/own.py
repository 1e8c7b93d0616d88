"""What a physician has answered: progress, and the list of own answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Row, func, select
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
    newest = (
        select(func.max(Vote.id).label("id"))
        .join(Ballot, Ballot.id == Vote.ballot_id)
        .where(Ballot.study_id == study.id, Ballot.physician_id == physician_id)
        .group_by(Vote.ballot_id)
        .subquery()
    )
    # All are gone through once; whole rows are read for the page's only.
    counted = select(newest.c.id, func.count().over()).order_by(newest.c.id.desc())
    page = session.execute(counted.offset(offset).limit(limit)).all()
    rows = (
        select(Ballot, Vote)
        .join(Vote, Vote.ballot_id == Ballot.id)
        .where(Vote.id.in_([vote_id for vote_id, _ in page]))
        .order_by(Vote.id.desc())
    )
    if not page and offset:  # beyond the last page, where no row tells the count
        total = session.scalar(select(func.count()).select_from(newest)) or 0
    else:
        total = page[0][1] if page else 0
    return session.execute(rows).all(), total
