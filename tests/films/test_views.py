"""A film that is nearly another of its study is taken, and said to be so."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blobs.store import BlobStore
from app.clock import FixedClock
from app.films.ingest import Outcome, ingest_folder
from app.films.tables import Film, FilmView
from app.films.views import count_same_views, same_views
from app.studies.protocol import Protocol
from app.studies.studies import create
from app.studies.tables import Study
from tests.films.files import LIMITS
from tests.twins.changed import SAME_VIEW, Grey, film


@pytest.fixture
def study(session: Session, clock: FixedClock) -> Study:
    """A study without films."""
    return create(session, name="A", stage=1, protocol=Protocol(), networks=[], clock=clock)


def taken(
    session: Session, blobs: BlobStore, study: Study, clock: FixedClock, folder: Path, **films: Grey
) -> dict[str, Outcome]:
    """Import films by their names."""
    folder.mkdir()
    for name, grey in films.items():
        Image.fromarray(np.ascontiguousarray(grey)).save(folder / f"{name}.png")
    found = ingest_folder(
        session, blobs, study_id=study.id, folder=folder, limits=LIMITS, clock=clock
    )
    return {outcome.name.removesuffix(".png"): outcome for outcome in found}


def test_a_mirrored_film_is_taken_and_names_the_other(
    session: Session, blobs: BlobStore, study: Study, clock: FixedClock, tmp_path: Path
) -> None:
    said = taken(
        session, blobs, study, clock, tmp_path / "in", a=film(1), b=film(4), c=film(1)[:, ::-1]
    )
    assert [outcome.status for outcome in said.values()] == ["taken"] * 3
    assert said["c"].reason == "Nearly the same film as a.png: mirrored."
    assert [name for name, outcome in said.items() if outcome.same_view] == ["c"]
    (same,) = same_views(session, study_id=study.id, limit=9)
    assert (same.film.name, same.twin.name, same.differs) == ("c.png", "a.png", "mirrored")
    assert count_same_views(session, study_id=study.id) == 1


@pytest.mark.parametrize("change", SAME_VIEW)
def test_a_film_that_came_with_an_earlier_import_is_known_again(
    change: str,
    session: Session,
    blobs: BlobStore,
    study: Study,
    clock: FixedClock,
    tmp_path: Path,
) -> None:
    taken(session, blobs, study, clock, tmp_path / "first", a=film(1), b=film(4))
    again = taken(session, blobs, study, clock, tmp_path / "then", z=SAME_VIEW[change](film(4)))
    assert again["z"].reason.startswith("Nearly the same film as b.png: ")


def test_another_study_is_not_looked_at(
    session: Session, blobs: BlobStore, study: Study, clock: FixedClock, tmp_path: Path
) -> None:
    other = create(session, name="B", stage=1, protocol=Protocol(), networks=[], clock=clock)
    taken(session, blobs, study, clock, tmp_path / "first", a=film(1))
    said = taken(session, blobs, other, clock, tmp_path / "then", b=255 - film(1))
    assert not said["b"].same_view


def test_a_film_on_which_nothing_is_seen_is_like_no_other(
    session: Session, blobs: BlobStore, study: Study, clock: FixedClock, tmp_path: Path
) -> None:
    flat = {f"flat{n}": np.full((40, 40), n, np.uint8) for n in (5, 9)}
    said = taken(session, blobs, study, clock, tmp_path / "in", **flat)
    assert not any(outcome.same_view for outcome in said.values())


def test_the_same_pixels_twice_are_one_film_with_one_code(
    session: Session, blobs: BlobStore, study: Study, clock: FixedClock, tmp_path: Path
) -> None:
    said = taken(session, blobs, study, clock, tmp_path / "in", a=film(1), b=film(1))
    assert [outcome.status for outcome in said.values()] == ["taken", "known"]
    films = session.scalars(select(Film.id)).all()
    assert session.scalars(select(FilmView.film_id)).all() == films
