"""The sample study: accounts, films, proposals, an open study. Each step goes on where it stood."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts import passwords, users
from app.accounts.roles import Role
from app.accounts.tables import User
from app.blobs.store import BlobStore
from app.clock import Clock
from app.conduct.founding import found_study
from app.conduct.opening import open_study
from app.conduct.planting import prepare_opening
from app.conduct.proposing import start_propose
from app.films.ingest import ingest_entries
from app.films.layout import read_layout
from app.films.limits import Limits
from app.films.refused import remember
from app.films.tables import Film
from app.problems import Problem
from app.runs.execute import Hands, run_now
from app.runs.states import RunState
from app.studies.protocol import Protocol
from app.studies.states import State
from app.studies.studies import study_named
from app.studies.tables import Study

Show = Callable[[int, int], None]

ADMIN = "admin"
PHYSICIANS = ("anna", "berta", "clara")
NETWORKS = ("stage1",)
PHANTOM_NETWORKS = ("dla", "stage1-unet", "unetpp")
"""Those that come nearest to what was planted in phantom films (docs/benchmarks.md)."""


class DemoStopped(Problem):
    """The sample study could not be completed."""

    code = "demo-stopped"
    status = 500


@dataclass(frozen=True)
class Account:
    """A fresh account with the only readable copy of its password."""

    name: str
    role: str
    password: str


def make_accounts(session: Session, clock: Clock) -> list[Account]:
    """Make the accounts that are not there, each with a random password; return those made."""
    wanted = [(ADMIN, Role.ADMIN)] + [(name, Role.PHYSICIAN) for name in PHYSICIANS]
    known = set(session.scalars(select(User.name)))
    made = []
    for name, role in wanted:
        if name not in known:
            password = passwords.generate()
            users.add_user(
                session,
                name=name,
                full_name=name.capitalize(),
                role=role,
                password=password,
                clock=clock,
            )
            made.append(Account(name, role, password))
    return made


def sample_study(
    session: Session, *, name: str, networks: Sequence[str], models: Path, clock: Clock
) -> Study:
    """Return the study ``name``, founded now if it is new: stage I, with ``networks``."""
    present = session.scalar(select(Study).where(Study.name == name))
    return present or found_study(
        session,
        admin=users.user_named(session, ADMIN),
        name=name,
        stage=1,
        protocol=Protocol(),
        networks=networks,
        physicians=PHYSICIANS,
        models=models,
        clock=clock,
    )


def is_built(session: Session, name: str) -> bool:
    """Say whether the study was opened before: then it has data, and perhaps votes."""
    return study_named(session, name).state != State.DRAFT


def take_films(
    session: Session,
    blobs: BlobStore,
    *,
    study: Study,
    folder: Path,
    limits: Limits,
    clock: Clock,
    show: Show,
) -> list[str]:
    """Take the folder's films, one commit a film; return what was refused, each with its reason."""
    entries = read_layout(folder)
    refused = []
    outcomes = ingest_entries(
        session, blobs, entries, study_id=study.id, limits=limits, clock=clock
    )
    for done, outcome in enumerate(outcomes, 1):
        remember(session, study_id=study.id, outcome=outcome, clock=clock)
        session.commit()
        if outcome.status == "refused":
            refused.append(f"{outcome.name}: {outcome.reason}")
        show(done, len(entries))
    return refused


def without_hand_drawn(session: Session, study: Study) -> Sequence[str]:
    """Return the names of the films that have no hand-drawn infection: in stage I no cases."""
    query = select(Film.name).where(Film.study_id == study.id, Film.manual_mask_sha.is_(None))
    return session.scalars(query.order_by(Film.name)).all()


def propose_and_open(
    sessions: sessionmaker[Session], blobs: BlobStore, hands: Hands, *, study_id: int, show: Show
) -> int:
    """Run the networks on what is missing, open the study, and return its number of cases.

    Raises `DemoStopped` with what a network said, or `NotReady`.
    """
    with sessions.begin() as session:
        study = session.get_one(Study, study_id)
        run_id = start_propose(session, study, admin=None, clock=hands.clock).id
    run = run_now(hands, run_id, show=show)
    if run.state != RunState.DONE:
        raise DemoStopped(f"The proposals are not complete: {run.error or run.state}.")
    prepare_opening(sessions, blobs, study_id=study_id, clock=hands.clock)
    with sessions.begin() as session:
        study = session.get_one(Study, study_id)
        return open_study(session, blobs, study, clock=hands.clock, partly=True)
