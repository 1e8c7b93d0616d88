"""Dealing: which ballot a physician gets next, and which ballots are theirs.

To load is to authorise: `ballot_for` finds and checks in one query.
"""

from datetime import timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from app.accounts.roles import Role
from app.accounts.tables import User
from app.ballots import coming, design, hands, places
from app.ballots.coming import Place, Upcoming
from app.ballots.states import BallotState
from app.ballots.tables import Ballot, Slot
from app.clock import Clock
from app.films.tables import Film
from app.films.views import nearest
from app.problems import NotFound
from app.studies.states import State, require
from app.studies.studies import protocol_of
from app.studies.tables import Member, Study

CLEAR_EVERY = 16  # ballots

# Asked for every answer, so put together once.
_OWN = (
    select(Ballot)
    .join(Member, Member.study_id == Ballot.study_id)
    .where(
        Ballot.key == bindparam("of_key"),
        Ballot.physician_id == bindparam("physician"),
        Member.user_id == bindparam("physician"),
        Member.role == Role.PHYSICIAN,
    )
    .options(joinedload(Ballot.study, innerjoin=True))
)


def next_ballot(session: Session, study: Study, *, physician: User, clock: Clock) -> Ballot | None:
    """Return the physician's next ballot, leased, or nothing where none is left.

    In this order: the one in hand, those whose lease ran out, sentinels and films that are due to
    come back, new cases, those put aside. Raises `WrongState` unless the study is open.
    """
    require(study.state, State.OPEN)
    # Locked, so that a physician with two windows is not dealt two ballots at once.
    found = hands.to_deal(session, study_id=study.id, physician_id=physician.id, now=clock.now())
    if found is None:
        return None
    again = found.again
    if found.ended:
        places.reclaim(session, study, now=clock.now())
        again = True
    place = Place(study, protocol_of(study), physician.id, found.hand, again)
    for find in (_in_hand, _expired, _returned, _new, _deferred):
        ballot = find(session, place, clock)
        if ballot is not None:
            hands.put(found.hand, ballot, BallotState.LEASED)
            ballot.lease_until = clock.now() + timedelta(minutes=place.protocol.lease_minutes)
            session.flush()
            return ballot
    return None


def _own(session: Session, place: Place, state: BallotState) -> list[Ballot]:
    query = (
        select(Ballot)
        .where(
            Ballot.study_id == place.study.id,
            Ballot.physician_id == place.physician_id,
            Ballot.state == state,
        )
        .order_by(Ballot.dealt_at, Ballot.ordinal)
        .limit(100)
    )
    return list(session.scalars(query))


def _in_hand(session: Session, place: Place, clock: Clock) -> Ballot | None:
    if not place.hand.waiting:
        return None
    return next(iter(_own(session, place, BallotState.LEASED)), None)


def _expired(session: Session, place: Place, clock: Clock) -> Ballot | None:
    if not place.hand.waiting:
        return None
    return _again(session, place, clock, BallotState.EXPIRED)


def _deferred(session: Session, place: Place, clock: Clock) -> Ballot | None:
    return _again(session, place, clock, BallotState.DEFERRED)


def _again(session: Session, place: Place, clock: Clock, state: BallotState) -> Ballot | None:
    for ballot in _own(session, place, state):
        if ballot.repeat_no == coming.FIRST:
            ballot.place = places.take(session, film_id=ballot.film_id)
            if ballot.place is None:
                continue
        ballot.dealt_at = clock.now()
        return ballot
    return None


def _returned(session: Session, place: Place, clock: Clock) -> Ballot | None:
    if not place.protocol.design.in_between:
        return None
    query = coming.due_returns(place, now=clock.now(), limit=1)
    while (back := session.scalar(query)) is not None:
        # As much is asked as for a new case, so that a repeat or a sentinel takes as long.
        coming.new_cases(session, place, limit=1)
        one = coming.of_return(session, place, back, ordinal=place.hand.dealt)
        ballot = _deal(session, place, one, clock=clock)
        if ballot is not None:
            back.dealt, back.due_at, back.due_after = True, None, None
            return ballot
    return None


def _new(session: Session, place: Place, clock: Clock) -> Ballot | None:
    # Between the query and the taking, another physician may have filled the case: ask again.
    while found := coming.new_cases(session, place, limit=1):
        order, _film = found[0]
        one = coming.of_order(place, found[0], ordinal=place.hand.dealt)
        ballot = _deal(session, place, one, clock=clock)
        if ballot is not None:
            if order.again or place.hand.dealt % CLEAR_EVERY == 0:
                coming.clear_full(session, place)
            order.again = False
            place.hand.passed = max(place.hand.passed, order.ordinal + 1)
            return ballot
    return None


def _deal(session: Session, place: Place, one: Upcoming, *, clock: Clock) -> Ballot | None:
    """Make ``one`` a ballot; a first choice takes a place, and is none where all are taken."""
    taken = None
    if one.repeat_no == coming.FIRST:
        taken = places.take(session, film_id=one.film.id)
        if taken is None:
            return None
    else:
        places.held(session, film_id=one.film.id)
    ballot = Ballot(
        key=one.key,
        study_id=place.study.id,
        film_id=one.film.id,
        physician_id=place.physician_id,
        ordinal=one.ordinal,
        seed=design.ballot_seed(
            seed=place.study.seed,
            physician_id=place.physician_id,
            film_id=one.film.id,
            repeat_no=one.repeat_no,
        ),
        state=BallotState.LEASED,
        place=taken,
        dealt_at=clock.now(),
        repeat_no=one.repeat_no,
        kind=one.kind,
        native=one.native,
        asks_guess=one.asks_guess,
        slots=[
            Slot(position=position, candidate_id=candidate_id)
            for position, candidate_id in enumerate(one.candidates)
        ],
    )
    place.hand.dealt += 1
    place.hand.left = max(0, place.hand.left - 1)
    hands.put(place.hand, ballot, BallotState.LEASED, fresh=True)
    session.add(ballot)
    # Known, so nobody need ask for them again.
    set_committed_value(ballot, "film", one.film)
    set_committed_value(ballot, "study", place.study)
    return ballot


def ballot_for(session: Session, *, physician: User, key: str) -> Ballot:
    """Return the physician's own ballot ``key``. Raises `NotFound` for anyone else's."""
    ballot = session.scalar(_OWN, {"of_key": key, "physician": physician.id})
    if ballot is None:
        raise NotFound("There is no such ballot, or it is not yours.")
    return ballot


def extend_lease(session: Session, ballot: Ballot, *, clock: Clock) -> None:
    """Hold the ballot for another lease; one that is not in hand is left alone."""
    if ballot.state == BallotState.LEASED:
        minutes = protocol_of(ballot.study).lease_minutes
        ballot.lease_until = clock.now() + timedelta(minutes=minutes)


def under_vote(session: Session, *, user: User, pixels_sha: str, near: str) -> bool:
    """Say whether ``user`` is a physician of a study, not yet settled, that holds this film.

    So does one that holds the same view in another file (``near``: the film's near code): what a
    browser shows can be saved. A network's map of it would tell its reader whose mask is whose.
    """
    studies = (
        select(Study.id)
        .join(Member, Member.study_id == Study.id)
        .where(
            Member.user_id == user.id,
            Member.role == Role.PHYSICIAN,
            Study.state != State.SETTLED,
        )
    )
    query = select(Film.id).where(Film.pixels_sha == pixels_sha, Film.study_id.in_(studies))
    if session.scalar(query.limit(1)) is not None:
        return True
    study_ids = session.scalars(studies).all()
    return any(nearest(session, study_id=one, near=near) is not None for one in study_ids)
