"""How alike each film's candidates are, kept as rows: computed once, from pixels alone.

The run that proposes computes it film by film; opening a study computes what is still missing.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blobs.store import BlobStore
from app.films.tables import Film
from app.masks.grid import display_grid
from app.masks.likeness import Alike, Near, compare
from app.proposals.missing import sources_of
from app.proposals.origins import by_source
from app.proposals.tables import Candidate, Likeness
from app.studies.protocol import Design, Protocol
from app.studies.studies import protocol_of
from app.studies.tables import Study

CHUNK = 500


def survey(
    session: Session, blobs: BlobStore, study: Study, *, candidates: Mapping[int, Sequence[int]]
) -> dict[int, Likeness]:
    """Return how alike the ``candidates`` (ids, by film) are; what is not known is computed."""
    protocol = protocol_of(study)
    found = known(session, candidates=candidates)
    for film_id, ids in candidates.items():
        if film_id not in found:
            row = session.get(Likeness, film_id)
            found[film_id] = _compared(session, blobs, protocol, film_id, ids, row)
    session.flush()
    return found


def known(session: Session, *, candidates: Mapping[int, Sequence[int]]) -> dict[int, Likeness]:
    """Return how alike the ``candidates`` are, of those films of which just these were compared."""
    found: dict[int, Likeness] = {}
    for part in _parts(list(candidates)):
        for row in session.scalars(select(Likeness).where(Likeness.film_id.in_(part))):
            if sorted(chain(*row.groups)) == sorted(candidates[row.film_id]):
                found[row.film_id] = row
    return found


def survey_complete(
    session: Session, blobs: BlobStore, study: Study, *, film_ids: Sequence[int]
) -> dict[int, Likeness]:
    """Do `survey` for those of the films that have a candidate of every source."""
    complete = by_source(session, film_ids=film_ids, sources=sources_of(study))
    return survey(session, blobs, study, candidates=complete)


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


def _compared(
    session: Session,
    blobs: BlobStore,
    protocol: Protocol,
    film_id: int,
    ids: Sequence[int],
    row: Likeness | None,
) -> Likeness:
    film = session.get_one(Film, film_id)
    # In an order of pixels: of near-twins, the one that is shown is not chosen by its origin.
    found = session.scalars(
        select(Candidate)
        .where(Candidate.id.in_(ids))
        .order_by(Candidate.grid_sha, Candidate.mask_sha, Candidate.id)
    ).all()
    alike = _alike(blobs, protocol, film, found)
    if row is None:
        row = Likeness(film_id=film_id)
        session.add(row)
    row.disagreement = alike.disagreement
    row.groups = [[found[member].id for member in group] for group in alike.groups]
    return row


def _alike(blobs: BlobStore, protocol: Protocol, film: Film, found: Sequence[Candidate]) -> Alike:
    grid = display_grid((film.native_h, film.native_w), protocol.display.long_side)
    packed = [blobs.get(one.grid_sha) for one in found]
    return compare(packed, grid, near=near_of(protocol.design))


def near_of(design: Design) -> Near | None:
    """Return when candidates of a film share a slot; None where they never do."""
    return Near(design.merge_dice, design.merge_hd95) if design.merge else None


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
