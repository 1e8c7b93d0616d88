"""Founding a study: its draft, its members and its networks, in one act."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from app.accounts.roles import Role
from app.accounts.tables import User
from app.accounts.users import user_named
from app.clock import Clock
from app.networks.manifest import read_manifest
from app.networks.registry import choose
from app.proposals.planting import uproot
from app.studies.protocol import Protocol
from app.studies.states import State, require
from app.studies.studies import add_member, create, hold
from app.studies.tables import Study


def found_study(
    session: Session,
    *,
    admin: User,
    name: str,
    stage: int,
    protocol: Protocol,
    networks: Sequence[str],
    physicians: Sequence[str],
    models: Path,
    clock: Clock,
) -> Study:
    """Create a draft with its admin, its physicians (by account name) and its networks.

    Raises `StudyRefused`, `NetworkUnknown`, or `NotFound` for an account.
    """
    study = create(
        session,
        name=name,
        stage=stage,
        protocol=protocol,
        networks=known_networks(models, networks),
        clock=clock,
    )
    add_member(session, study=study, user=admin, role=Role.ADMIN)
    for physician in physicians:
        add_member(session, study=study, user=user_named(session, physician), role=Role.PHYSICIAN)
    return study


def known_networks(models: Path, names: Sequence[str]) -> list[str]:
    """Return the names of the chosen networks; none is a choice too. Raises `NetworkUnknown`."""
    if not names:
        return []
    return [entry.name for entry in choose(read_manifest(models), names)]


def choose_networks(session: Session, study: Study, *, names: Sequence[str], models: Path) -> None:
    """Set a draft's networks. Raises `WrongState` later: every case has the same sources.

    Sentinels have as many masks as the ballots had slots: with other networks they are made anew.
    """
    # The study first: who is storing a sentinel for the old networks looks at it.
    hold(session, study)
    require(study.state, State.DRAFT)
    chosen = known_networks(models, names)
    others = set(chosen) != set(study.networks)
    study.networks = chosen
    if others:
        uproot(session, study)


def join(session: Session, study: Study, *, user: User) -> User:
    """Let ``user`` take part in the role of their account, while films can still be added.

    A physician who joins an open study gets cases when it is opened to what was added. Raises
    `WrongState` or `StudyRefused`.
    """
    require(study.state, State.DRAFT, State.OPEN)
    add_member(session, study=study, user=user, role=Role(user.role))
    return user
