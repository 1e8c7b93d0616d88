"""Washouts: a film that will come back to its physician waits until it may be forgotten."""

from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.ballots.coming import BLANK, FIRST
from app.ballots.design import draw
from app.ballots.tables import Ballot, Hand, Return
from app.clock import Clock
from app.studies.studies import protocol_of


def begin(session: Session, ballot: Ballot, *, clock: Clock) -> None:
    """Start the washout of the film that this ballot, just answered, sends back; once only.

    The number of ballots is stretched by up to a half, at random, so that nobody can count to
    a repeat.
    """
    if ballot.repeat_no not in (BLANK, FIRST):
        return
    design = protocol_of(ballot.study).design
    if not design.returns:
        return
    ballots = design.repeat_after_ballots
    stretch = draw(ballot.seed, "washout") % (ballots // 2 + 1)
    dealt = session.get_one(Hand, (ballot.study_id, ballot.physician_id)).dealt
    session.execute(
        update(Return)
        .where(
            Return.physician_id == ballot.physician_id,
            Return.film_id == ballot.film_id,
            Return.repeat_no == ballot.repeat_no + 1,
            Return.due_after.is_(None),
            ~Return.dealt,
        )
        .values(
            due_at=clock.now() + timedelta(days=design.repeat_after_days),
            due_after=dealt + ballots + stretch,
        )
        .execution_options(synchronize_session=False)
    )
