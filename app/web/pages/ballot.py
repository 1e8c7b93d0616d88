"""What a ballot's page fetches and sends: film, masks, answer, lease. JSON and bytes, no HTML.

Nothing here can read an origin: these routes use the reading connection.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel

from app.ballots import deal
from app.ballots.bundle import bundle
from app.ballots.tables import Ballot
from app.conduct.answering import answer
from app.films.wire import film_wire
from app.votes.answers import Submission
from app.votes.own import progress
from app.web.fields import Key
from app.web.security import HouseDep, Physician, Reading

router = APIRouter(include_in_schema=False)


def own_ballot(key: Key, session: Reading, user: Physician) -> Ballot:
    """The signed-in physician's ballot ``key``. Raises `NotFound` for anyone else's."""
    return deal.ballot_for(session, physician=user, key=key)


OwnBallot = Annotated[Ballot, Depends(own_ballot, scope="function")]


class Saved(BaseModel):
    """The acknowledgement of an answer: sent only after it is committed and flushed to disk."""

    saved: bool
    key: str
    next: str
    answered: int
    total: int
    drawing_sha256: str | None


@router.get("/ballots/{key}/film")
def ballot_film(ballot: OwnBallot, house: HouseDep) -> Response:
    """The film's stored values and what they mean (`app.films.wire`)."""
    return Response(film_wire(house.blobs, ballot.film), media_type="application/octet-stream")


@router.get("/ballots/{key}/bundle")
def ballot_bundle(ballot: OwnBallot, house: HouseDep, session: Reading) -> Response:
    """All candidates of the ballot as one stream (`app.ballots.bundle`)."""
    data = bundle(session, house.blobs, ballot)
    return Response(data, media_type="application/octet-stream")


@router.post("/ballots/{key}/answers", status_code=201)
def ballot_answer(
    sent: Submission, ballot: OwnBallot, session: Reading, house: HouseDep, response: Response
) -> Saved:
    """Record an answer; 201 the first time, 200 when the same submission comes again."""
    recorded = answer(session, ballot=ballot, sent=sent, clock=house.clock)
    response.status_code = 201 if recorded.fresh else 200
    done = progress(session, ballot.study, physician_id=ballot.physician_id)
    return Saved(
        saved=True,
        key=ballot.key,
        next=f"/studies/{ballot.study.key}/next",
        answered=done.answered,
        total=done.total,
        drawing_sha256=recorded.vote.drawing.bits_sha256 if recorded.vote.drawing else None,
    )


@router.post("/ballots/{key}/lease", status_code=204)
def ballot_lease(ballot: OwnBallot, session: Reading, house: HouseDep) -> None:
    """Hold the ballot for another lease: the page asks while the physician is still at it."""
    deal.extend_lease(session, ballot, clock=house.clock)
