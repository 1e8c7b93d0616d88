"""A study's report, for programs of its admins."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from app.accounts.tables import User
from app.accounts.users import record
from app.reports.gather import gather
from app.reports.report import report, require_unblinded
from app.reports.votes_table import as_csv
from app.studies.states import State
from app.studies.tables import Study
from app.web.api.own_study import OwnStudy
from app.web.api.problems import problems
from app.web.house import House
from app.web.security import AdminProgram, Full, HouseDep

router = APIRouter(prefix="/api/v1/studies/{key}", tags=["reports"], responses=problems(403, 404))

Asked = Annotated[bool, Query(description="Tell sources although the study is not settled.")]


@router.get("/report", summary="Show a study's report")
def show_report(
    study: OwnStudy, user: AdminProgram, house: HouseDep, session: Full, unblinded: Asked = False
) -> dict[str, Any]:
    """Return the report; `unblinded` is null before the study is settled, unless asked for."""
    _keep(house, user, study, asked=unblinded, what="report")
    return report(session, house.blobs, study, clock=house.clock, asked=unblinded).said()


@router.get(
    "/report/votes.csv",
    summary="Download a study's votes",
    response_class=Response,
    responses=problems(409) | {200: {"content": {"text/csv": {}}}},
)
def download_votes(
    study: OwnStudy, user: AdminProgram, house: HouseDep, session: Full, unblinded: Asked = False
) -> Response:
    """Send one row a vote, with sources: of a settled study, or where it is asked for."""
    require_unblinded(study, asked=unblinded)
    _keep(house, user, study, asked=unblinded, what="votes.csv")
    return Response(as_csv(gather(session, study)), media_type="text/csv; charset=utf-8")


def _keep(house: House, user: User, study: Study, *, asked: bool, what: str) -> None:
    if asked and study.state != State.SETTLED:
        with house.sessions.begin() as apart:
            record(
                apart,
                user=user,
                action="report-unblinded",
                subject=study.key,
                clock=house.clock,
                detail=f"{what} (API)",
            )
