"""What a ballot's page fetches and sends: film, masks, answer, lease. JSON and bytes, no HTML.

Nothing here can read an origin: these routes use the reading connection.
"""

import zlib
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from sqlalchemy.orm import Session

from app.accounts.tables import User
from app.ballots import deal
from app.ballots.ahead import upcoming, upcoming_for
from app.ballots.bundle import bundle
from app.ballots.coming import Upcoming
from app.ballots.held import held_by_others
from app.ballots.tables import Ballot
from app.conduct.answering import answer
from app.films.store import lungs_mask
from app.films.wire import film_wire
from app.masks.codec import pack_bits
from app.problems import NotFound
from app.studies.states import State
from app.studies.tables import Study
from app.votes.answers import Submission
from app.votes.own import progress
from app.votes.record import Recorded
from app.web.fields import Key
from app.web.pages.ballot_views import BallotView, coming_view, dealt_view, lease_seconds
from app.web.pages.own_study import OwnStudy, own_study
from app.web.security import HouseDep, Physician, Reading, at_once

router = APIRouter(include_in_schema=False)


def own_ballot(key: Key, session: Reading, user: Physician) -> Ballot:
    """The signed-in physician's ballot ``key``. Raises `NotFound` for anyone else's."""
    return deal.ballot_for(session, physician=user, key=key)


def own_or_coming(
    key: Key, session: Reading, user: Physician, house: HouseDep
) -> Ballot | Upcoming:
    """The physician's ballot ``key``, dealt or among the next ones. Raises `NotFound`."""
    try:
        return deal.ballot_for(session, physician=user, key=key)
    except NotFound:
        return upcoming_for(session, physician=user, key=key, clock=house.clock)


OwnBallot = Annotated[Ballot, Depends(own_ballot, scope="function")]
OwnOrComing = Annotated[Ballot | Upcoming, Depends(own_or_coming, scope="function")]

AHEAD = 3
"""How many ballots a page makes ready while its physician reads."""


class Saved(BaseModel):
    """The acknowledgement of an answer: sent only after it is committed and flushed to disk."""

    saved: bool
    key: str
    next: str
    answered: int
    later: int
    total: int
    answered_at: str
    drawing_sha256: str | None


class Done(BaseModel):
    """Nothing is left for the physician; the study's page says why."""

    done: bool = True
    study: str


class Held(BaseModel):
    """For how much longer the ballot is held; empty for one that is not in hand."""

    lease_seconds: int | None


@router.post("/studies/{key}/next")
async def next_ballot(key: Key, request: Request, house: HouseDep) -> BallotView | Done:
    """Deal the next ballot: the one in hand, as long as there is one.

    That it was dealt may be lost with the power in the next moment (a twentieth of a second; on
    PostgreSQL 0.6 seconds, and with a crash of its server): then it is dealt again, with the same
    key and slots, also to a page that answers it without asking.
    """

    def deal_next(session: Session, user: User) -> BallotView | Done:
        study = own_study(key, session, user)
        ballot = None
        if study.state == State.OPEN:
            ballot = deal.next_ballot(session, study, physician=user, clock=house.clock)
            house.counting.later(session, study=study, user=user, clock=house.clock)
        if ballot is None:
            return Done(study=without_ballot(session, study, user))
        done = progress(session, study, physician_id=user.id)
        # A ballot that is in hand has no answer that counts, and so none to show.
        return dealt_view(ballot, done, None, now=house.clock.now())

    return await at_once(request, house, deal_next, acknowledges=False)


def without_ballot(session: Session, study: Study, user: User) -> str:
    """Return the study's page where no ballot can be dealt; it tells where some are left."""
    done = progress(session, study, physician_id=user.id)
    some = done.open + done.later > 0 or held_by_others(session, study, physician=user)
    waits = some and study.state == State.OPEN
    return f"/studies/{study.key}" + ("?waits=true" if waits else "")


@router.get("/studies/{key}/ahead")
def ballots_ahead(
    study: OwnStudy, user: Physician, session: Reading, house: HouseDep
) -> list[BallotView]:
    """Tell what comes after the ballot in hand. Deals nothing, takes no place, starts no clock."""
    coming = upcoming(session, study, physician=user, count=AHEAD, clock=house.clock)
    done = progress(session, study, physician_id=user.id)
    return [coming_view(one, study, done) for one in coming]


@router.get("/ballots/{key}/film")
def ballot_film(ballot: OwnOrComing, house: HouseDep) -> Response:
    """The film's stored values and what they mean (`app.films.wire`)."""
    return Response(film_wire(house.blobs, ballot.film), media_type="application/octet-stream")


@router.get("/ballots/{key}/bundle")
def ballot_bundle(ballot: OwnOrComing, house: HouseDep, session: Reading) -> Response:
    """All candidates of the ballot as one stream (`app.ballots.bundle`)."""
    data = bundle(session, house.blobs, ballot)
    return Response(data, media_type="application/octet-stream")


@router.get("/ballots/{key}/lungs")
def ballot_lungs(ballot: OwnOrComing, house: HouseDep) -> Response:
    """The film's lung mask: packed bits at native size, compressed (zlib). Raises `NotFound`."""
    packed = pack_bits(lungs_mask(house.blobs, ballot.film))
    return Response(zlib.compress(packed, 6), media_type="application/octet-stream")


@router.post("/ballots/{key}/answers", status_code=201)
async def ballot_answer(key: Key, request: Request, house: HouseDep, response: Response) -> Saved:
    """Record an answer; 201 the first time, 200 when the same submission comes again."""
    body = await request.body()

    def take(session: Session, user: User) -> tuple[Saved, bool]:
        ballot = own_ballot(key, session, user)
        recorded = answer(session, ballot=ballot, sent=_submission(body), clock=house.clock)
        return _saved(session, ballot, recorded), recorded.fresh

    saved, fresh = await at_once(request, house, take)
    response.status_code = 201 if fresh else 200
    return saved


def _submission(body: bytes) -> Submission:
    # Read after the sign-in: a stranger is told nothing of what a body should hold.
    try:
        return Submission.model_validate_json(body)
    except ValidationError as error:
        found = [{**one, "loc": ("body", *one["loc"])} for one in error.errors()]
        raise RequestValidationError(found) from error


def _saved(session: Session, ballot: Ballot, recorded: Recorded) -> Saved:
    done = progress(session, ballot.study, physician_id=ballot.physician_id)
    return Saved(
        saved=True,
        key=ballot.key,
        next=f"/studies/{ballot.study.key}/next",
        answered=done.answered,
        later=done.later,
        total=done.total,
        answered_at=recorded.vote.answered_at.isoformat(),
        drawing_sha256=recorded.vote.drawing.bits_sha256 if recorded.vote.drawing else None,
    )


@router.post("/ballots/{key}/lease")
def ballot_lease(ballot: OwnBallot, session: Reading, house: HouseDep) -> Held:
    """Hold the ballot for another lease: the page asks while the physician is still at it."""
    deal.extend_lease(session, ballot, clock=house.clock)
    return Held(lease_seconds=lease_seconds(ballot, now=house.clock.now()))
