"""Founding a study."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from app.accounts.roles import Role
from app.accounts.users import users_of_role
from app.conduct.founding import found_study
from app.networks.manifest import NetworkEntry, read_manifest
from app.networks.refusals import NetworkRefused
from app.problems import Problem
from app.web.house import House
from app.web.pages.admin.new_study_views import NewStudyPage, new_study_page
from app.web.pages.admin.own_study import address_of, note
from app.web.pages.admin.study_form import Stage, StudyForm
from app.web.render import render
from app.web.security import Admin, Full, HouseDep

router = APIRouter(prefix="/admin/studies", include_in_schema=False)


def offered(house: House) -> tuple[list[NetworkEntry], NetworkRefused | None]:
    """Return the networks that may propose, or why the manifest cannot be read."""
    try:
        manifest = read_manifest(house.settings.models)
    except NetworkRefused as refused:
        return [], refused
    return [entry for entry in manifest.networks if entry.task == "infection"], None


@router.get("/new")
def ask_study(
    request: Request, admin: Admin, house: HouseDep, session: Full, stage: Stage = 1
) -> Response:
    """Show the form, with the defaults of ``stage``."""
    networks, _ = offered(house)
    form = StudyForm.fresh(stage, networks, lease_minutes=house.settings.lease_minutes)
    return _form(request, house, session, form)


def _form(
    request: Request,
    house: House,
    session: Session,
    form: StudyForm,
    refused: Problem | None = None,
) -> Response:
    networks, networks_refused = offered(house)
    page = new_study_page(
        form,
        networks=networks,
        physicians=users_of_role(session, Role.PHYSICIAN),
        networks_refused=networks_refused,
        refused=refused,
    )
    return render(request, NewStudyPage.template, page, status=refused.status if refused else 200)


@router.post("")
def make_study(
    request: Request,
    form: Annotated[StudyForm, Form()],
    admin: Admin,
    house: HouseDep,
    session: Full,
) -> Response:
    """Found the study and go to its page; where it is refused, show the form again."""
    try:
        # Nested, so that a refused study leaves no half of itself behind.
        with session.begin_nested():
            study = found_study(
                session,
                admin=admin,
                name=form.name,
                stage=form.stage,
                protocol=form.protocol(),
                networks=form.networks,
                physicians=form.physicians,
                models=house.settings.models,
                clock=house.clock,
            )
    except Problem as refused:
        return _form(request, house, session, form, refused)
    note(session, house, admin=admin, study=study, action="study-made", detail=study.name)
    return RedirectResponse(address_of(study), status_code=303)
