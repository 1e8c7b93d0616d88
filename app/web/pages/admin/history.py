"""Who did what to a study, and when."""

from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter, Request, Response

from app.conduct.watching import count_history, history
from app.web.pages.admin.history_views import EventRow, event_row
from app.web.pages.admin.own_study import OwnStudy, PageNumber, address_of
from app.web.paging import Paging
from app.web.render import render
from app.web.security import Full

router = APIRouter(prefix="/admin/studies/{key}/history", include_in_schema=False)


@dataclass(frozen=True)
class HistoryPage:
    """The acts on a study, newest first."""

    template: ClassVar[str] = "admin/history.html"

    study: str
    address: str
    rows: list[EventRow]
    paging: Paging


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
