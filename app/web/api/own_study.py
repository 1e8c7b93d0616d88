"""The study that a program's request is about: to load it is to authorise."""

from typing import Annotated

from fastapi import Depends

from app.accounts.roles import Role
from app.studies.studies import study_for
from app.studies.tables import Study
from app.web.fields import Key
from app.web.security import AdminProgram, Full


def own_study(key: Key, user: AdminProgram, session: Full) -> Study:
    """The study ``key``, if the token's admin administers it. Raises `NotFound` otherwise."""
    return study_for(session, user=user, key=key, role=Role.ADMIN)


OwnStudy = Annotated[Study, Depends(own_study, scope="function")]
