"""The physician's pages: own studies, one study, the next ballot, a ballot."""

import zlib
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from app.accounts.preferences import has_practised
from app.accounts.roles import Role
from app.accounts.tables import User
from app.ballots import deal
from app.ballots.coming import Upcoming
from app.masks.codec import from_png, pack_bits
from app.problems import NotFound
from app.studies.states import State
from app.studies.studies import studies_of
from app.studies.tables import Study
from app.votes.own import newest_vote, own_answers, progress
from app.votes.record import StudyClosed
from app.web.pages.ballot import OwnBallot, OwnOrComing, without_ballot
from app.web.pages.ballot_views import BallotPage, ballot_page, dealt_view
from app.web.pages.own_study import OwnStudy
from app.web.pages.physician_views import (
    HomePage,
    StudyCard,
    StudyPage,
    study_card,
    study_page,
)
from app.web.paging import Paging
from app.web.render import render
from app.web.security import HouseDep, Physician, Reading, SignedIn, writes

router = APIRouter(include_in_schema=False)

PageNumber = Annotated[int, Query(alias="page", ge=1, le=1_000_000)]
CARDS = 12
ROWS = 50


def _card(session: Session, study: Study, user: User) -> StudyCard:
    return study_card(study, progress(session, study, physician_id=user.id))


@router.get("/")
def home(request: Request, user: SignedIn, session: Reading, number: PageNumber = 1) -> Response:
    """Show a physician's own studies; send an admin to the admin's."""
    if user.role != Role.PHYSICIAN:
        return RedirectResponse("/admin", status_code=303)
    offset = (number - 1) * CARDS
    studies, total = studies_of(session, user=user, role=Role.PHYSICIAN, offset=offset, limit=CARDS)
    paging = Paging(total=total, number=number, address="/", size=CARDS)
    if number != paging.current:
        return RedirectResponse(paging.url(paging.current), status_code=303)
    cards = [_card(session, study, user) for study in studies]
    practised = has_practised(session, user=user)
    page = HomePage(reader=user.name, studies=cards, paging=paging, practised=practised)
    return render(request, HomePage.template, page)


@router.get("/studies/{key}")
def show_study(
    request: Request,
    study: OwnStudy,
    user: Physician,
    session: Reading,
    number: PageNumber = 1,
    waits: bool = False,
) -> Response:
    """Show how far the physician is, and the own answers; ``waits``: none can be dealt yet."""
    offset = (number - 1) * ROWS
    rows, total = own_answers(session, study, physician_id=user.id, offset=offset, limit=ROWS)
    paging = Paging(total=total, number=number, address=f"/studies/{study.key}", size=ROWS)
    if number != paging.current:
        return RedirectResponse(paging.url(paging.current), status_code=303)
    answers = [(row[0], row[1]) for row in rows]
    page = study_page(user, _card(session, study, user), answers, paging, waits=waits)
    return render(request, StudyPage.template, page)


@router.get("/studies/{key}/next")
@writes
def next_ballot(
    study: OwnStudy, user: Physician, session: Reading, house: HouseDep
) -> RedirectResponse:
    """Deal the next ballot; where none is left, or the study is closed, show the study."""
    ballot = None
    if study.state == State.OPEN:
        ballot = deal.next_ballot(session, study, physician=user, clock=house.clock)
        house.counting.later(session, study=study, user=user, clock=house.clock)
    to = without_ballot(session, study, user) if ballot is None else f"/ballots/{ballot.key}"
    return RedirectResponse(to, status_code=303)


@router.get("/ballots/{key}")
def show_ballot(
    request: Request, ballot: OwnOrComing, user: Physician, session: Reading, house: HouseDep
) -> Response:
    """Show a ballot, to be answered or answered again. Raises `StudyClosed`.

    A page shows the next ballot before it is dealt; loaded anew, it asks for the next one.
    """
    if isinstance(ballot, Upcoming):
        study = session.get_one(Study, ballot.film.study_id)
        return RedirectResponse(f"/studies/{study.key}/next", status_code=303)
    if ballot.study.state != State.OPEN:
        raise StudyClosed(
            "The study takes no answers any more.", cure="Your answers stand as you gave them."
        )
    done = progress(session, ballot.study, physician_id=user.id)
    view = dealt_view(ballot, done, newest_vote(session, ballot), now=house.clock.now())
    page = ballot_page(user, study_card(ballot.study, done), view)
    return render(request, BallotPage.template, page)


@router.get("/ballots/{key}/drawing")
def ballot_drawing(ballot: OwnBallot, session: Reading) -> Response:
    """The physician's own newest drawing: packed bits at native size, compressed (zlib)."""
    vote = newest_vote(session, ballot)
    if vote is None or vote.drawing is None:
        raise NotFound("Nothing was drawn on this ballot.")
    mask = from_png(vote.drawing.mask_png, max_pixels=ballot.film.native_h * ballot.film.native_w)
    return Response(zlib.compress(pack_bits(mask), 6), media_type="application/octet-stream")
