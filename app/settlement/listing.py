"""A study's settlements in pages, each with its film and the source of its mask."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.films.tables import Film
from app.proposals.origins import CandidateOrigin
from app.settlement.settle import DRAWING
from app.settlement.tables import Settlement
from app.studies.tables import Study


@dataclass(frozen=True)
class SettledFilm:
    """A settlement, the film it is of, and whose mask was chosen ("" where none was)."""

    settlement: Settlement
    film: Film
    source: str


def settlements_after(
    session: Session, study: Study, *, after: int, limit: int
) -> Sequence[SettledFilm]:
    """Return up to ``limit`` settlements of the study whose id is above ``after``, by id."""
    query = (
        select(Settlement, Film, CandidateOrigin.source)
        .join(Film, Film.id == Settlement.film_id)
        .outerjoin(CandidateOrigin, CandidateOrigin.candidate_id == Settlement.candidate_id)
        .where(Settlement.study_id == study.id, Settlement.id > after)
        .order_by(Settlement.id)
        .limit(limit)
    )
    return [
        SettledFilm(row, film, source or ("physician" if row.outcome == DRAWING else ""))
        for row, film, source in session.execute(query)
    ]
