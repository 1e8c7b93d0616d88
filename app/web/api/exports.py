"""A settled study's exports, for programs of its admins."""

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse

from app.accounts.users import record
from app.conduct.exporting import lies_here, packed_of, start_export
from app.exports.exports import export_of, exports_of
from app.runs.runs import run_of
from app.web.api.models import ExportOut, Page, RunOut
from app.web.api.own_study import OwnStudy
from app.web.api.problems import problems
from app.web.fields import RowId
from app.web.security import AdminProgram, Full, HouseDep

router = APIRouter(prefix="/api/v1/studies/{key}", tags=["exports"], responses=problems(403, 404))


@router.post("/exports", status_code=202, summary="Export a study", responses=problems(409))
def make_export(
    study: OwnStudy, user: AdminProgram, house: HouseDep, session: Full, response: Response
) -> RunOut:
    """Start an export of a settled study. The answer is its run, which stands under Location."""
    run = start_export(session, study, admin=user, clock=house.clock)
    record(session, user=user, action="export-started", subject=study.key, clock=house.clock)
    response.headers["Location"] = f"/api/v1/studies/{study.key}/runs/{run.id}"
    return RunOut.of(run)


@router.get("/runs/{run_id}", summary="Show a run")
def show_run(run_id: RowId, study: OwnStudy, session: Full) -> RunOut:
    """Return how far a run of the study is."""
    return RunOut.of(run_of(session, study_id=study.id, run_id=run_id))


@router.get("/exports", summary="List a study's exports")
def list_exports(study: OwnStudy, house: HouseDep, session: Full) -> Page[ExportOut]:
    """Return all exports of the study, newest first."""
    folder = house.settings.exports
    exports = exports_of(session, study)
    return Page(
        items=[ExportOut.of(study, one, lies_here=lies_here(folder, one)) for one in exports]
    )


@router.get("/exports/{export_id}", summary="Show an export")
def show_export(export_id: RowId, study: OwnStudy, house: HouseDep, session: Full) -> ExportOut:
    """Return one export of the study."""
    export = export_of(session, study, export_id=export_id)
    return ExportOut.of(study, export, lies_here=lies_here(house.settings.exports, export))


@router.get(
    "/exports/{export_id}/training-set.zip",
    summary="Download an export",
    response_class=FileResponse,
    responses=problems(410) | {200: {"content": {"application/zip": {}}}},
)
def download_export(
    export_id: RowId, study: OwnStudy, user: AdminProgram, house: HouseDep, session: Full
) -> FileResponse:
    """Send the training set: films, chosen masks and the manifest, as a zip without dates."""
    path = packed_of(session, house.settings.exports, study, export_id=export_id)
    with house.sessions.begin() as apart:
        record(apart, user=user, action="export-downloaded", subject=study.key, clock=house.clock)
    return FileResponse(path, media_type="application/zip", filename=f"{study.key}.zip")
