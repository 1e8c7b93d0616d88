"""A settled study's exports: made in the background, listed, downloaded."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, RedirectResponse

from app.conduct.exporting import EXPORT, lies_here, packed_of, start_export
from app.exports.exports import exports_of
from app.studies.states import State
from app.web.fields import RowId
from app.web.pages.admin.exports_views import ExportsPage, export_row
from app.web.pages.admin.own_study import OwnStudy, address_of, note, note_apart
from app.web.pages.admin.runs_views import latest_card
from app.web.render import render
from app.web.security import Admin, Full, HouseDep

router = APIRouter(prefix="/admin/studies/{key}/exports", include_in_schema=False)


@router.get("")
def show_exports(request: Request, study: OwnStudy, house: HouseDep, session: Full) -> Response:
    """Show the exports and the one in hand."""
    folder = house.settings.exports
    page = ExportsPage(
        study=study.name,
        address=address_of(study),
        settled=study.state == State.SETTLED,
        run=latest_card(session, house, study, kind=EXPORT),
        rows=[
            export_row(study, export, lies_here=lies_here(folder, export))
            for export in exports_of(session, study)
        ],
    )
    return render(request, ExportsPage.template, page)


@router.post("")
def make_export(study: OwnStudy, admin: Admin, house: HouseDep, session: Full) -> Response:
    """Start an export. Raises `WrongState` before the study is settled."""
    start_export(session, study, admin=admin, clock=house.clock)
    note(session, house, admin=admin, study=study, action="export-started")
    return RedirectResponse(f"{address_of(study)}/exports", status_code=303)


@router.get("/{export_id}/training-set.zip")
def download_export(
    export_id: RowId, study: OwnStudy, admin: Admin, house: HouseDep, session: Full
) -> Response:
    """Send the export's zip. Raises `ExportGone` where its file no longer lies here."""
    path = packed_of(session, house.settings.exports, study, export_id=export_id)
    note_apart(house, admin=admin, study=study, action="export-downloaded", detail=path.name)
    name = f"{study.key}-training-set.zip"
    return FileResponse(path, media_type="application/zip", filename=name)
