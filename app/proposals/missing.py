"""What a study still lacks: a set difference, so that any run can resume."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.films.tables import Film
from app.proposals.origins import MANUAL, CandidateOrigin, network_source
from app.studies.studies import protocol_of
from app.studies.tables import Study

CHUNK = 500


def sources_of(study: Study) -> list[str]:
    """Return the study's sources: the hand-drawn mask in stage I, then its networks."""
    first = [MANUAL] if protocol_of(study).hand_drawn else []
    return first + [network_source(name) for name in study.networks]


def missing(
    session: Session, study: Study, *, film_ids: Sequence[int] | None = None
) -> dict[int, list[str]]:
    """Return, for each film that lacks candidates and could have them, the sources it lacks.

    With ``film_ids`` only these films are looked at.

    A film without hand-drawn mask cannot have that candidate, so it does not stand here for it.
    """
    sources = sources_of(study)
    query = select(Film.id, Film.manual_mask_sha).where(Film.study_id == study.id)
    if film_ids is not None:
        query = query.where(Film.id.in_(film_ids))
    films = session.execute(query.order_by(Film.id)).all()
    lacks: dict[int, list[str]] = {}
    for start in range(0, len(films), CHUNK):
        part = films[start : start + CHUNK]
        present = _present(session, [film_id for film_id, _ in part])
        for film_id, manual in part:
            absent = [
                source
                for source in sources
                if (film_id, source) not in present and (source != MANUAL or manual is not None)
            ]
            if absent:
                lacks[film_id] = absent
    return lacks


def _present(session: Session, film_ids: Sequence[int]) -> set[tuple[int, str]]:
    query = select(CandidateOrigin.film_id, CandidateOrigin.source).where(
        CandidateOrigin.film_id.in_(film_ids)
    )
    return {(film_id, source) for film_id, source in session.execute(query)}


def count_without_hand_drawn(session: Session, study: Study) -> int:
    """Return how many films have no hand-drawn mask: in stage I they can be no case."""
    query = select(func.count()).where(Film.study_id == study.id, Film.manual_mask_sha.is_(None))
    return session.scalar(query) or 0
