"""Whose a candidate is: the one secret of the house.

Only proposals, conduct.opening, settlement, exports and reports may import this module
(import-linter), and the reading connection cannot read the table (`app.db.engine`).
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.base import Base
from app.db.engine import ORIGINS_TABLE
from app.db.types import Name, Sha256, Utc, Word
from app.proposals.tables import Candidate

MANUAL = "manual"
SENTINEL = "sentinel"
"""The kind of all candidates that only a sentinel shows; they are no source of the study."""
GOOD = "sentinel:good"
"""The source of the one mask on a sentinel that is right to choose."""


def network_source(name: str) -> str:
    """Return the source's name of the network ``name``."""
    return f"network:{name}"


class CandidateOrigin(Base):
    """The origin of one candidate; ``source`` is unique within a film.

    ``author`` is the account name of the physician who drew it, where one is known.
    """

    __tablename__ = ORIGINS_TABLE
    __table_args__ = (UniqueConstraint("film_id", "source"),)

    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id"), primary_key=True)
    film_id: Mapped[int] = mapped_column(ForeignKey("films.id"))
    source: Mapped[Name]
    kind: Mapped[Word]
    network: Mapped[Name | None]
    network_sha: Mapped[Sha256 | None]
    fold: Mapped[int | None]
    threshold: Mapped[float | None]
    author: Mapped[Name | None]
    made_at: Mapped[Utc]


def by_source(
    session: Session, *, film_ids: Iterable[int], sources: list[str]
) -> Mapping[int, list[int]]:
    """Return, for each film that has them all, its candidates' ids in the order of ``sources``."""
    wanted = list(film_ids)
    found: dict[int, dict[str, int]] = {film_id: {} for film_id in wanted}
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        rows = session.execute(
            select(CandidateOrigin.film_id, CandidateOrigin.source, Candidate.id)
            .join(Candidate, Candidate.id == CandidateOrigin.candidate_id)
            .where(CandidateOrigin.film_id.in_(part))
        )
        for film_id, source, candidate_id in rows:
            found[film_id][source] = candidate_id
    return {
        film_id: [candidates[source] for source in sources]
        for film_id, candidates in found.items()
        if all(source in candidates for source in sources)
    }


def drawn_by(session: Session, *, film_ids: Sequence[int]) -> Mapping[int, set[str]]:
    """Return, for each film, the account names of those who drew one of its candidates."""
    authors: dict[int, set[str]] = {film_id: set() for film_id in film_ids}
    for start in range(0, len(film_ids), 500):
        part = film_ids[start : start + 500]
        rows = session.execute(
            select(CandidateOrigin.film_id, CandidateOrigin.author).where(
                CandidateOrigin.film_id.in_(part), CandidateOrigin.author.is_not(None)
            )
        )
        for film_id, author in rows:
            authors[film_id].add(str(author))
    return authors
