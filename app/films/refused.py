"""Which files an import refused, and why, as an admin reads it afterwards."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.clock import Clock
from app.films.ingest import Outcome
from app.films.tables import RefusedFilm

LONGEST_NAME = 200


def remember(session: Session, *, study_id: int, outcome: Outcome, clock: Clock) -> None:
    """Keep a refusal until the file of that name is imported again, and drop it once taken."""
    name = outcome.name[:LONGEST_NAME]
    session.execute(
        delete(RefusedFilm).where(RefusedFilm.study_id == study_id, RefusedFilm.name == name)
    )
    if outcome.status == "refused":
        row = RefusedFilm(
            study_id=study_id,
            name=name,
            code=outcome.code,
            reason=outcome.reason,
            told=outcome.told,
            mask_kind=outcome.mask_kind or None,
            refused_at=clock.now(),
        )
        session.add(row)
        session.flush()


def count_refused(session: Session, *, study_id: int) -> int:
    """Return how many files stand refused."""
    query = select(func.count()).where(RefusedFilm.study_id == study_id)
    return session.scalar(query) or 0


def refused(session: Session, *, study_id: int, offset: int, limit: int) -> Sequence[RefusedFilm]:
    """Return one page of the refused files, by name."""
    query = select(RefusedFilm).where(RefusedFilm.study_id == study_id).order_by(RefusedFilm.name)
    return session.scalars(query.offset(offset).limit(limit)).all()


def forget(session: Session, *, study_id: int) -> None:
    """Drop the list of refused files: it was read."""
    session.execute(delete(RefusedFilm).where(RefusedFilm.study_id == study_id))
