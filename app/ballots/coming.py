"""What a physician is dealt next, before it is dealt: the one place that knows the order.

Due returns come first, then new cases in the stored order. `app.ballots.deal` deals the first of
them and `app.ballots.ahead` shows some, so both name the same ballots with the same slots.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session

from app.ballots import design
from app.ballots.states import BallotKind
from app.ballots.tables import Ballot, Case, CaseOrder, Hand, Return
from app.films.tables import Film
from app.studies.protocol import Protocol
from app.studies.tables import Study

BLANK = -1
FIRST = 0


@dataclass(frozen=True)
class Upcoming:
    """A ballot that may be dealt next. All but ``ordinal`` stays the same when it is dealt.

    ``candidates`` lists the candidates' ids in slot order. Nothing of ``repeat_no`` goes over the
    wire.
    """

    key: str
    film: Film
    ordinal: int
    kind: BallotKind
    native: bool
    asks_guess: bool
    candidates: tuple[int, ...]
    repeat_no: int = FIRST


@dataclass(frozen=True)
class Place:
    """Where a physician stands in a study."""

    study: Study
    protocol: Protocol
    physician_id: int
    hand: Hand


def new_cases(place: Place, *, limit: int) -> Select[CaseOrder]:
    """Select the physician's cases that were never dealt and want an answer, or a drawing."""
    own = exists().where(
        Ballot.film_id == CaseOrder.film_id, Ballot.physician_id == place.physician_id
    )
    return (
        select(CaseOrder)
        .join(Case, Case.film_id == CaseOrder.film_id)
        .where(
            CaseOrder.study_id == place.study.id,
            CaseOrder.physician_id == place.physician_id,
            or_(Case.taken < Case.wanted, CaseOrder.blank),
            ~own,
        )
        .order_by(CaseOrder.ordinal)
        .limit(limit)
    )


def due_returns(place: Place, *, now: datetime, limit: int) -> Select[Return]:
    """Select the films that are due to come back, by whichever washout ended first."""
    return (
        select(Return)
        .join(Case, Case.film_id == Return.film_id)
        .where(
            Return.study_id == place.study.id,
            Return.physician_id == place.physician_id,
            or_(Return.due_after <= place.hand.dealt, Return.due_at <= now),
            or_(Return.repeat_no > FIRST, Case.taken < Case.wanted),
        )
        .order_by(Return.due_after, Return.film_id)
        .limit(limit)
    )


def of_order(session: Session, place: Place, order: CaseOrder, *, ordinal: int) -> Upcoming:
    """Return the ballot that a new case makes: a choice, or a blank film to draw on."""
    film = session.get_one(Film, order.film_id)
    if order.blank:
        return _upcoming(place, film, ordinal=ordinal, repeat_no=BLANK, candidates=())
    return _upcoming(
        place, film, ordinal=ordinal, repeat_no=FIRST, candidates=tuple(order.candidates)
    )


def of_return(session: Session, place: Place, back: Return, *, ordinal: int) -> Upcoming:
    """Return the ballot of a film that comes back."""
    film = session.get_one(Film, back.film_id)
    return _upcoming(
        place, film, ordinal=ordinal, repeat_no=back.repeat_no, candidates=tuple(back.candidates)
    )


def of_ballot(ballot: Ballot) -> Upcoming:
    """Return a ballot that was dealt before and comes again."""
    return Upcoming(
        key=ballot.key,
        film=ballot.film,
        ordinal=ballot.ordinal,
        kind=BallotKind(ballot.kind),
        native=ballot.native,
        asks_guess=ballot.asks_guess,
        candidates=tuple(slot.candidate_id for slot in ballot.slots),
        repeat_no=ballot.repeat_no,
    )


def _upcoming(
    place: Place, film: Film, *, ordinal: int, repeat_no: int, candidates: tuple[int, ...]
) -> Upcoming:
    seed, reader = place.study.seed, place.physician_id
    blank = repeat_no == BLANK
    ballot = (reader, film.id, repeat_no)
    native = place.protocol.display.native_share
    guess = place.protocol.questions.guess_share
    return Upcoming(
        key=design.ballot_key(seed=seed, physician_id=reader, film_id=film.id, repeat_no=repeat_no),
        film=film,
        ordinal=ordinal,
        kind=BallotKind.BLANK if blank else BallotKind.CHOICE,
        native=not blank and design.chance(native, seed, "native", *ballot),
        asks_guess=not blank and design.chance(guess, seed, "guess", *ballot),
        candidates=candidates,
        repeat_no=repeat_no,
    )
