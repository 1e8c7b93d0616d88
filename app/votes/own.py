"""What a physician has answered: progress, and the list of own answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Row, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from app.ballots.states import BallotState
from app.ballots.tables import Ballot, Case, CaseOrder, Return
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
    """Return how far the physician is."""
    own = (Ballot.study_id == study.id) & (Ballot.physician_id == physician_id)
    counts = {
        state: number
        for state, number in session.execute(
            select(Ballot.state, func.count()).where(own).group_by(Ballot.state)
        )
    }
    untouched = session.scalar(_untouched(study, physician_id)) or 0
    back = session.scalar(_to_come_back(study, physician_id)) or 0
    in_hand = counts.get(BallotState.LEASED, 0) + counts.get(BallotState.EXPIRED, 0)
    return Progress(
        answered=counts.get(BallotState.ANSWERED, 0),
        later=counts.get(BallotState.DEFERRED, 0),
        open=untouched + back + in_hand,
    )


def _untouched(study: Study, physician_id: int) -> Select[int]:
    dealt = exists().where(Ballot.film_id == CaseOrder.film_id, Ballot.physician_id == physician_id)
    return (
        select(func.count())
        .select_from(CaseOrder)
        .join(Case, Case.film_id == CaseOrder.film_id)
        .where(
            CaseOrder.study_id == study.id,
            CaseOrder.physician_id == physician_id,
            or_(Case.taken < Case.wanted, CaseOrder.blank),
            ~dealt,
        )
    )


def _to_come_back(study: Study, physician_id: int) -> Select[int]:
    """Select the count of films that will come back, counted from the start.

    Were a repeat counted only when it is dealt, the total would rise with it, and tell.
    """
    first = exists().where(
        Ballot.film_id == Return.film_id,
        Ballot.physician_id == physician_id,
        Ballot.repeat_no < Return.repeat_no,
    )
    wants = Case.taken < Case.wanted
    return (
        select(func.count())
        .select_from(Return)
        .join(Case, Case.film_id == Return.film_id)
        .where(
            Return.study_id == study.id,
            Return.physician_id == physician_id,
            ~Return.dealt,
            or_(wants, and_(Return.repeat_no > 0, first)),
        )
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
        select(func.max(Vote.id))
        .join(Ballot, Ballot.id == Vote.ballot_id)
        .where(Ballot.study_id == study.id, Ballot.physician_id == physician_id)
        .group_by(Vote.ballot_id)
    )
    query = select(Ballot, Vote).join(Vote, Vote.ballot_id == Ballot.id).where(Vote.id.in_(newest))
    total = session.scalar(select(func.count()).select_from(newest.subquery())) or 0
    page = session.execute(query.order_by(Vote.id.desc()).offset(offset).limit(limit))
    return page.all(), total
