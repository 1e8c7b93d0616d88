"""From a folder to films of a study: each named, nothing twice, the rest goes on."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.blobs.store import BlobStore
from app.clock import FixedClock
from app.films.ingest import Outcome, ingest_entries, ingest_film, ingest_folder
from app.films.layout import read_layout
from app.films.store import display_png, load_pixels
from app.films.tables import Film, Patient
from app.films.voi import display
from app.masks.codec import from_png, to_png
from app.studies.protocol import Protocol
from app.studies.studies import create
from app.studies.tables import Study
from tests.films.files import LIMITS, dicom, grey_image, picture, ramp

Ingest = Callable[[Path], list[Outcome]]


@pytest.fixture
def study(session: Session, clock: FixedClock) -> Study:
    """A study without films."""
    return create(session, name="A", stage=1, protocol=Protocol(), networks=[], clock=clock)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two films, one with a mask, and a file that is none."""
    root = tmp_path / "data"
    write(root / "a.png", picture(grey_image()))
    write(root / "b.dcm", dicom(ramp(12), bits=12, PhotometricInterpretation="MONOCHROME1"))
    write(root / "c.txt", b"no film")
    write(root / "masks/a.png", to_png(np.asarray(grey_image()) > 90))
    table(root, "a.png,masks/a.png,p1,PA,COVID-19", "b.dcm,,p1,,", "c.txt,,,,")
    return root


def write(path: Path, data: bytes) -> None:
    """Write a file in a folder that may be new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def table(root: Path, *rows: str) -> None:
    """Write a table of films."""
    heading = "file,infection,patient_id,view,finding"
    (root / "films.csv").write_text("\n".join([heading, *rows]), encoding="utf-8")


@pytest.fixture
def ingest(session: Session, blobs: BlobStore, study: Study, clock: FixedClock) -> Ingest:
    """Import a folder into the study."""

    def run(folder: Path) -> list[Outcome]:
        found = ingest_folder(
            session, blobs, study_id=study.id, folder=folder, limits=LIMITS, clock=clock
        )
        return list(found)

    return run


def statuses(outcomes: list[Outcome]) -> dict[str, str]:
    """Return what became of each file."""
    return {outcome.name: outcome.status for outcome in outcomes}


def film_named(session: Session, name: str) -> Film:
    """Return a film."""
    return session.scalars(select(Film).where(Film.name == name)).one()


def test_each_file_is_taken_or_refused_by_name(ingest: Ingest, folder: Path) -> None:
    outcomes = ingest(folder)
    assert statuses(outcomes) == {"a.png": "taken", "b.dcm": "taken", "c.txt": "refused"}
    assert [outcome.has_mask for outcome in outcomes] == [True, False, False]
    assert outcomes[2].code == "not-an-image"
    assert outcomes[2].reason.endswith(".")


def test_a_row_says_what_the_film_is(
    ingest: Ingest, folder: Path, session: Session, clock: FixedClock
) -> None:
    ingest(folder)
    film = film_named(session, "a.png")
    assert (film.native_h, film.native_w, film.bits) == (20, 30, 8)
    assert (film.view, film.finding, film.photometric) == ("PA", "COVID-19", "MONOCHROME2")
    assert film.imported_at == clock.now()
    other = film_named(session, "b.dcm")
    assert other.patient is not None
    assert other.patient_id == film.patient_id
    assert session.scalar(select(func.count()).select_from(Patient)) == 1


def test_the_store_gives_the_film_back(
    ingest: Ingest, folder: Path, session: Session, blobs: BlobStore
) -> None:
    ingest(folder)
    for film in session.scalars(select(Film)):
        pixels = load_pixels(blobs, film)
        assert pixels.sha256() == film.pixels_sha
        with Image.open(io.BytesIO(display_png(blobs, film))) as shown:
            assert (shown.format, shown.mode) == ("PNG", "L")
            assert np.array_equal(np.asarray(shown), display(pixels))


def test_a_hand_drawn_mask_is_kept_pixel_for_pixel(
    ingest: Ingest, folder: Path, session: Session, blobs: BlobStore
) -> None:
    ingest(folder)
    sha = film_named(session, "a.png").manual_mask_sha
    assert sha is not None
    kept = from_png(blobs.get(sha), max_pixels=10**6)
    assert np.array_equal(kept, np.asarray(grey_image()) > 90)


def test_importing_again_changes_nothing(
    ingest: Ingest, folder: Path, session: Session, blobs: BlobStore
) -> None:
    ingest(folder)
    session.commit()
    before = [(f.id, f.name, f.imported_at) for f in session.scalars(select(Film))]
    again = ingest(folder)
    assert statuses(again) == {"a.png": "known", "b.dcm": "known", "c.txt": "refused"}
    assert not session.dirty
    assert not session.new
    assert [(f.id, f.name, f.imported_at) for f in session.scalars(select(Film))] == before
    assert again[0].has_mask
    assert again[0].reason == ""


def test_a_mask_that_comes_later_is_added_and_said(
    ingest: Ingest, folder: Path, session: Session
) -> None:
    ingest(folder)
    write(folder / "masks/b.png", to_png(ramp(12) > 2000))
    table(folder, "b.dcm,masks/b.png,,,")
    (outcome,) = ingest(folder)
    assert (outcome.status, outcome.has_mask) == ("known", True)
    assert outcome.reason == "Its infection mask was added."
    assert film_named(session, "b.dcm").manual_mask_sha is not None


def test_another_mask_does_not_replace_the_first(
    ingest: Ingest, folder: Path, session: Session
) -> None:
    ingest(folder)
    before = film_named(session, "a.png").manual_mask_sha
    write(folder / "masks/a.png", to_png(np.asarray(grey_image()) > 50))
    assert "another infection mask already" in ingest(folder)[0].reason
    assert film_named(session, "a.png").manual_mask_sha == before


def test_the_same_film_under_another_name_is_known(ingest: Ingest, tmp_path: Path) -> None:
    write(tmp_path / "data/a.png", picture(grey_image()))
    write(tmp_path / "data/b.bmp", picture(grey_image(), "BMP"))
    outcomes = ingest(tmp_path / "data")
    assert statuses(outcomes) == {"a.png": "taken", "b.bmp": "known"}
    assert outcomes[1].reason == "The same film as a.png."


@pytest.mark.parametrize(
    ("mask", "code"),
    [(to_png(np.ones((5, 5), np.bool_)), "mask-size"), (b"no mask", "not-an-image")],
)
def test_a_film_with_a_wrong_mask_is_refused_and_the_rest_goes_on(
    ingest: Ingest, folder: Path, mask: bytes, code: str
) -> None:
    write(folder / "masks/a.png", mask)
    outcomes = ingest(folder)
    assert statuses(outcomes) == {"a.png": "refused", "b.dcm": "taken", "c.txt": "refused"}
    assert outcomes[0].code == code
    assert outcomes[0].reason.startswith("infection mask a.png: ")


@pytest.mark.parametrize("levels", [(0, 1), (0, 255), (30, 200), (0, 128)])
def test_a_mask_may_be_drawn_in_any_two_greys(
    ingest: Ingest, folder: Path, session: Session, blobs: BlobStore, levels: tuple[int, int]
) -> None:
    inside = np.asarray(grey_image()) > 90
    grey = np.where(inside, *reversed(levels)).astype(np.uint8)
    write(folder / "masks/a.png", picture(Image.fromarray(grey).convert("RGB")))
    ingest(folder)
    sha = film_named(session, "a.png").manual_mask_sha
    assert sha is not None
    assert np.array_equal(from_png(blobs.get(sha), max_pixels=10**6), inside)


def test_an_empty_mask_stays_empty(
    ingest: Ingest, folder: Path, session: Session, blobs: BlobStore
) -> None:
    write(folder / "masks/a.png", to_png(np.zeros((20, 30), np.bool_)))
    ingest(folder)
    sha = film_named(session, "a.png").manual_mask_sha
    assert sha is not None
    assert not from_png(blobs.get(sha), max_pixels=10**6).any()


def test_files_that_cannot_be_opened_are_named(ingest: Ingest, tmp_path: Path) -> None:
    write(tmp_path / "data/a.png", bytes(LIMITS.max_bytes + 1))
    table(tmp_path / "data", "a.png,,,,", "gone.png,,,,", "../a.png,,,,")
    codes = [outcome.code for outcome in ingest(tmp_path / "data")]
    assert codes == ["too-many-bytes", "missing", "outside-folder"]


def test_long_names_fit_their_columns(ingest: Ingest, tmp_path: Path, session: Session) -> None:
    long = "x" * 120
    write(tmp_path / "data" / long / f"{long}.png", picture(grey_image()))
    table(tmp_path / "data", f"{long}/{long}.png,,{'p' * 300},{'v' * 300},{'f' * 300}")
    assert ingest(tmp_path / "data")[0].status == "taken"
    session.flush()
    film = session.scalars(select(Film)).one()
    assert len(film.name) == 200
    assert film.view is not None
    assert len(film.view) == 40


def test_an_import_that_stops_halfway_goes_on_where_it_was(
    session: Session, blobs: BlobStore, study: Study, clock: FixedClock, folder: Path
) -> None:
    entries = read_layout(folder)
    found = ingest_entries(session, blobs, entries, study_id=study.id, limits=LIMITS, clock=clock)
    assert next(found).status == "taken"
    session.commit()
    found.close()  # type: ignore[attr-defined]
    rest = [
        ingest_film(
            session, blobs, study_id=study.id, entry=entry, limits=LIMITS, clock=clock
        ).status
        for entry in entries
    ]
    assert rest == ["known", "taken", "refused"]


def test_blobs_are_put_before_the_row(
    session: Session, blobs: BlobStore, study: Study, clock: FixedClock, folder: Path
) -> None:
    found = ingest_folder(
        session, blobs, study_id=study.id, folder=folder, limits=LIMITS, clock=clock
    )
    for outcome in found:
        if outcome.status == "taken":
            film = film_named(session, outcome.name)
            assert blobs.has(film.blob_sha)
            assert blobs.has(film.display_sha)
