"""The run that imports a folder of films into a study."""

import shutil
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.tables import User
from app.blobs.store import BlobStore
from app.clock import Clock
from app.films.ingest import ingest_film
from app.films.layout import FilmEntry, read_layout
from app.films.limits import Limits
from app.films.refused import remember
from app.runs.kinds import Item, Kind, RunContext
from app.runs.runs import start
from app.runs.states import UNFINISHED, ChunkState, RunState
from app.runs.tables import Run, RunChunk
from app.studies.states import State, require
from app.studies.tables import Study

IMPORT = "import"
KEPT = timedelta(days=2)


def start_import(
    session: Session,
    study: Study,
    *,
    folder: Path,
    uploaded: bool,
    admin: User | None,
    clock: Clock,
) -> Run:
    """Queue the import of ``folder``; one that was ``uploaded`` is removed once it is imported.

    Raises `WrongState` for a study that is closed.
    """
    require(study.state, State.DRAFT, State.OPEN)
    return start(
        session,
        kind=IMPORT,
        study_id=study.id,
        arguments={"folder": str(folder), "uploaded": uploaded},
        clock=clock,
        created_by=admin.id if admin else None,
    )


def import_kind(blobs: BlobStore, limits: Limits) -> Kind:
    """Return the kind of run that imports films: its items are their names."""

    def work(context: RunContext) -> None:
        folder = Path(context.arguments["folder"])
        if not folder.exists():
            # Whoever did the last chunk has cleared up, and this one was done before.
            return
        _import_films(context, blobs, limits, folder)
        if context.arguments["uploaded"] and _is_last(context):
            shutil.rmtree(folder, ignore_errors=True)

    # Listing the folder costs more than a film, so it is done for many films at once.
    return Kind(plan=_plan, work=work, chunk=500)


def sweep(session: Session, uploads: Path, *, clock: Clock) -> None:
    """Remove uploads that no import will read any more: films of patients are not left lying.

    An import that was stopped keeps its upload for `KEPT`, in case it is resumed.
    """
    if not uploads.is_dir():
        return
    unfinished = {
        run.arguments.get("folder")
        for run in session.scalars(select(Run).where(Run.kind == IMPORT, Run.state.in_(UNFINISHED)))
    }
    for folder in uploads.iterdir():
        age = clock.now().timestamp() - folder.stat().st_mtime
        if str(folder) not in unfinished and age > KEPT.total_seconds():
            shutil.rmtree(folder, ignore_errors=True)


def _plan(session: Session, study_id: int | None, arguments: dict[str, Any]) -> Sequence[Item]:
    # Every name once: an import that is resumed finds what it took before, and leaves it.
    return list(dict.fromkeys(entry.name for entry in read_layout(Path(arguments["folder"]))))


def _import_films(context: RunContext, blobs: BlobStore, limits: Limits, folder: Path) -> None:
    assert context.study_id is not None
    entries: dict[Item, list[FilmEntry]] = defaultdict(list)
    for entry in read_layout(folder):
        entries[entry.name].append(entry)
    for done, name in enumerate(context.items, 1):
        for entry in entries[name]:
            with context.sessions.begin() as session:
                outcome = ingest_film(
                    session,
                    blobs,
                    study_id=context.study_id,
                    entry=entry,
                    limits=limits,
                    clock=context.clock,
                )
                remember(session, study_id=context.study_id, outcome=outcome, clock=context.clock)
        context.progress(done)


def _is_last(context: RunContext) -> bool:
    with context.sessions() as session:
        unfinished = (
            select(func.count())
            .select_from(RunChunk)
            .join(Run, Run.id == RunChunk.run_id)
            .where(
                Run.kind == IMPORT,
                Run.study_id == context.study_id,
                Run.state == RunState.RUNNING,
                RunChunk.state != ChunkState.DONE,
            )
        )
        return session.scalar(unfinished) == 1
