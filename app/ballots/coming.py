"""What a physician is dealt next, before it is dealt: the one place that knows the order.

What is due comes first (films that come back, and sentinels), then new cases in the stored order.
`app.ballots.deal` deals the first of them and `app.ballots.ahead` shows some, so both name the same
ballots with the same slots.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, Row, Select, bindparam, exists, or_, select, update
from sqlalchemy.orm import Session

from app.ballots import design, sentinels
from app.ballots.states import BallotKind
from app.ballots.tables import Ballot, Case, CaseOrder, Hand, Return
from app.films.tables import Film
from app.studies.protocol import Protocol
from app.studies.tables import Study

SENTINEL = sentinels.REPEAT_NO
BLANK = -1
FIRST = 0
CLEARED = 200

# Asked for every ballot, so put together once. The number stands in the statement itself: not
# knowing it, PostgreSQL would plan the statement anew each time.
_OPEN = (
    select(CaseOrder, Film)
    .join(Case, Case.film_id == CaseOrder.film_id)
    .join(Film, Film.id == CaseOrder.film_id)
    .where(
        CaseOrder.study_id == bindparam("study"),
        CaseOrder.physician_id == bindparam("physician"),
        or_(Case.taken < Case.wanted, CaseOrder.blank),
        ~exists().where(
            Ballot.film_id == CaseOrder.film_id, Ballot.physician_id == bindparam("physician")
        ),
    )
    .order_by(CaseOrder.ordinal)
    .limit(bindparam("most", type_=Integer, literal_execute=True))
)
_AGAIN = _OPEN.where(CaseOrder.again)
_AHEAD = _OPEN.where(CaseOrder.ordinal >= bindparam("passed"), ~CaseOrder.again)
_FILM = select(Film).where(Film.id == bindparam("of_film"))


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
    """Where a physician stands in a study.

    ``again`` is false where none of the cases is known to have come open again.
    """

    study: Study
    protocol: Protocol
    physician_id: int
    hand: Hand
    again: bool = True


Fresh = tuple[CaseOrder, Film]


def new_cases(session: Session, place: Place, *, limit: int) -> list[Fresh]:
    """Return the physician's next cases that were never dealt and want an answer, or a drawing.

    Those that came open again stand before the mark, so they come first, and all come in the order
    of their ordinals. Where nothing is left ahead, all open cases are looked through: an opening
    that was not marked, because two physicians passed at the same moment, is found here.
    """
    asked = {"study": place.study.id, "physician": place.physician_id}
    found: list[Fresh] = []
    if place.again:
        found += map(_pair, session.execute(_AGAIN, {**asked, "most": limit}))
    if len(found) < limit:
        asked |= {"passed": place.hand.passed, "most": limit - len(found)}
        found += map(_pair, session.execute(_AHEAD, asked))
    return found or _anywhere(session, place, limit=limit)


def _pair(row: Row[CaseOrder, Film]) -> Fresh:
    return row[0], row[1]


def clear_full(session: Session, place: Place) -> None:
    """Forget cases that came open again and are full again, or dealt, at the order's start."""
    own = (CaseOrder.study_id == place.study.id) & (CaseOrder.physician_id == place.physician_id)
    first = (
        select(CaseOrder.ordinal)
        .where(own, CaseOrder.again)
        .order_by(CaseOrder.ordinal)
        .limit(CLEARED)
    )
    wants = exists().where(Case.film_id == CaseOrder.film_id, Case.taken < Case.wanted)
    session.execute(
        update(CaseOrder)
        .where(own, CaseOrder.ordinal.in_(first), ~wants, ~CaseOrder.blank)
        .values(again=False)
        .execution_options(synchronize_session=False)
    )


def _anywhere(session: Session, place: Place, *, limit: int) -> list[Fresh]:
    """Look through the study's open cases instead of the physician's order: few are left."""
    own = exists().where(Ballot.film_id == Case.film_id, Ballot.physician_id == place.physician_id)
    mine = (CaseOrder.study_id == place.study.id) & (CaseOrder.physician_id == place.physician_id)
    mine_too = exists().where(mine, CaseOrder.film_id == Case.film_id)
    wanting = select(Case.film_id).where(
        Case.study_id == place.study.id, Case.taken < Case.wanted, ~own, mine_too
    )
    films = session.scalars(wanting.limit(limit)).all()
    orders = (
        select(CaseOrder, Film)
        .join(Film, Film.id == CaseOrder.film_id)
        .where(mine, CaseOrder.film_id.in_(films))
        .order_by(CaseOrder.ordinal)
    )
    return list(map(_pair, session.execute(orders)))


def due_returns(place: Place, *, now: datetime, limit: int, soon: int = 0) -> Select[Return]:
    """Select the films that are due to come back, by whichever washout ended first; and sentinels.

    Those too that will be due once ``soon`` more ballots were dealt.
    """
    return (
        select(Return)
        .outerjoin(Case, Case.film_id == Return.film_id)
        .where(
            Return.study_id == place.study.id,
            Return.physician_id == place.physician_id,
            or_(Return.due_after <= place.hand.dealt + soon, Return.due_at <= now),
            or_(Return.repeat_no != FIRST, Case.taken < Case.wanted),
        )
        .order_by(Return.due_after, Return.film_id)
        .limit(limit)
    )


def of_order(place: Place, fresh: Fresh, *, ordinal: int) -> Upcoming:
    """Return the ballot that a new case makes: a choice, or a blank film to draw on."""
    order, film = fresh
    if order.blank:
        return _upcoming(place, film, ordinal=ordinal, repeat_no=BLANK, candidates=())
    return _upcoming(
        place, film, ordinal=ordinal, repeat_no=FIRST, candidates=tuple(order.candidates)
    )


def of_return(session: Session, place: Place, back: Return, *, ordinal: int) -> Upcoming:
    """Return the ballot of a film that comes back, or of a sentinel."""
    film = session.scalars(_FILM, {"of_film": back.film_id}).one()
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
