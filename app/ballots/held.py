"""Whether films that are left for a physician are in other physicians' hands."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from app.accounts.tables import User
from app.ballots.states import BallotState
from app.ballots.tables import Ballot, CaseOrder
from app.studies.tables import Study


def held_by_others(session: Session, study: Study, *, physician: User) -> bool:
    """Whether others are dealt films of the physician's order that the physician never was.

    Each comes open again if its reader puts it aside, or lets its lease end.
    """
    own = aliased(Ballot)
    mine = exists().where(own.film_id == Ballot.film_id, own.physician_id == physician.id)
    ordered = exists().where(
        CaseOrder.study_id == study.id,
        CaseOrder.physician_id == physician.id,
        CaseOrder.film_id == Ballot.film_id,
    )
    held = select(Ballot.id).where(
        Ballot.study_id == study.id,
        Ballot.physician_id != physician.id,
        Ballot.state == BallotState.LEASED,
        ordered,
        ~mine,
    )
    return session.scalar(held.limit(1)) is not None
