"""An admin's own studies, and the page of one."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from app.accounts.roles import Role
from app.conduct import watching
from app.conduct.exporting import EXPORT
from app.conduct.importing import IMPORT
from app.conduct.opening import readiness
from app.conduct.proposing import PROPOSE
from app.exports.exports import exports_of
from app.studies.studies import count_studies_of, studies_of
from app.studies.tables import Study
from app.web.house import House
from app.web.pages.admin.own_study import OwnStudy, PageNumber
from app.web.pages.admin.runs_views import RunCard, latest_card
from app.web.pages.admin.studies_views import StudiesPage, StudyPage, study_page, study_row
from app.web.paging import Paging
from app.web.render import render
from app.web.security import Admin, Full, HouseDep
from app.words import N_
from app.words.speaking import _

router = APIRouter(prefix="/admin", include_in_schema=False)

DONE = {
    "opened": N_("The study is open: its physicians see it from now on."),
    "locked": N_("The study is locked: no more answers are taken."),
    "reopened": N_("The study is open again."),
    "settled": N_("The study is settled: every case has its outcome."),
}


@router.get("")
def home(admin: Admin) -> Response:
    """Lead to the list."""
    return RedirectResponse("/admin/studies", status_code=303)


@router.get("/studies")
def show_studies(request: Request, admin: Admin, session: Full, page: PageNumber = 1) -> Response:
    """Show one page of the admin's own studies."""
    total = count_studies_of(session, user=admin, role=Role.ADMIN)
    paging = Paging(total=total, number=page, address="/admin/studies")
    studies, _total = studies_of(
        session, user=admin, role=Role.ADMIN, offset=paging.offset, limit=paging.size
    )
    answers = watching.answers(session, studies)
    rows = [study_row(study, answers[study.id]) for study in studies]
    return render(request, StudiesPage.template, StudiesPage(rows=rows, paging=paging))


@router.get("/studies/{key}")
def show_study(
    request: Request, study: OwnStudy, house: HouseDep, session: Full, done: str = ""
) -> Response:
    """Show where the study stands and what comes next."""
    page = study_page(
        study,
        ready=readiness(session, study, for_a_page=True),
        answers=watching.answers(session, [study])[study.id],
        physicians=watching.physicians(session, study),
        runs=_runs(session, house, study),
        exports=len(exports_of(session, study)),
        unlike=watching.unlike(session, study),
        done=_(DONE.get(done, "")),
    )
    return render(request, StudyPage.template, page)


def _runs(session: Session, house: House, study: Study) -> list[RunCard]:
    """Return the runs that are in hand or were stopped; those that are done need no word."""
    cards = (latest_card(session, house, study, kind=kind) for kind in (IMPORT, PROPOSE, EXPORT))
    return [card for card in cards if card is not None and (card.unfinished or card.resumable)]
