"""The study in which the signed-in physician reads, as the physician's routes ask for it."""

from typing import Annotated

from fastapi import Depends

from app.accounts.roles import Role
from app.studies.studies import study_for
from app.studies.tables import Study
from app.web.fields import Key
from app.web.security import Physician, Reading


def own_study(key: Key, session: Reading, user: Physician) -> Study:
    """The study ``key`` in which the signed-in physician reads. Raises `NotFound`."""
    return study_for(session, user=user, key=key, role=Role.PHYSICIAN)


OwnStudy = Annotated[Study, Depends(own_study, scope="function")]
