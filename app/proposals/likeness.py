"""How alike each film's candidates are, kept as rows: computed once, from pixels alone.

The run that proposes computes it film by film, and what comes before opening a study does the rest
(`app.conduct.comparing`): `to_compare` reads, `compared` looks at masks, `keep` writes a row.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blobs.store import BlobStore
from app.films.tables import Film
from app.masks.grid import display_grid
from app.masks.likeness import Alike, Near, compare
from app.proposals.tables import Candidate, Likeness
from app.studies.protocol import Design
from app.studies.studies import protocol_of
from app.studies.tables import Study

CHUNK = 500


@dataclass(frozen=True)
class Comparison:
    """A film whose candidates are to be compared; holds all that `compared` needs of the database.

    ``candidates`` are ids and ``masks`` their blobs' names, in an order of pixels: of near-twins,
    the one that is shown is not chosen by its origin.
    """

    film_id: int
    candidates: tuple[int, ...]
    masks: tuple[str, ...]
    grid: tuple[int, int]
    near: Near | None


def survey(
    session: Session, blobs: BlobStore, study: Study, *, candidates: Mapping[int, Sequence[int]]
) -> dict[int, Likeness]:
    """Return how alike the ``candidates`` (ids, by film) are; what is not known is computed."""
    found = known(session, candidates=candidates)
    missing = {one: ids for one, ids in candidates.items() if one not in found}
    for job in to_compare(session, study, candidates=missing):
        found[job.film_id] = keep(session, job, compared(blobs, job))
    return found


def to_compare(
    session: Session, study: Study, *, candidates: Mapping[int, Sequence[int]]
) -> Iterator[Comparison]:
    """Yield what is to be compared of the ``candidates`` (ids, by film); only reads."""
    protocol = protocol_of(study)
    for film_id, ids in candidates.items():
        film = session.get_one(Film, film_id)
        order = (Candidate.grid_sha, Candidate.mask_sha, Candidate.id)
        found = session.execute(
            select(Candidate.id, Candidate.grid_sha).where(Candidate.id.in_(ids)).order_by(*order)
        ).all()
        yield Comparison(
            film_id=film_id,
            candidates=tuple(one for one, _ in found),
            masks=tuple(sha for _, sha in found),
            grid=display_grid((film.native_h, film.native_w), protocol.display.long_side),
            near=near_of(protocol.design),
        )


def compared(blobs: BlobStore, job: Comparison) -> Alike:
    """Compare a film's candidates; no database."""
    return compare([blobs.get(sha) for sha in job.masks], job.grid, near=job.near)


def keep(session: Session, job: Comparison, alike: Alike) -> Likeness:
    """Write how alike a film's candidates are. The caller holds the study, or is alone."""
    row = session.get(Likeness, job.film_id)
    if row is None:
        row = Likeness(film_id=job.film_id)
        session.add(row)
    row.disagreement = alike.disagreement
    row.groups = [[job.candidates[member] for member in group] for group in alike.groups]
    session.flush()
    return row


def known(session: Session, *, candidates: Mapping[int, Sequence[int]]) -> dict[int, Likeness]:
    """Return how alike the ``candidates`` are, of those films of which just these were compared."""
    found: dict[int, Likeness] = {}
    for part in _parts(list(candidates)):
        for row in session.scalars(select(Likeness).where(Likeness.film_id.in_(part))):
            if sorted(chain(*row.groups)) == sorted(candidates[row.film_id]):
                found[row.film_id] = row
    return found


def credited(session: Session, candidate_ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """Return, for each candidate that was shown, all that it stood for, itself the first.

    Near-twins share one slot; a vote for it is a vote for each of them.
    """
    members: dict[int, tuple[int, ...]] = {
        candidate_id: (candidate_id,) for candidate_id in candidate_ids
    }
    for part in _parts(candidate_ids):
        groups = (
            select(Likeness.groups)
            .join(Candidate, Candidate.film_id == Likeness.film_id)
            .where(Candidate.id.in_(part))
        )
        for of_film in session.scalars(groups):
            members.update({group[0]: tuple(group) for group in of_film if group[0] in members})
    return members


def near_of(design: Design) -> Near | None:
    """Return when candidates of a film share a slot; None where they never do."""
    return Near(design.merge_dice, design.merge_hd95) if design.merge else None


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
