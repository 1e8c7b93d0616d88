"""Who takes part in a study."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.accounts.roles import Role
from app.accounts.users import user_named, users_of_role
from app.conduct.founding import join
from app.problems import Problem
from app.studies.studies import members, remove_physician
from app.studies.tables import Study
from app.web.fields import Line
from app.web.pages.admin.members_views import MembersPage, members_page
from app.web.pages.admin.own_study import OwnStudy, address_of, note
from app.web.render import render
from app.web.security import Admin, Full, HouseDep

router = APIRouter(prefix="/admin/studies/{key}/members", include_in_schema=False)


class MemberForm(BaseModel):
    """An account's name."""

    name: Line = ""


@router.get("")
def show_members(request: Request, study: OwnStudy, session: Full) -> Response:
    """Show who takes part."""
    return _members(request, session, study)


def _members(
    request: Request, session: Session, study: Study, refused: Problem | None = None
) -> Response:
    page = members_page(
        study,
        admins=members(session, study=study, role=Role.ADMIN),
        physicians=members(session, study=study, role=Role.PHYSICIAN),
        accounts=[user for role in Role for user in users_of_role(session, role)],
        refused=refused,
    )
    return render(request, MembersPage.template, page, status=refused.status if refused else 200)


@router.post("")
def add(
    request: Request,
    form: Annotated[MemberForm, Form()],
    study: OwnStudy,
    admin: Admin,
    house: HouseDep,
    session: Full,
) -> Response:
    """Let someone take part, in the role of their account."""
    try:
        user = join(session, study, user=user_named(session, form.name))
    except Problem as refused:
        return _members(request, session, study, refused)
    note(session, house, admin=admin, study=study, action="member-added", detail=user.name)
    return RedirectResponse(f"{address_of(study)}/members", status_code=303)


@router.post("/remove")
def remove(
    request: Request,
    form: Annotated[MemberForm, Form()],
    study: OwnStudy,
    admin: Admin,
    house: HouseDep,
    session: Full,
) -> Response:
    """Take a physician out of a draft."""
    try:
        user = user_named(session, form.name)
        remove_physician(session, study=study, user=user)
    except Problem as refused:
        return _members(request, session, study, refused)
    note(session, house, admin=admin, study=study, action="member-removed", detail=user.name)
    return RedirectResponse(f"{address_of(study)}/members", status_code=303)
