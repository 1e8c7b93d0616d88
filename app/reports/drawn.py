"""The physicians' drawings of a study, compared in pairs of one film."""

from collections.abc import Iterator

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.films.tables import Film
from app.masks.codec import from_png
from app.masks.grid import display_grid
from app.reports.gather import Gathered
from app.statistics.drawings import Alike, Drawings, alike, drawings, sample
from app.statistics.votes import Ints
from app.votes.tables import Drawing

MOST_PAIRS = 200
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


def _compared(
    session: Session, found: Gathered, pairs: list[tuple[int, int]], long_side: int
) -> Iterator[Alike]:
    votes = found.votes
    for a, b in pairs:
        film = session.get_one(Film, found.films[votes.film[a]].id)
        native = (film.native_h, film.native_w)
        masks = [
            from_png(_png(session, found.drawing_ids, row), max_pixels=native[0] * native[1])
            for row in (a, b)
        ]
        tolerance = GRID_PIXELS * max(native) / max(display_grid(native, long_side))
        yield alike(
            *masks, film=int(votes.film[a]), patient=int(votes.patient[a]), tolerance=tolerance
        )


def _png(session: Session, drawing_ids: Ints, row: int) -> bytes:
    query = select(Drawing.mask_png).where(Drawing.id == int(drawing_ids[row]))
    return session.execute(query).scalar_one()
