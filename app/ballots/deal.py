"""Dealing: which ballot a physician gets next, and which ballots are theirs.

To load is to authorise: `ballot_for` finds and checks in one query.
"""

from datetime import timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.accounts.roles import Role
from app.accounts.tables import User
from app.ballots import design, places
from app.ballots.states import BallotState
from app.ballots.tables import Ballot, Case, CaseOrder, Slot
from app.clock import Clock
from app.films.tables import Film
from app.problems import NotFound
from app.studies.states import State, require
from app.studies.studies import protocol_of
from app.studies.tables import Member, Study


def next_ballot(session: Session, study: Study, *, physician: User, clock: Clock) -> Ballot | None:
    """Return the physician's next ballot, leased, or nothing where none is left.

    In this order: the one in hand, those whose lease ran out, new cases, those put aside.
    Raises `WrongState` unless the study is open.
    """
    require(study.state, State.OPEN)
    places.reclaim(session, study, now=clock.now())
    for find in (_in_hand, _expired, _new, _deferred):
        ballot = find(session, study, physician, clock)
        if ballot is not None:
            ballot.state = BallotState.LEASED
            ballot.lease_until = clock.now() + timedelta(minutes=protocol_of(study).lease_minutes)
            session.flush()
            return ballot
    return None


def _own(session: Session, study: Study, physician: User, state: BallotState) -> list[Ballot]:
    query = (
        select(Ballot)
        .where(
            Ballot.study_id == study.id,
            Ballot.physician_id == physician.id,
            Ballot.state == state,
        )
        .order_by(Ballot.dealt_at, Ballot.ordinal)
        .limit(100)
    )
    return list(session.scalars(query))


def _in_hand(session: Session, study: Study, physician: User, clock: Clock) -> Ballot | None:
    return next(iter(_own(session, study, physician, BallotState.LEASED)), None)


def _expired(session: Session, study: Study, physician: User, clock: Clock) -> Ballot | None:
    return _again(session, study, physician, clock, BallotState.EXPIRED)


def _deferred(session: Session, study: Study, physician: User, clock: Clock) -> Ballot | None:
    return _again(session, study, physician, clock, BallotState.DEFERRED)


def _again(
    session: Session, study: Study, physician: User, clock: Clock, state: BallotState
) -> Ballot | None:
    for ballot in _own(session, study, physician, state):
        place = places.take(session, film_id=ballot.film_id)
        if place is not None:
            ballot.place = place
            ballot.dealt_at = clock.now()
            return ballot
    return None


def _new(session: Session, study: Study, physician: User, clock: Clock) -> Ballot | None:
    own = exists().where(Ballot.film_id == CaseOrder.film_id, Ballot.physician_id == physician.id)
    query = (
        select(CaseOrder)
        .join(Case, Case.film_id == CaseOrder.film_id)
        .where(
            CaseOrder.study_id == study.id,
            CaseOrder.physician_id == physician.id,
            Case.taken < Case.wanted,
            ~own,
        )
        .order_by(CaseOrder.ordinal)
        .limit(1)
    )
    # Between the query and the taking, another physician may have filled the case: ask again.
    while (order := session.scalar(query)) is not None:
        place = places.take(session, film_id=order.film_id)
        if place is not None:
            return _make(session, study, order=order, place=place, clock=clock)
    return None


def _make(session: Session, study: Study, *, order: CaseOrder, place: int, clock: Clock) -> Ballot:
    key = design.ballot_key(
        seed=study.seed, physician_id=order.physician_id, film_id=order.film_id, repeat_no=0
    )
    seed = design.ballot_seed(
        seed=study.seed, physician_id=order.physician_id, film_id=order.film_id, repeat_no=0
    )
    ballot = Ballot(
        key=key,
        study_id=study.id,
        film_id=order.film_id,
        physician_id=order.physician_id,
        ordinal=order.ordinal,
        seed=seed,
        state=BallotState.LEASED,
        place=place,
        dealt_at=clock.now(),
        slots=[
            Slot(position=position, candidate_id=candidate_id)
            for position, candidate_id in enumerate(order.candidates)
        ],
    )
    session.add(ballot)
    return ballot


def ballot_for(session: Session, *, physician: User, key: str) -> Ballot:
    """Return the physician's own ballot ``key``. Raises `NotFound` for anyone else's."""
    query = (
        select(Ballot)
        .join(Member, (Member.study_id == Ballot.study_id) & (Member.user_id == physician.id))
        .where(
            Ballot.key == key,
            Ballot.physician_id == physician.id,
            Member.role == Role.PHYSICIAN,
        )
    )
    ballot = session.scalar(query)
    if ballot is None:
        raise NotFound("There is no such ballot, or it is not yours.")
    return ballot


def extend_lease(session: Session, ballot: Ballot, *, clock: Clock) -> None:
    """Hold the ballot's place for another lease; a ballot that holds none is left alone."""
    if ballot.state == BallotState.LEASED and ballot.place is not None:
        minutes = protocol_of(ballot.study).lease_minutes
        ballot.lease_until = clock.now() + timedelta(minutes=minutes)


def under_vote(session: Session, *, user: User, pixels_sha: str) -> bool:
    """Say whether ``user`` is a physician of a study, not yet settled, that holds this film.

    A network's map of such a film would tell its reader whose mask is whose.
    """
    query = (
        select(Film.id)
        .join(Study, Study.id == Film.study_id)
        .join(Member, Member.study_id == Study.id)
        .where(
            Film.pixels_sha == pixels_sha,
            Member.user_id == user.id,
            Member.role == Role.PHYSICIAN,
            Study.state != State.SETTLED,
        )
    )
    return session.scalar(query.limit(1)) is not None
