"""A study's report: progress at any time, the rest once it is settled or on demand."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from app.accounts.tables import User
from app.reports.gather import gather
from app.reports.report import report, require_unblinded
from app.reports.sheet import illustrated
from app.reports.votes_table import as_csv
from app.studies.states import State
from app.studies.tables import Study
from app.web.house import House
from app.web.pages.admin.own_study import OwnStudy, address_of, note_apart
from app.web.pages.admin.reports_views import ReportPage
from app.web.render import render
from app.web.security import Admin, Full, HouseDep

router = APIRouter(prefix="/admin/studies/{key}", include_in_schema=False)

Asked = Annotated[Literal["yes", ""], Query()]


@router.get("/report")
def show_report(
    request: Request,
    study: OwnStudy,
    admin: Admin,
    house: HouseDep,
    session: Full,
    unblinded: Asked = "",
) -> Response:
    """Show the report; of a study that is not settled its progress alone, unless asked for more."""
    asked = unblinded == "yes"
    _keep(house, admin, study, asked=asked, what="page")
    _, page = illustrated(session, house.blobs, study, clock=house.clock, asked=asked)
    address, more = f"{address_of(study)}/report", "?unblinded=yes" if asked else ""
    shown = ReportPage(
        address=address_of(study),
        csv=f"{address}/votes.csv{more}",
        json=f"{address}/report.json{more}",
        report=page,
    )
    return render(request, ReportPage.template, shown)


@router.get("/report/votes.csv")
def download_votes(
    study: OwnStudy, admin: Admin, house: HouseDep, session: Full, unblinded: Asked = ""
) -> Response:
    """Send one row a vote. Raises `StillBlind` unless the study is settled or it is asked for."""
    require_unblinded(study, asked=unblinded == "yes")
    _keep(house, admin, study, asked=unblinded == "yes", what="votes.csv")
    return Response(
        as_csv(gather(session, study)),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{study.key}-votes.csv"'},
    )


@router.get("/report/report.json")
def download_report(
    study: OwnStudy, admin: Admin, house: HouseDep, session: Full, unblinded: Asked = ""
) -> Response:
    """Send the report for programs, as far as it may be told."""
    asked = unblinded == "yes"
    _keep(house, admin, study, asked=asked, what="report.json")
    return JSONResponse(report(session, house.blobs, study, clock=house.clock, asked=asked).said())


def _keep(house: House, admin: User, study: Study, *, asked: bool, what: str) -> None:
    """Keep in the history that sources were looked at before the study was settled."""
    if asked and study.state != State.SETTLED:
        note_apart(house, admin=admin, study=study, action="report-unblinded", detail=what)
