"""What the page of a study's members shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from app.accounts.tables import User
from app.problems import Problem
from app.studies.states import State
from app.studies.tables import Study
from app.web.pages.admin.own_study import address_of
from app.words.speaking import _, told


@dataclass(frozen=True)
class MembersPage:
    """Who takes part in a study, and who could. ``removable``: while it is a draft."""

    template: ClassVar[str] = "admin/members.html"

    study: str
    address: str
    admins: list[tuple[str, str]]
    physicians: list[tuple[str, str]]
    others: list[tuple[str, str]]
    removable: bool
    growing: bool
    refused: str = ""


def _pairs(people: Sequence[User]) -> list[tuple[str, str]]:
    return [(user.name, user.full_name) for user in people]


def _offered(user: User) -> str:
    return _(
        "{full_name} ({name}), {role}", full_name=user.full_name, name=user.name, role=_(user.role)
    )


def members_page(
    study: Study,
    *,
    admins: Sequence[User],
    physicians: Sequence[User],
    accounts: Sequence[User],
    refused: Problem | None = None,
) -> MembersPage:
    """Return the page; of ``accounts`` it offers those who take no part yet."""
    taking_part = {user.id for user in (*admins, *physicians)}
    return MembersPage(
        study=study.name,
        address=address_of(study),
        admins=_pairs(admins),
        physicians=_pairs(physicians),
        others=[(user.name, _offered(user)) for user in accounts if user.id not in taking_part],
        removable=study.state == State.DRAFT,
        growing=study.state in (State.DRAFT, State.OPEN),
        refused=told(refused) if refused else "",
    )
