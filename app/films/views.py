"""Which films of a study show the same view: told at import, and refused nowhere."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app.films.tables import Film, FilmView
from app.twins.changes import Change
from app.twins.near import SAME_VIEW, how, likeness, read_codes


@dataclass(frozen=True)
class SameView:
    """A film and the one that showed the same view in its study before.

    ``differs`` is ``change`` in English; films of older releases have no ``change``.
    """

    film: Film
    twin: Film
    differs: str
    change: Change | None


def sentence(name: str, differs: str) -> str:
    """Return what an admin reads of a film that is nearly the film ``name``."""
    return f"Nearly the same film as {name}: {differs}."


@dataclass(frozen=True)
class Nearest:
    """The film of a study that shows the view of a new one, and what differs."""

    film_id: int
    name: str
    change: Change

    @property
    def differs(self) -> str:
        """The change in English words."""
        return self.change.words()


def nearest(session: Session, *, study_id: int, near: str) -> Nearest | None:
    """Return the film of the study that is nearly the one of this near code, if there is one."""
    query = select(FilmView.film_id, FilmView.near).where(
        FilmView.study_id == study_id, FilmView.near != ""
    )
    rows = session.execute(query).all() if near else []
    if not rows:
        return None
    codes = read_codes([code for _, code in rows])
    (sought,) = read_codes([near])
    alike = likeness(sought, codes)
    best = int(np.argmax(alike))
    if alike[best] < SAME_VIEW:
        return None
    film = session.get_one(Film, rows[best][0])
    return Nearest(film.id, film.name, how(sought, codes[best]))


def keep(session: Session, film: Film, *, near: str, twin: Nearest | None) -> None:
    """Keep the near code of a film that was just taken, and which film it nearly is."""
    row = FilmView(film_id=film.id, study_id=film.study_id, near=near)
    if twin is not None:
        row.twin_id, row.differs, row.change = twin.film_id, twin.differs, twin.change.plain()
    session.add(row)
    session.flush()


def count_same_views(session: Session, *, study_id: int) -> int:
    """Return how many films of a study are nearly another."""
    query = select(func.count()).where(FilmView.study_id == study_id, FilmView.twin_id.is_not(None))
    return session.scalar(query) or 0


def same_views(
    session: Session, *, study_id: int, limit: int, film_id: int | None = None
) -> Sequence[SameView]:
    """Return films of a study that are nearly another, by name; only of ``film_id`` if given."""
    twin = aliased(Film)
    query = (
        select(Film, twin, FilmView.differs, FilmView.change)
        .join(FilmView, FilmView.film_id == Film.id)
        .join(twin, twin.id == FilmView.twin_id)
        .where(FilmView.study_id == study_id)
        .order_by(Film.name)
        .limit(limit)
    )
    if film_id is not None:
        query = query.where((Film.id == film_id) | (twin.id == film_id))
    return [
        SameView(film, other, differs or "", Change(**change) if change else None)
        for film, other, differs, change in session.execute(query)
    ]
