"""The physicians' drawings of a study, compared in pairs of one film."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blobs.store import BlobStore
from app.films.tables import Film
from app.masks.codec import from_png
from app.masks.grid import display_grid
from app.masks.measures import dice
from app.proposals.origins import CandidateOrigin
from app.proposals.tables import Candidate
from app.reports.gather import Gathered
from app.statistics.drawings import (
    Alike,
    Drawings,
    DrawnFirst,
    alike,
    drawings,
    drawn_first,
    sample,
)
from app.statistics.votes import Ints, Votes
from app.votes.tables import Drawing

MOST_PAIRS = 200
MOST_BLANK = 200
MOST_PIXELS = 2**31
GRID_PIXELS = 2.0
"""Tolerance of the surface Dice, in pixels of the display grid: below it near-twins are merged."""


def drawn_alike(
    session: Session, found: Gathered, *, seed: int, long_side: int, own: bool = False
) -> Drawings | None:
    """Return how alike drawings of one film are, of at most `MOST_PAIRS` pairs drawn at random.

    Between readers; with ``own``, between a reader's first drawing and the one on the repeat.
    """
    votes = found.votes
    drew = found.drawing_ids >= 0
    drew &= (votes.repeat != 0) | ~votes.blank if own else (votes.repeat <= 0)
    rows = np.flatnonzero(drew)
    unit = votes.film[rows]
    if own:
        unit = unit * max(len(found.readers), 1) + votes.reader[rows]
    pairs, of = sample(unit, most=MOST_PAIRS, seed=seed)
    chosen = [(int(rows[a]), int(rows[b])) for a, b in pairs]
    kept = [(a, b) for a, b in chosen if own or votes.reader[a] != votes.reader[b]]
    return drawings(_compared(session, found, kept, long_side), of=of, seed=seed)


def first_drawn(
    session: Session, blobs: BlobStore, found: Gathered, *, seed: int
) -> DrawnFirst | None:
    """Return how drawings made before any proposal was seen compare with what was proposed.

    At most `MOST_BLANK` of them, drawn at random; a film lacking a source is left out.
    """
    votes = found.votes
    every = np.flatnonzero(votes.blank & (found.drawing_ids >= 0))
    rng = np.random.default_rng(seed)
    rows = every if len(every) <= MOST_BLANK else np.sort(rng.choice(every, MOST_BLANK, False))
    kept, likeness, taken = [], [], []
    for row in rows.tolist():
        masks = _proposed(session, blobs, found, row)
        if masks:
            drawing = _mask(_png(session, found.drawing_ids, row))
            kept.append(row)
            likeness.append([dice(drawing, _mask(mask)) for mask in masks])
            taken.append(_taken_later(votes, row))
    size = (len(kept), len(votes.sources))
    return drawn_first(
        np.array(likeness, np.float64).reshape(size),
        votes.patient[kept],
        np.array(taken, np.bool_).reshape(size),
        of=len(every),
        seed=seed,
    )


def _proposed(session: Session, blobs: BlobStore, found: Gathered, row: int) -> list[bytes]:
    """Return the masks of the row's film in the order of sources; none where one is missing."""
    query = (
        select(CandidateOrigin.source, Candidate.mask_sha)
        .join(Candidate, Candidate.id == CandidateOrigin.candidate_id)
        .where(CandidateOrigin.film_id == found.films[found.votes.film[row]].id)
    )
    known = {source: sha for source, sha in session.execute(query)}
    sources = found.votes.sources
    return [blobs.get(known[one]) for one in sources] if known.keys() >= set(sources) else []


def _taken_later(votes: Votes, row: int) -> NDArray[np.bool_]:
    """Return bool[S]: the sources in the one slot that the row's reader chose on its film."""
    same = (votes.film == votes.film[row]) & (votes.reader == votes.reader[row])
    chosen = np.flatnonzero(same & ~votes.blank & (votes.repeat == 0))
    if not len(chosen) or votes.chosen[chosen[0]].sum() != 1:
        return np.zeros(len(votes.sources), np.bool_)
    slot = int(votes.chosen[chosen[0]].argmax())
    taken: NDArray[np.bool_] = votes.members[votes.slots[chosen[0], slot]]
    return taken


def _mask(png: bytes) -> NDArray[np.bool_]:
    return from_png(png, max_pixels=MOST_PIXELS)


def _compared(
    session: Session, found: Gathered, pairs: list[tuple[int, int]], long_side: int
) -> Iterator[Alike]:
    votes = found.votes
    for a, b in pairs:
        film = session.get_one(Film, found.films[votes.film[a]].id)
        native = (film.native_h, film.native_w)
        masks = [_mask(_png(session, found.drawing_ids, row)) for row in (a, b)]
        tolerance = GRID_PIXELS * max(native) / max(display_grid(native, long_side))
        yield alike(
            *masks, film=int(votes.film[a]), patient=int(votes.patient[a]), tolerance=tolerance
        )


def _png(session: Session, drawing_ids: Ints, row: int) -> bytes:
    query = select(Drawing.mask_png).where(Drawing.id == int(drawing_ids[row]))
    return session.execute(query).scalar_one()
