"""A study's proposals: which networks, and the run that computes what is missing."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from app.conduct.founding import choose_networks
from app.conduct.opening import readiness
from app.conduct.proposing import PROPOSE, start_propose
from app.problems import Problem
from app.studies.states import State
from app.studies.tables import Study
from app.web.fields import Line
from app.web.house import House
from app.web.pages.admin.new_study import offered
from app.web.pages.admin.own_study import OwnStudy, address_of, note
from app.web.pages.admin.propose_views import ProposePage, propose_page
from app.web.pages.admin.runs_views import latest_card
from app.web.render import render
from app.web.security import Admin, Full, HouseDep

router = APIRouter(prefix="/admin/studies/{key}/propose", include_in_schema=False)


class ProposeForm(BaseModel):
    """The chosen networks; a study that is open keeps those it has."""

    networks: Annotated[list[Line], Field(max_length=100)] = []


@router.get("")
def show_proposals(request: Request, study: OwnStudy, house: HouseDep, session: Full) -> Response:
    """Show the networks, what is missing and the run in hand."""
    return _proposals(request, house, session, study)


def _proposals(
    request: Request,
    house: House,
    session: Session,
    study: Study,
    refused: Problem | None = None,
) -> Response:
    networks, networks_refused = offered(house)
    page = propose_page(
        study,
        networks=networks,
        networks_refused=networks_refused,
        ready=readiness(session, study, for_a_page=True),
        run=latest_card(session, house, study, kind=PROPOSE),
        refused=refused,
    )
    return render(request, ProposePage.template, page, status=refused.status if refused else 200)


@router.post("")
def propose(
    request: Request,
    form: Annotated[ProposeForm, Form()],
    study: OwnStudy,
    admin: Admin,
    house: HouseDep,
    session: Full,
) -> Response:
    """Set a draft's networks and start the run that computes what is missing."""
    try:
        with session.begin_nested():
            if study.state == State.DRAFT:
                models = house.settings.models
                choose_networks(session, study, names=form.networks, models=models)
            start_propose(session, study, admin=admin, clock=house.clock)
    except Problem as refused:
        return _proposals(request, house, session, study, refused)
    detail = ", ".join(study.networks)
    note(session, house, admin=admin, study=study, action="propose-started", detail=detail)
    return RedirectResponse(f"{address_of(study)}/propose", status_code=303)
