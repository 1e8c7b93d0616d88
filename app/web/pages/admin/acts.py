"""The acts that move a study on: open, lock, open again, settle. Each is asked for first."""

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from app.conduct import opening, watching
from app.conduct.planting import prepare_opening
from app.studies.states import State, require
from app.studies.studies import move
from app.studies.tables import Study
from app.web.fields import Key
from app.web.pages.admin import acts_views as views
from app.web.pages.admin.confirming import ConfirmPage
from app.web.pages.admin.own_study import OwnStudy, address_of, note, own_study
from app.web.render import render
from app.web.security import Admin, Full, HouseDep
from app.web.security import admin as signed_in_admin

router = APIRouter(prefix="/admin/studies/{key}", include_in_schema=False)


def _back(study: Study, *, done: str) -> Response:
    return RedirectResponse(f"{address_of(study)}?done={done}", status_code=303)


@router.get("/open")
def ask_open(request: Request, study: OwnStudy, session: Full) -> Response:
    """Ask before the study is opened. Raises `NotReady`."""
    require(study.state, State.DRAFT, State.OPEN)
    ready = opening.readiness(session, study)
    page = views.ask_open(study, ready, watching.answers(session, [study])[study.id])
    return render(request, ConfirmPage.template, page)


def plant_first(request: Request, key: Key, house: HouseDep) -> None:
    """Make the sentinels that are lacking, before the request's own session lets others wait."""
    with house.sessions() as session:
        session.connection(execution_options={"sqlite_begin": "DEFERRED"})
        study = own_study(key, signed_in_admin(request, house, session), session)
        require(study.state, State.DRAFT, State.OPEN)
    prepare_opening(house.sessions, house.blobs, study_id=study.id, clock=house.clock)


@router.post("/open", dependencies=[Depends(plant_first)])
def open_study(study: OwnStudy, admin: Admin, house: HouseDep, session: Full) -> Response:
    """Open the study, or deal what was added to an open one. Raises `NotReady`."""
    require(study.state, State.DRAFT, State.OPEN)
    cases = opening.open_study(session, house.blobs, study, clock=house.clock)
    note(session, house, admin=admin, study=study, action="opened", detail=f"{cases} new cases")
    return _back(study, done="opened")


@router.get("/lock")
def ask_lock(request: Request, study: OwnStudy, session: Full) -> Response:
    """Ask before the study is locked."""
    require(study.state, State.OPEN)
    page = views.ask_lock(study, watching.answers(session, [study])[study.id])
    return render(request, ConfirmPage.template, page)


@router.post("/lock")
def lock_study(study: OwnStudy, admin: Admin, house: HouseDep, session: Full) -> Response:
    """Lock the study."""
    opening.lock_study(study, clock=house.clock)
    note(session, house, admin=admin, study=study, action="locked")
    return _back(study, done="locked")


@router.get("/reopen")
def ask_reopen(request: Request, study: OwnStudy) -> Response:
    """Ask before the study is opened again."""
    require(study.state, State.LOCKED)
    return render(request, ConfirmPage.template, views.ask_reopen(study))


@router.post("/reopen")
def reopen_study(study: OwnStudy, admin: Admin, house: HouseDep, session: Full) -> Response:
    """Open a locked study again, as it was."""
    require(study.state, State.LOCKED)
    move(study, to=State.OPEN, clock=house.clock)
    note(session, house, admin=admin, study=study, action="reopened")
    return _back(study, done="reopened")


@router.get("/settle")
def ask_settle(request: Request, study: OwnStudy, session: Full) -> Response:
    """Ask before the study is settled."""
    require(study.state, State.LOCKED)
    page = views.ask_settle(study, watching.answers(session, [study])[study.id])
    return render(request, ConfirmPage.template, page)


@router.post("/settle")
def settle_study(study: OwnStudy, admin: Admin, house: HouseDep, session: Full) -> Response:
    """Settle the study."""
    outcomes = opening.settle(session, study, clock=house.clock)
    detail = ", ".join(f"{number} {outcome}" for outcome, number in sorted(outcomes.items()))
    note(session, house, admin=admin, study=study, action="settled", detail=detail)
    return _back(study, done="settled")
