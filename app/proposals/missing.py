"""What a study still lacks: a set difference, so that any run can resume."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, exists, func, select
from sqlalchemy.orm import Session

from app.films.tables import Film
from app.proposals.origins import GOOD, MANUAL, CandidateOrigin, network_source
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


@dataclass(frozen=True)
class Tally:
    """How many films a study has, and how many of them have, or lack, which candidates.

    ``complete`` films have one of every source; ``lacking`` ones lack one that they could have.
    ``sentinels`` have all, but are no cases and not among the complete.
    """

    films: int
    complete: int
    lacking: int
    without_hand_drawn: int
    sentinels: int = 0


def tally(session: Session, study: Study) -> Tally:
    """Count in the database what `missing` would list: a second for 200,000 films.

    For pages there is `app.proposals.standings.tally_of_standings`.
    """
    sources = sources_of(study)
    have = (
        select(func.count())
        .where(CandidateOrigin.film_id == Film.id, CandidateOrigin.source.in_(sources))
        .scalar_subquery()
    )
    planted = exists().where(CandidateOrigin.film_id == Film.id, CandidateOrigin.source == GOOD)
    no_mask = Film.manual_mask_sha.is_(None)
    could_have = case((no_mask, len(set(sources) - {MANUAL})), else_=len(sources))
    counted = (
        select(
            have.label("have"),
            could_have.label("could_have"),
            no_mask.label("no_mask"),
            planted.label("planted"),
        )
        .where(Film.study_id == study.id)
        .cte("counted")
        # Or each of the counts below would count a film's candidates again.
        .prefix_with("MATERIALIZED")
    )
    films, complete, lacking, without, sentinels = session.execute(
        select(
            func.count(),
            func.count().filter(counted.c.have == len(sources), ~counted.c.planted),
            func.count().filter(counted.c.have < counted.c.could_have),
            func.count().filter(counted.c.no_mask),
            func.count().filter(counted.c.planted),
        ).select_from(counted)
    ).one()
    return Tally(films, complete, lacking, without if MANUAL in sources else 0, sentinels)
