"""Places: each case has as many as it wants answers, and no two ballots hold the same.

The count of taken places changes by one conditional statement, which also locks the case; the
unique constraint on (film, place) stands behind it.
"""

from datetime import datetime

from sqlalchemy import bindparam, exists, select, update
from sqlalchemy.orm import Session

from app.ballots.states import BallotState
from app.ballots.tables import Ballot, Case, CaseOrder, Hand
from app.studies.tables import Study

# Asked for every ballot, so put together once.
_TAKE = (
    update(Case)
    .where(Case.film_id == bindparam("of_film"), Case.taken < Case.wanted)
    .values(taken=Case.taken + 1)
    .returning(Case.wanted)
    .execution_options(synchronize_session=False)
)
_HELD = select(Ballot.place).where(
    Ballot.film_id == bindparam("of_film"), Ballot.place.is_not(None)
)
_END = (
    update(Ballot)
    .where(
        Ballot.study_id == bindparam("of_study"),
        Ballot.state == BallotState.LEASED,
        Ballot.lease_until < bindparam("now"),
    )
    .values(state=BallotState.EXPIRED, place=None, lease_until=None)
    .returning(Ballot.film_id, Ballot.repeat_no)
    .execution_options(synchronize_session=False)
)


def take(session: Session, *, film_id: int) -> int | None:
    """Take a free place of the case and return its number, or nothing where all are taken."""
    taken = session.execute(_TAKE, {"of_film": film_id}).scalar()
    if taken is None:
        return None
    numbers = held(session, film_id=film_id)
    return min(set(range(1, len(numbers) + 2)) - numbers)


def held(session: Session, *, film_id: int) -> set[int]:
    """Return the numbers of the case's places that ballots hold."""
    return {place for place in session.scalars(_HELD, {"of_film": film_id}) if place is not None}


def give_back(session: Session, ballot: Ballot) -> None:
    """Let go of the ballot's place, if it holds one, and of its lease."""
    ballot.lease_until = None
    if ballot.place is not None:
        ballot.place = None
        session.flush()
        _lower(session, ballot.film_id)


def reclaim(session: Session, study: Study, *, now: datetime) -> int:
    """Give back the places of all leases that ran out; return how many.

    One statement picks and frees them, so two processes never free the same ballot twice.
    """
    ended = session.execute(_END, {"of_study": study.id, "now": now}).all()
    for film_id, repeat_no in ended:
        if repeat_no == 0:
            _lower(session, film_id)
    if ended:
        session.expire_all()
    return len(ended)


def _lower(session: Session, film_id: int) -> None:
    session.execute(
        update(Case)
        .where(Case.film_id == film_id)
        .values(taken=Case.taken - 1)
        .execution_options(synchronize_session=False)
    )
    _open_again(session, film_id)


def _open_again(session: Session, film_id: int) -> None:
    """Mark the case for all whose turn has passed it while it was full."""
    study_id = select(Case.study_id).where(Case.film_id == film_id).scalar_subquery()
    passed = (
        select(Hand.passed)
        .where(Hand.study_id == CaseOrder.study_id, Hand.physician_id == CaseOrder.physician_id)
        .scalar_subquery()
    )
    readers = select(Hand.physician_id).where(Hand.study_id == study_id)
    dealt = exists().where(Ballot.film_id == film_id, Ballot.physician_id == CaseOrder.physician_id)
    session.execute(
        update(CaseOrder)
        .where(
            CaseOrder.study_id == study_id,
            CaseOrder.physician_id.in_(readers),
            CaseOrder.film_id == film_id,
            CaseOrder.ordinal < passed,
            ~dealt,
        )
        .values(again=True)
        .execution_options(synchronize_session=False)
    )


def want(session: Session, *, film_id: int, places: int) -> None:
    """Set how many answers a case wants; never fewer than are taken."""
    changed = session.execute(
        update(Case)
        .where(Case.film_id == film_id, Case.taken <= places, Case.wanted != places)
        .values(wanted=places)
        .returning(Case.taken)
        .execution_options(synchronize_session=False)
    ).scalar()
    if changed is not None and changed < places:
        _open_again(session, film_id)
