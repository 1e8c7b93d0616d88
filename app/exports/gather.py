"""What goes into a training set: settled cases, with origin and votes, in a fixed order."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.ballots.tables import Ballot, Case
from app.films.tables import Film
from app.proposals.likeness import credited
from app.proposals.origins import CandidateOrigin
from app.proposals.tables import Candidate
from app.settlement.listing import sources_sharing
from app.settlement.rules import Word
from app.settlement.settle import DRAWING, MASK
from app.settlement.tables import Settlement
from app.studies.tables import Study
from app.votes.tables import Drawing, Vote

CHUNK = 200
USABLE = (MASK, DRAWING, str(Word.NO_INFECTION))


@dataclass(frozen=True)
class SettledCase:
    """One settled case with everything that the export tells of it."""

    film: Film
    settlement: Settlement
    mask_sha: str | None
    drawing_png: bytes | None
    origin: str
    shared_with: tuple[str, ...]
    network_sha: str | None
    fold: int | None
    votes: tuple[dict[str, object], ...]

    @property
    def usable(self) -> bool:
        """Whether the outcome is a mask, be it an empty one."""
        return self.settlement.outcome in USABLE


def settled_cases(session: Session, study: Study) -> Iterator[SettledCase]:
    """Yield the study's cases by film digest; readers are numbered, not named."""
    query = (
        select(Settlement.film_id)
        .join(Film, Film.id == Settlement.film_id)
        .where(Settlement.study_id == study.id)
        .order_by(Film.pixels_sha)
    )
    film_ids = session.scalars(query).all()
    readers = _reader_numbers(session, study)
    for start in range(0, len(film_ids), CHUNK):
        yield from _part(session, film_ids[start : start + CHUNK], readers)


def case_count(session: Session, study: Study) -> int:
    """Return how many cases the study has: what an export must account for."""
    return len(session.scalars(select(Case.film_id).where(Case.study_id == study.id)).all())


def _reader_numbers(session: Session, study: Study) -> dict[int, int]:
    query = select(Ballot.physician_id).where(Ballot.study_id == study.id).distinct()
    return {user_id: number for number, user_id in enumerate(sorted(session.scalars(query)), 1)}


def _part(
    session: Session, film_ids: Sequence[int], readers: dict[int, int]
) -> Iterator[SettledCase]:
    settlements = {
        row.film_id: row
        for row in session.scalars(select(Settlement).where(Settlement.film_id.in_(film_ids)))
    }
    films = select(Film).where(Film.id.in_(film_ids)).options(joinedload(Film.patient))
    film_of = {film.id: film for film in session.scalars(films)}
    origins = _origins(session, film_ids)
    votes = _votes(session, film_ids, readers)
    chosen = [row.candidate_id for row in settlements.values() if row.candidate_id is not None]
    shared = sources_sharing(session, candidate_ids=chosen)
    for film_id in film_ids:
        settlement = settlements[film_id]
        candidate, origin = origins.get(settlement.candidate_id or 0, (None, None))
        drawing = session.get_one(Drawing, settlement.drawing_id) if settlement.drawing_id else None
        yield SettledCase(
            film=film_of[film_id],
            settlement=settlement,
            mask_sha=candidate.mask_sha if candidate else None,
            drawing_png=drawing.mask_png if drawing else None,
            origin=_origin_word(settlement, origin),
            shared_with=shared.get(settlement.candidate_id or 0, ()),
            network_sha=origin.network_sha if origin else None,
            fold=origin.fold if origin else None,
            votes=tuple(votes[film_id]),
        )


def _origin_word(settlement: Settlement, origin: CandidateOrigin | None) -> str:
    if origin is not None:
        return origin.source
    return "physician" if settlement.outcome == DRAWING else "none"


def _origins(
    session: Session, film_ids: Sequence[int]
) -> dict[int, tuple[Candidate, CandidateOrigin]]:
    query = (
        select(Candidate, CandidateOrigin)
        .join(CandidateOrigin, CandidateOrigin.candidate_id == Candidate.id)
        .where(Candidate.film_id.in_(film_ids))
    )
    return {candidate.id: (candidate, origin) for candidate, origin in session.execute(query)}


def _votes(
    session: Session, film_ids: Sequence[int], readers: dict[int, int]
) -> dict[int, list[dict[str, object]]]:
    """Return every vote of the films, also those that do not count, by film."""
    query = (
        select(Vote, Ballot)
        .join(Ballot, Ballot.id == Vote.ballot_id)
        .where(Ballot.film_id.in_(film_ids))
        .order_by(Vote.id)
    )
    votes: dict[int, list[dict[str, object]]] = defaultdict(list)
    sources = _sources_by_slot(session, film_ids)
    for vote, ballot in session.execute(query):
        votes[ballot.film_id].append(
            {
                "reader": readers[ballot.physician_id],
                "answer": vote.answer,
                "sources": sorted(
                    source for position in vote.positions for source in sources[ballot.id, position]
                ),
                "slots": vote.positions,
                "sure": vote.sure,
                "shown_at": vote.shown_at.isoformat() if vote.shown_at else None,
                "answered_at": vote.answered_at.isoformat(),
                "holds_place": ballot.place is not None,
                "ballot": ballot.kind,
                "repeat": ballot.repeat_no > 0,
                "native": ballot.native,
            }
        )
    return votes


def _sources_by_slot(
    session: Session, film_ids: Sequence[int]
) -> dict[tuple[int, int], tuple[str, ...]]:
    """Return the sources that each slot stood for: near-twins share one, and its credit."""
    query = select(Ballot).where(Ballot.film_id.in_(film_ids)).options(joinedload(Ballot.slots))
    ballots = session.scalars(query).unique().all()
    names = {
        candidate_id: origin.source
        for candidate_id, (_, origin) in _origins(session, film_ids).items()
    }
    members = credited(session, list(names))
    return {
        (ballot.id, slot.position): tuple(names[one] for one in members[slot.candidate_id])
        for ballot in ballots
        for slot in ballot.slots
    }
