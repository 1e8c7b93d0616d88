"""Who did what to a study, and when."""

from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter, Request, Response

from app.accounts.tables import AuditEvent
from app.conduct.watching import count_history, history
from app.web.pages.admin.own_study import OwnStudy, PageNumber, address_of
from app.web.paging import Paging
from app.web.render import render
from app.web.security import Full
from app.web.words import when
from app.words import N_
from app.words.speaking import _

router = APIRouter(prefix="/admin/studies/{key}/history", include_in_schema=False)

ACTS = {
    "study-made": N_("study made"),
    "study-simulated": N_("study simulated"),
    "member-added": N_("member added"),
    "member-removed": N_("member removed"),
    "import-started": N_("import started"),
    "import-cancelled": N_("import cancelled"),
    "import-resumed": N_("import resumed"),
    "propose-started": N_("propose started"),
    "propose-cancelled": N_("propose cancelled"),
    "propose-resumed": N_("propose resumed"),
    "opened": N_("opened"),
    "locked": N_("locked"),
    "reopened": N_("reopened"),
    "settled": N_("settled"),
    "report-unblinded": N_("report unblinded"),
    "export-started": N_("export started"),
    "export-cancelled": N_("export cancelled"),
    "export-resumed": N_("export resumed"),
    "export-downloaded": N_("export downloaded"),
}


@dataclass(frozen=True)
class EventRow:
    """One act."""

    at: str
    who: str
    action: str
    detail: str


@dataclass(frozen=True)
class HistoryPage:
    """The acts on a study, newest first."""

    template: ClassVar[str] = "admin/history.html"

    study: str
    address: str
    rows: list[EventRow]
    paging: Paging


def event_row(event: AuditEvent, who: str) -> EventRow:
    """Return what the list shows of ``event``."""
    act = _(ACTS.get(event.action, event.action.replace("-", " ")))
    return EventRow(when(event.at), who, act, event.detail)


@router.get("")
def show_history(
    request: Request, study: OwnStudy, session: Full, page: PageNumber = 1
) -> Response:
    """Show one page of the acts."""
    address = address_of(study)
    paging = Paging(total=count_history(session, study), number=page, address=f"{address}/history")
    events = history(session, study, offset=paging.offset, limit=paging.size)
    rows = [event_row(event, who) for event, who in events]
    shown = HistoryPage(study=study.name, address=address, rows=rows, paging=paging)
    return render(request, HistoryPage.template, shown)
