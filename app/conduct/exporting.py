"""The run that writes a settled study's training set and packs it for download."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.tables import User
from app.ballots.tables import Case
from app.blobs.store import BlobStore
from app.clock import Clock
from app.exports.exports import export_of, remember, zip_folder
from app.exports.tables import Export
from app.exports.training_set import Written, write_training_set
from app.problems import Problem
from app.runs.kinds import Item, Kind, RunContext
from app.runs.runs import start
from app.runs.tables import Run
from app.studies.states import State, require
from app.studies.studies import study_named
from app.studies.tables import Study

EXPORT = "export"
# An export is one file: no one can write a part of it.
UNDIVIDED = 2**31


class ExportGone(Problem):
    """The export was made, but its file no longer lies here."""

    code = "export-gone"
    status = 410


def start_export(session: Session, study: Study, *, admin: User | None, clock: Clock) -> Run:
    """Queue an export. Raises `WrongState` before the study is settled."""
    require(study.state, State.SETTLED)
    return start(
        session,
        kind=EXPORT,
        study_id=study.id,
        arguments={},
        clock=clock,
        created_by=admin.id if admin else None,
    )


def lies_here(exports: Path, export: Export) -> bool:
    """Say whether the export's zip lies in the folder ``exports``."""
    return _zip(exports, export.manifest_sha256).is_file()


def packed_of(session: Session, exports: Path, study: Study, *, export_id: int) -> Path:
    """Return where the zip of the study's export lies. Raises `NotFound` or `ExportGone`."""
    export = export_of(session, study, export_id=export_id)
    if not lies_here(exports, export):
        raise ExportGone(
            "The file of this export is no longer here.",
            cure="Export again: the same study gives the same bytes.",
        )
    return _zip(exports, export.manifest_sha256)


def _zip(exports: Path, manifest_sha256: str) -> Path:
    return exports / f"{manifest_sha256}.zip"


def export_kind(blobs: BlobStore, exports: Path) -> Kind:
    """Return the kind of run that exports into the folder ``exports``: its items are cases."""

    def work(context: RunContext) -> None:
        folder = exports / f"run-of-study-{context.study_id}" / "training-set"
        shutil.rmtree(folder.parent, ignore_errors=True)
        folder.parent.mkdir(parents=True)
        try:
            with context.sessions() as session:
                key = session.get_one(Study, context.study_id).key
            written = write_apart(
                context.sessions,
                blobs,
                key,
                into=folder,
                progress=lambda done, total: context.progress(done),
            )
            zip_folder(written.folder, _zip(exports, written.manifest_sha256))
        finally:
            shutil.rmtree(folder.parent, ignore_errors=True)
        with context.sessions.begin() as session:
            study = session.get_one(Study, context.study_id)
            remember(session, study, written, clock=context.clock)

    return Kind(plan=_cases, work=work, chunk=UNDIVIDED)


def _cases(session: Session, study_id: int | None, arguments: dict[str, Any]) -> Sequence[Item]:
    return session.scalars(select(Case.film_id).where(Case.study_id == study_id)).all()


def write_apart(
    sessions: sessionmaker[Session],
    blobs: BlobStore,
    study: str,
    *,
    into: Path,
    progress: Callable[[int, int], None],
) -> Written:
    """Write the training set of the study named so, in a transaction that only reads.

    Writing takes minutes; on SQLite any other transaction would keep every voter waiting.
    """
    with sessions() as session:
        session.connection(execution_options={"sqlite_begin": "DEFERRED"})
        return write_training_set(
            session, blobs, study_named(session, study), into=into, progress=progress
        )
