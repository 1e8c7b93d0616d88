"""The study that an admin's request is about: to load it is to authorise."""

from typing import Annotated

from fastapi import Depends, Query
from sqlalchemy.orm import Session

from app.accounts import users
from app.accounts.roles import Role
from app.accounts.tables import User
from app.studies.studies import study_for
from app.studies.tables import Study
from app.web.fields import Key
from app.web.house import House
from app.web.security import Admin, Full


def own_study(key: Key, admin: Admin, session: Full) -> Study:
    """The study ``key``, if the signed-in admin administers it. Raises `NotFound` otherwise."""
    return study_for(session, user=admin, key=key, role=Role.ADMIN)


OwnStudy = Annotated[Study, Depends(own_study, scope="function")]
PageNumber = Annotated[int, Query(ge=1, le=10_000_000)]


def address_of(study: Study) -> str:
    """Return the address of the study's page; everything about it stands below."""
    return f"/admin/studies/{study.key}"


def note_apart(house: House, *, admin: User, study: Study, action: str, detail: str = "") -> None:
    """Write into the audit trail in an own transaction, for a request that else only reads."""
    with house.sessions.begin() as session:
        note(session, house, admin=admin, study=study, action=action, detail=detail)


def note(
    session: Session, house: House, *, admin: User, study: Study, action: str, detail: str = ""
) -> None:
    """Write what ``admin`` did to ``study`` into the audit trail."""
    users.record(
        session, user=admin, action=action, subject=study.key, detail=detail, clock=house.clock
    )
