"""What comes next, without dealing it: no place is taken and no clock starts."""

from datetime import datetime
from itertools import chain, islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.roles import Role
from app.accounts.tables import User
from app.ballots import coming
from app.ballots.coming import Place, Upcoming
from app.ballots.states import BallotState
from app.ballots.tables import Ballot, Case, Hand, Return
from app.clock import Clock
from app.problems import NotFound
from app.studies.states import State
from app.studies.studies import protocol_of
from app.studies.tables import Member, Study

# How far a physician may look. What was named as coming stays to be had while others fill cases.
FARTHEST = 8


def upcoming(
    session: Session, study: Study, *, physician: User, count: int, clock: Clock
) -> list[Upcoming]:
    """Return up to ``count`` ballots that come after the one in hand, in the order of dealing."""
    hand = session.get(Hand, (study.id, physician.id))
    if study.state != State.OPEN or hand is None:
        return []
    place = Place(study, protocol_of(study), physician.id, hand)
    again = (
        _again(session, place, state=state, count=count)
        for state in (BallotState.EXPIRED, BallotState.DEFERRED)
    )
    expired, deferred = again
    in_order = chain(expired, _fresh(session, place, count=count, clock=clock), deferred)
    return list(islice(in_order, count))


def upcoming_for(session: Session, *, physician: User, key: str, clock: Clock) -> Upcoming:
    """Return the physician's coming ballot ``key``. Raises `NotFound` for anything farther."""
    studies = (
        select(Study)
        .join(Member, Member.study_id == Study.id)
        .where(
            Member.user_id == physician.id,
            Member.role == Role.PHYSICIAN,
            Study.state == State.OPEN,
        )
    )
    for study in session.scalars(studies):
        for one in upcoming(session, study, physician=physician, count=FARTHEST, clock=clock):
            if one.key == key:
                return one
    raise NotFound("There is no such ballot, or it is not yours.")


def _fresh(session: Session, place: Place, *, count: int, clock: Clock) -> list[Upcoming]:
    """Return what will be dealt next, one after the other, as `app.ballots.deal` will find it.

    A film that is due only by then stands where it will come: were it not announced, its coming
    would tell what it is.
    """
    now, after = clock.now(), place.hand.dealt
    soon = coming.due_returns(place, now=now, limit=2 * count, soon=count - 1)
    returns = list(session.scalars(soon))
    cases = iter(coming.new_cases(session, place, limit=count))
    found: list[Upcoming] = []
    for ordinal in range(after, after + count):
        back = next((one for one in returns if _is_due(one, ordinal, now)), None)
        if back is not None:
            returns.remove(back)
            found.append(coming.of_return(session, place, back, ordinal=ordinal))
        elif (fresh := next(cases, None)) is not None:
            found.append(coming.of_order(place, fresh, ordinal=ordinal))
        else:
            break
    return found


def _is_due(back: Return, ordinal: int, now: datetime) -> bool:
    by_date = back.due_at is not None and back.due_at <= now
    return by_date or (back.due_after is not None and back.due_after <= ordinal)


def _again(session: Session, place: Place, *, state: BallotState, count: int) -> list[Upcoming]:
    query = (
        select(Ballot)
        .outerjoin(Case, Case.film_id == Ballot.film_id)
        .where(
            Ballot.study_id == place.study.id,
            Ballot.physician_id == place.physician_id,
            Ballot.state == state,
            (Ballot.repeat_no != coming.FIRST) | (Case.taken < Case.wanted),
        )
        .order_by(Ballot.dealt_at, Ballot.ordinal)
        .limit(count)
    )
    return [coming.of_ballot(ballot) for ballot in session.scalars(query)]
