"""Studies: made, found by those who may see them, opened and locked."""

import json
import re
import secrets
from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from app.accounts.roles import Role
from app.accounts.tables import User
from app.clock import Clock
from app.problems import NotFound, Problem
from app.studies.protocol import Protocol
from app.studies.states import State, require, step
from app.studies.tables import Member, Study

# Asked by every request of a physician, so put together once.
_OF_MEMBER = (
    select(Study)
    .join(Member, Member.study_id == Study.id)
    .where(Study.key == bindparam("of_key"))
    .where(Member.user_id == bindparam("of_user"), Member.role == bindparam("as_role"))
)


class StudyRefused(Problem):
    """The study cannot be made or changed so."""

    code = "study-refused"
    status = 422


def create(
    session: Session,
    *,
    name: str,
    stage: int,
    protocol: Protocol,
    networks: Sequence[str],
    clock: Clock,
    seed: str | None = None,
) -> Study:
    """Create a draft. ``seed`` (hex) is drawn where none is given. Raises `StudyRefused`."""
    name = name.strip()
    if not name or len(name) > 120:
        raise StudyRefused("A study's name has 1 to 120 characters.")
    if session.scalar(select(Study.id).where(Study.name == name)) is not None:
        raise StudyRefused(
            "There is already a study called {name}.", cure="Choose another name.", name=name
        )
    if stage not in (1, 2):
        raise StudyRefused("A study is of stage 1 or stage 2.")
    study = Study(
        key=_key(name, seed),
        name=name,
        stage=stage,
        state=State.DRAFT,
        protocol=protocol.model_dump(mode="json"),
        networks=list(networks),
        seed=seed or secrets.token_hex(32),
        created_at=clock.now(),
    )
    session.add(study)
    session.flush()
    return study


def _key(name: str, seed: str | None) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:24].rstrip("-")
    tail = seed[:6] if seed else secrets.token_hex(3)
    return f"{slug}-{tail}".lstrip("-")


def protocol_of(study: Study) -> Protocol:
    """Return the study's protocol."""
    return _read_protocol(json.dumps(study.protocol))


# Every request asks several times; reading it anew takes longer than a query.
@lru_cache(maxsize=256)
def _read_protocol(stored: str) -> Protocol:
    return Protocol.model_validate(json.loads(stored))


def study_named(session: Session, name: str) -> Study:
    """Return the study with this name or key. Raises `NotFound`."""
    study = session.scalar(select(Study).where((Study.name == name) | (Study.key == name)))
    if study is None:
        raise NotFound(
            "There is no study called {name}.",
            cure="`maskballot study list` lists them.",
            name=name,
        )
    return study


def study_for(session: Session, *, user: User, key: str, role: Role) -> Study:
    """Return the study ``key`` if ``user`` has ``role`` in it. Raises `NotFound` otherwise."""
    study = session.scalar(_OF_MEMBER, {"of_key": key, "of_user": user.id, "as_role": role})
    if study is None:
        raise NotFound("There is no such study, or you do not take part in it.")
    return study


def count_studies_of(session: Session, *, user: User, role: Role) -> int:
    """Return in how many studies ``user`` has ``role``, as `studies_of` lists them."""
    return session.scalar(select(func.count()).select_from(_of(user, role).subquery())) or 0


def studies_of(
    session: Session, *, user: User, role: Role, offset: int = 0, limit: int = 50
) -> tuple[Sequence[Study], int]:
    """Return one page of the studies in which ``user`` has ``role``, newest first, and the count.

    A physician does not see drafts.
    """
    query = _of(user, role).order_by(Study.id.desc())
    page = session.scalars(query.offset(offset).limit(limit))
    return page.all(), count_studies_of(session, user=user, role=role)


def _of(user: User, role: Role) -> Select[Study]:
    query = (
        select(Study)
        .join(Member, Member.study_id == Study.id)
        .where(Member.user_id == user.id, Member.role == role)
    )
    return query.where(Study.state != State.DRAFT) if role is Role.PHYSICIAN else query


def add_member(session: Session, *, study: Study, user: User, role: Role) -> Member:
    """Give ``user`` a role in ``study``. Raises `StudyRefused` if they have the other one."""
    present = session.get(Member, (study.id, user.id))
    if present is not None:
        if present.role == role:
            return present
        raise StudyRefused(
            "{name} is already {role} of this study.",
            cure="Who administers a study does not vote in it: choose another person.",
            name=user.full_name,
            role=Role(present.role),
        )
    if user.role != role:
        raise StudyRefused(
            "{name}'s account is that of a {present}, not of a {role}.",
            name=user.full_name,
            present=Role(user.role),
            role=role,
        )
    member = Member(study_id=study.id, user_id=user.id, role=role)
    session.add(member)
    session.flush()
    return member


def remove_physician(session: Session, *, study: Study, user: User) -> None:
    """Take a physician out of a draft; once it is open, their ballots stay."""
    require(study.state, State.DRAFT)
    member = session.get(Member, (study.id, user.id))
    if member is None or member.role != Role.PHYSICIAN:
        raise NotFound("{name} is no physician of this study.", name=user.full_name)
    session.delete(member)


def members(session: Session, *, study: Study, role: Role) -> Sequence[User]:
    """Return those who have ``role`` in ``study``, in the order of their ids."""
    query = (
        select(User)
        .join(Member, Member.user_id == User.id)
        .where(Member.study_id == study.id, Member.role == role)
        .order_by(User.id)
    )
    return session.scalars(query).all()


def hold(session: Session, study: Study, *, together: bool = False) -> None:
    """Read ``study`` anew, and let nobody else change what it is made of in this transaction.

    Several may hold it ``together``, who only want it to stay as it is. Who deals or votes
    meanwhile is not kept waiting: their rows only name the study. SQLite needs no lock: whoever
    writes there is alone.
    """
    lock = {"read": True} if together else {"key_share": True}
    session.refresh(study, with_for_update=lock)


def move(study: Study, *, to: State, clock: Clock) -> None:
    """Move the study on to ``to``. Raises `WrongState`."""
    study.state = step(State(study.state), to)
    if to is State.OPEN:
        study.opened_at = study.opened_at or clock.now()
    if to is State.LOCKED:
        study.locked_at = clock.now()
