"""Cancelling and resuming a study's runs."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi.responses import RedirectResponse

from app.runs import runs
from app.runs.tables import Run
from app.web.fields import RowId
from app.web.pages.admin.own_study import OwnStudy, address_of, note
from app.web.security import Admin, Full, HouseDep

router = APIRouter(prefix="/admin/studies/{key}/runs/{run_id}", include_in_schema=False)


def own_run(run_id: RowId, study: OwnStudy, session: Full) -> Run:
    """The run of the admin's own study. Raises `NotFound`."""
    return runs.run_of(session, study_id=study.id, run_id=run_id)


OwnRun = Annotated[Run, Depends(own_run, scope="function")]


@router.post("/cancel")
def cancel(study: OwnStudy, run: OwnRun, admin: Admin, house: HouseDep, session: Full) -> Response:
    """Stop the run after the film in hand; what it has done stays."""
    runs.cancel(session, run, clock=house.clock)
    note(session, house, admin=admin, study=study, action=f"{run.kind}-cancelled")
    return RedirectResponse(address_of(study), status_code=303)


@router.post("/resume")
def resume(study: OwnStudy, run: OwnRun, admin: Admin, house: HouseDep, session: Full) -> Response:
    """Go on with what is missing. Raises `RunRefused` for a run that is not stopped."""
    runs.resume(session, run)
    note(session, house, admin=admin, study=study, action=f"{run.kind}-resumed")
    return RedirectResponse(address_of(study), status_code=303)
