"""From a folder to films of a study. What is there already is left as it is.

Blobs are put before the row that names them, so a crash leaves an orphan blob, never a dangling
row. The caller commits, after each film or after some: interrupted, an import goes on where its
last commit stood.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blobs.store import BlobStore
from app.clock import Clock
from app.films import views
from app.films.layout import FilmEntry, read_layout
from app.films.limits import Limits
from app.films.names import printable
from app.films.opening import Opened, ahead, mask_name, open_entry
from app.films.pixels import grey_png
from app.films.prints import near_code_of
from app.films.refusals import FilmRefused
from app.films.tables import Film, Patient
from app.films.voi import display
from app.masks.codec import to_png
from app.problems import Packed

Status = Literal["taken", "known", "refused"]
MASK_COLUMNS = {"infection": "manual_mask_sha", "lungs": "lungs_mask_sha"}
VIEW_LENGTH = 40


@dataclass(frozen=True)
class Outcome:
    """What became of one file. ``code`` is for programs, ``reason`` for people; both may be ''."""

    name: str
    status: Status
    code: str
    reason: str
    has_mask: bool
    same_view: bool = False  # taken, and nearly another film; ``reason`` says which
    told: Packed | None = None  # of a refusal, to be said in another language
    mask_kind: str = ""  # the kind of mask at fault, where it is not the film


@dataclass(frozen=True)
class _Prepared:
    """A film whose blobs are put and whose view is coded, unless its study knew it before."""

    entry: FilmEntry
    opened: Opened
    sha: str
    film: Film | None
    near: str


def ingest_folder(
    session: Session,
    blobs: BlobStore,
    *,
    study_id: int,
    folder: Path,
    limits: Limits,
    clock: Clock,
) -> Iterator[Outcome]:
    """Take the films of ``folder`` into a study, one at a time, and say what became of each.

    Raises `LayoutRefused` if the folder itself cannot be read.
    """
    entries = read_layout(folder)
    return ingest_entries(session, blobs, entries, study_id=study_id, limits=limits, clock=clock)


def ingest_entries(
    session: Session,
    blobs: BlobStore,
    entries: Iterable[FilmEntry],
    *,
    study_id: int,
    limits: Limits,
    clock: Clock,
) -> Iterator[Outcome]:
    """Take ``entries`` into a study, in order.

    Decoding and storing run ahead in threads; the database is touched in this one only.
    """
    known = frozenset(session.scalars(select(Film.pixels_sha).where(Film.study_id == study_id)))
    prepare = partial(_prepare, blobs=blobs, limits=limits, is_known=known.__contains__)
    for found in ahead(prepare, entries):
        if isinstance(found, Outcome):
            yield found
        else:
            yield _take(session, blobs, found, study_id=study_id, clock=clock)


def ingest_film(
    session: Session,
    blobs: BlobStore,
    *,
    study_id: int,
    entry: FilmEntry,
    limits: Limits,
    clock: Clock,
) -> Outcome:
    """Take one film into a study."""

    def is_known(sha: str) -> bool:
        return _present(session, study_id, sha) is not None

    found = _prepare(entry, blobs=blobs, limits=limits, is_known=is_known)
    if isinstance(found, Outcome):
        return found
    return _take(session, blobs, found, study_id=study_id, clock=clock)


def _present(session: Session, study_id: int, sha: str) -> Film | None:
    same = (Film.study_id == study_id) & (Film.pixels_sha == sha)
    return session.scalar(select(Film).where(same))


def _prepare(
    entry: FilmEntry, *, blobs: BlobStore, limits: Limits, is_known: Callable[[str], bool]
) -> _Prepared | Outcome:
    try:
        opened = open_entry(entry, limits)
    except FilmRefused as refused:
        return _refused(entry, refused)
    sha = opened.pixels.sha256()
    if is_known(sha):
        return _Prepared(entry, opened, sha, None, "")
    return _Prepared(entry, opened, sha, _put(blobs, opened, sha), near_code_of(opened.pixels))


def _refused(entry: FilmEntry, refused: FilmRefused) -> Outcome:
    # A mask at fault is named; the film's own name stands beside the reason anyway.
    masks = {mask_name(kind, path): kind for kind, path in entry.masks.items()}
    return Outcome(
        entry.name,
        "refused",
        refused.code,
        refused.reason if refused.film == entry.name else str(refused),
        has_mask=False,
        told=refused.packed(),
        mask_kind=masks.get(refused.film, ""),
    )


def _put(blobs: BlobStore, opened: Opened, sha: str) -> Film:
    pixels, shown = opened.pixels, display(opened.pixels)
    blob_sha = blobs.put(pixels.to_bytes())
    same = pixels.values.dtype == shown.dtype and np.array_equal(shown, pixels.values)
    masks = {MASK_COLUMNS[k]: blobs.put(to_png(mask)) for k, mask in opened.masks.items()}
    return Film(
        pixels_sha=sha,
        blob_sha=blob_sha,
        display_sha=blob_sha if same else blobs.put(grey_png(shown)),
        native_h=pixels.shape[0],
        native_w=pixels.shape[1],
        bits=pixels.bits,
        photometric=pixels.photometric,
        meta=pixels.meta(),
        **masks,
    )


def _take(
    session: Session, blobs: BlobStore, prepared: _Prepared, *, study_id: int, clock: Clock
) -> Outcome:
    entry = prepared.entry
    present = _present(session, study_id, prepared.sha)
    if present is not None:
        return _known(blobs, present, prepared)
    film = prepared.film or _put(blobs, prepared.opened, prepared.sha)
    # Looked for before the first write, so that voters do not wait meanwhile.
    near = prepared.near or near_code_of(prepared.opened.pixels)
    twin = views.nearest(session, study_id=study_id, near=near)
    film.study_id, film.imported_at, film.name = study_id, clock.now(), entry.name
    film.view = printable(entry.view, longest=VIEW_LENGTH) if entry.view else None
    film.finding = printable(entry.finding) if entry.finding else None
    film.mask_author = _author(entry) if film.manual_mask_sha else None
    film.patient_id = _patient_id(session, study_id, entry.patient_id)
    session.add(film)
    session.flush()
    views.keep(session, film, near=near, twin=twin)
    said = views.sentence(twin.name, twin.differs) if twin else ""
    has_mask = film.manual_mask_sha is not None
    return Outcome(entry.name, "taken", "", said, has_mask=has_mask, same_view=twin is not None)


def _known(blobs: BlobStore, film: Film, prepared: _Prepared) -> Outcome:
    """Leave the film as it is, but take a mask that it lacks."""
    name = prepared.entry.name
    said = [] if film.name == name else [f"The same film as {film.name}."]
    for kind, mask in prepared.opened.masks.items():
        column, png = MASK_COLUMNS[kind], to_png(mask)
        kept = getattr(film, column)
        if kept is None:
            setattr(film, column, blobs.put(png))
            if kind == "infection":
                film.mask_author = _author(prepared.entry)
            said.append(f"Its {kind} mask was added.")
        elif kept != hashlib.sha256(png).hexdigest():
            said.append(f"It has another {kind} mask already, which is kept.")
    has_mask = film.manual_mask_sha is not None
    return Outcome(name, "known", "known", " ".join(said), has_mask=has_mask)


def _author(entry: FilmEntry) -> str | None:
    return printable(entry.drawn_by) if entry.drawn_by else None


def _patient_id(session: Session, study_id: int, label: str | None) -> int | None:
    if label is None:
        return None
    label = printable(label)
    same = (Patient.study_id == study_id) & (Patient.label == label)
    patient = session.scalar(select(Patient).where(same))
    if patient is None:
        patient = Patient(study_id=study_id, label=label)
        session.add(patient)
        session.flush()
    return patient.id
