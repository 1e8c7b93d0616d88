"""The ballots that the probe looks at: masks of one film in a drawn order, and who drew which."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blobs.store import BlobStore
from app.evaluation.listing import LeftOut, ListedFilm
from app.films.limits import Limits
from app.films.opening import ahead, open_entry
from app.films.prints import near_code_of
from app.films.refusals import FilmRefused
from app.films.tables import Film
from app.masks.codec import from_png
from app.networks.manifest import NetworkEntry
from app.networks.predict import open_for_film
from app.networks.refusals import InFold, NearInFold
from app.proposals.missing import sources_of
from app.proposals.origins import MANUAL, by_source
from app.proposals.tables import Candidate
from app.studies.tables import Study

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Round:
    """Masks bool[H, W] of one film in the order of slots; ``found`` is the hand-drawn one's place.

    ``film`` is the film's name.
    """

    film: str
    patient: str
    masks: tuple[Mask, ...]
    found: int


@dataclass(frozen=True)
class Hands:
    """The networks whose masks stand beside the hand-drawn one."""

    models: Path
    entries: Sequence[NetworkEntry]
    limits: Limits
    threads: int


def rounds_of_folder(
    films: Sequence[ListedFilm], hands: Hands, *, seed: int
) -> Iterator[Round | LeftOut]:
    """Yield each film's masks, or why it has none: as in a study, no network that saw the film."""
    rng = np.random.default_rng(seed)
    for listed, made in zip(films, ahead(lambda film: _masks_of(film, hands), films), strict=True):
        if isinstance(made, LeftOut):
            yield made
        else:
            yield _shuffled(listed.name, listed.patient, made, rng)


def _masks_of(listed: ListedFilm, hands: Hands) -> list[Mask] | LeftOut:
    try:
        opened = open_entry(listed.entry, hands.limits)
    except FilmRefused as refused:
        return LeftOut(listed.name, str(refused))
    drawn = opened.masks.get("infection")
    if drawn is None or not drawn.any():
        return LeftOut(listed.name, "nothing was drawn on it")
    sha, near = opened.pixels.sha256(), near_code_of(opened.pixels)
    try:
        return [
            drawn,
            *(
                open_for_film(
                    hands.models, entry.name, pixels_sha=sha, near=near, threads=hands.threads
                ).mask(opened.pixels)
                for entry in hands.entries
            ),
        ]
    except NearInFold:
        return LeftOut(listed.name, "a network learnt from a near-identical film")
    except InFold:
        return LeftOut(listed.name, "a network learnt from it")


def rounds_of_study(
    session: Session, blobs: BlobStore, study: Study, *, limit: int | None, seed: int
) -> Iterator[Round]:
    """Yield the masks of the study's films that have a candidate of every source.

    ``limit`` films are drawn at random. Without a hand-drawn source there is nothing to find.
    """
    sources = sources_of(study)
    if MANUAL not in sources:
        return
    rng = np.random.default_rng(seed)
    film_ids = list(session.scalars(select(Film.id).where(Film.study_id == study.id)))
    drawn = rng.permutation(film_ids)[:limit].tolist()
    for film_id, candidates in by_source(session, film_ids=drawn, sources=sources).items():
        film = session.get_one(Film, film_id)
        pixels = film.native_h * film.native_w
        masks = [
            from_png(blobs.get(session.get_one(Candidate, one).mask_sha), max_pixels=pixels)
            for one in candidates
        ]
        patient = film.name if film.patient is None else film.patient.label
        yield _shuffled(film.name, patient, masks, rng)


def _shuffled(name: str, patient: str, masks: list[Mask], rng: np.random.Generator) -> Round:
    """Put the hand-drawn mask, which comes first, and the others into a drawn order."""
    order = rng.permutation(len(masks))
    found = int(np.flatnonzero(order == 0)[0])
    return Round(name, patient, tuple(masks[place] for place in order), found)
