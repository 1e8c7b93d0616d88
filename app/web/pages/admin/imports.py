"""Importing films into a study: a folder of the server's, or a zip that is uploaded."""

import shutil
import sys
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.accounts.roles import Role
from app.accounts.tables import User
from app.conduct.importing import IMPORT, start_import, sweep
from app.films.refused import count_refused, refused
from app.films.views import count_same_views, same_views
from app.studies.states import State, require
from app.studies.studies import study_for
from app.studies.tables import Study
from app.web.fields import FolderPath, Key
from app.web.house import House
from app.web.pages.admin.imports_views import ImportPage, refused_row, same_view_row
from app.web.pages.admin.own_study import OwnStudy, PageNumber, address_of, note
from app.web.pages.admin.runs_views import latest_card
from app.web.paging import Paging
from app.web.render import render
from app.web.security import Admin, Full, HouseDep
from app.web.security import admin as signed_in_admin
from app.web.uploads import folder_in, folders_in, receive_zip
from app.web.words import size

router = APIRouter(prefix="/admin/studies/{key}/import", include_in_schema=False)

SAME_VIEWS = 100  # films listed; a study has few


class FolderForm(BaseModel):
    """A folder below the installation's folder for films that come in."""

    folder: FolderPath = ""


@router.get("")
def show_import(
    request: Request, study: OwnStudy, house: HouseDep, session: Full, page: PageNumber = 1
) -> Response:
    """Show the ways to import, the import in hand, and what was refused."""
    address = address_of(study)
    total = count_refused(session, study_id=study.id)
    paging = Paging(total=total, number=page, address=f"{address}/import")
    rows = refused(session, study_id=study.id, offset=paging.offset, limit=paging.size)
    shown = ImportPage(
        study=study.name,
        address=address,
        growing=study.state in (State.DRAFT, State.OPEN),
        run=latest_card(session, house, study, kind=IMPORT),
        incoming=str(house.settings.incoming_folder),
        folders=[(name, name) for name in folders_in(house.settings.incoming_folder)],
        largest=size(house.settings.max_upload_bytes),
        same_views=[
            same_view_row(study, same)
            for same in same_views(session, study_id=study.id, limit=SAME_VIEWS)
        ],
        same_views_count=count_same_views(session, study_id=study.id),
        refused=[refused_row(row) for row in rows],
        paging=paging,
    )
    return render(request, ImportPage.template, shown)


@router.post("/folder")
def import_folder(
    form: Annotated[FolderForm, Form()],
    study: OwnStudy,
    admin: Admin,
    house: HouseDep,
    session: Full,
) -> Response:
    """Start the import of a folder that an operator has put on the server."""
    folder = folder_in(house.settings.incoming_folder, form.folder)
    _start(session, house, study, admin, folder=folder, uploaded=False)
    return RedirectResponse(f"{address_of(study)}/import", status_code=303)


@router.put("/zip", max_body_size=sys.maxsize)
async def import_zip(request: Request, key: Key, house: HouseDep) -> Response:
    """Take a zip as the request's body and start its import; 201 once it is unpacked.

    The body is no form: a form would be kept whole before the route could ask who sends it.
    """
    await run_in_threadpool(_authorise, request, house, key)
    settings = house.settings
    folder = await receive_zip(
        request.stream(), into=settings.uploads, most=settings.max_upload_bytes
    )
    try:
        address = await run_in_threadpool(_start_upload, request, house, key, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return JSONResponse({"next": f"{address}/import"}, status_code=201)


def _authorise(request: Request, house: House, key: str) -> None:
    with house.sessions.begin() as session:
        require(_own(request, house, session, key)[1].state, State.DRAFT, State.OPEN)


def _own(request: Request, house: House, session: Session, key: str) -> tuple[User, Study]:
    user = signed_in_admin(request, house, session)
    return user, study_for(session, user=user, key=key, role=Role.ADMIN)


def _start_upload(request: Request, house: House, key: str, folder: Path) -> str:
    # Asked again: an upload takes minutes, in which an account may have been shut.
    with house.sessions.begin() as session:
        user, study = _own(request, house, session, key)
        _start(session, house, study, user, folder=folder, uploaded=True)
        sweep(session, house.settings.uploads, clock=house.clock)
        return address_of(study)


def _start(
    session: Session, house: House, study: Study, user: User, *, folder: Path, uploaded: bool
) -> None:
    start_import(session, study, folder=folder, uploaded=uploaded, admin=user, clock=house.clock)
    detail = "a zip" if uploaded else folder.name
    note(session, house, admin=user, study=study, action="import-started", detail=detail)
