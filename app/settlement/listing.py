"""A study's settlements in pages, each with its film and the source of its mask."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.films.tables import Film
from app.proposals.likeness import credited
from app.proposals.origins import CandidateOrigin
from app.settlement.settle import DRAWING
from app.settlement.tables import Settlement
from app.studies.tables import Study

CHUNK = 500


@dataclass(frozen=True)
class SettledFilm:
    """A settlement, the film it is of, and whose mask was chosen ("" where none was).

    ``shared_with`` names the sources whose masks stood in the same slot: theirs is the credit too.
    """

    settlement: Settlement
    film: Film
    source: str
    shared_with: tuple[str, ...] = ()


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
    found = session.execute(query).all()
    chosen = [row.candidate_id for row, _, _ in found if row.candidate_id is not None]
    shared = sources_sharing(session, candidate_ids=chosen)
    return [
        SettledFilm(
            row,
            film,
            source or ("physician" if row.outcome == DRAWING else ""),
            shared.get(row.candidate_id or 0, ()),
        )
        for row, film, source in found
    ]


def sources_sharing(
    session: Session, *, candidate_ids: Sequence[int]
) -> dict[int, tuple[str, ...]]:
    """Return, for each candidate that was shown, the other sources that its slot stood for."""
    members = credited(session, candidate_ids)
    everyone = sorted({member for group in members.values() for member in group})
    source: dict[int, str] = {}
    for start in range(0, len(everyone), CHUNK):
        part = select(CandidateOrigin.candidate_id, CandidateOrigin.source).where(
            CandidateOrigin.candidate_id.in_(everyone[start : start + CHUNK])
        )
        source.update({candidate_id: said for candidate_id, said in session.execute(part)})
    return {
        shown: tuple(sorted(source[other] for other in group[1:]))
        for shown, group in members.items()
    }
