"""Exports: written, remembered, found again."""

import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import __version__
from app.blobs.store import BlobStore
from app.clock import Clock
from app.exports.tables import Export
from app.exports.training_set import Written, write_training_set
from app.problems import NotFound
from app.studies.tables import Study

TRAINING_SET = "training-set"
# A zip entry must have a date; one that says nothing keeps the bytes the same.
NO_DATE = (1980, 1, 1, 0, 0, 0)


def export_training_set(
    session: Session,
    blobs: BlobStore,
    study: Study,
    *,
    into: Path,
    clock: Clock,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[Export, Written]:
    """Write the training set and remember it; the same bytes are remembered once."""
    written = write_training_set(session, blobs, study, into=into, progress=progress)
    return remember(session, study, written, clock=clock), written


def remember(session: Session, study: Study, written: Written, *, clock: Clock) -> Export:
    """Return the row of what was written; the same bytes are remembered once."""
    query = select(Export).where(
        Export.study_id == study.id, Export.manifest_sha256 == written.manifest_sha256
    )
    export = session.scalar(query)
    if export is None:
        export = Export(
            study_id=study.id,
            kind=TRAINING_SET,
            films=written.films,
            manifest_sha256=written.manifest_sha256,
            made_at=clock.now(),
            version=__version__,
        )
        session.add(export)
        session.flush()
    return export


def exports_of(session: Session, study: Study) -> Sequence[Export]:
    """Return the study's exports, newest first."""
    query = select(Export).where(Export.study_id == study.id).order_by(Export.id.desc())
    return session.scalars(query).all()


def export_of(session: Session, study: Study, *, export_id: int) -> Export:
    """Return an export of this study. Raises `NotFound` for any other study's."""
    export = session.scalar(
        select(Export).where(Export.id == export_id, Export.study_id == study.id)
    )
    if export is None:
        raise NotFound("There is no such export of this study.")
    return export


def zip_folder(folder: Path, into: Path) -> None:
    """Zip ``folder`` into ``into``, in the order of names, without dates: same folder, same bytes.

    Stored, not deflated: films and masks are PNG already.
    """
    partial = into.with_name(f".{into.name}.partial")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
                archive.writestr(zipfile.ZipInfo(name, NO_DATE), path.read_bytes())
    partial.replace(into)
