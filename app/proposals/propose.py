"""Computing candidates: what is missing, film by film.

Three steps, so that no transaction stays open while a network works: `plan` reads what is missing,
`compute` runs the networks and puts the masks (no database), `store` writes a film's rows.
Blobs come before rows: a crash in between leaves an orphan blob, never a dangling row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.blobs.store import BlobStore
from app.clock import Clock
from app.films.pixels import FilmPixels
from app.films.prints import near_code_of
from app.films.tables import Film
from app.masks.codec import from_png, pack_bits, to_png
from app.masks.grid import display_grid, nearest, normalise
from app.masks.measures import dice
from app.networks.manifest import NetworkEntry, read_manifest
from app.networks.predict import open_for_film
from app.networks.registry import choose
from app.problems import Problem
from app.proposals.missing import missing
from app.proposals.origins import MANUAL, CandidateOrigin, network_source
from app.proposals.standings import stand
from app.proposals.tables import Candidate
from app.studies.protocol import Display
from app.studies.tables import Study

CHUNK = 500


@dataclass(frozen=True)
class Proposed:
    """One mask with its origin. ``mask``: bool[H, W] at the film's native size."""

    mask: NDArray[np.bool_]
    kind: str
    network: str | None = None
    network_sha: str | None = None
    fold: int | None = None
    threshold: float | None = None
    author: str | None = None


class Proposer(Protocol):
    """Whatever makes a film's mask: a network on ONNX Runtime, or a test's."""

    source: str

    def propose(self, pixels: FilmPixels) -> Proposed:
        """Return the mask. Raises `Problem` where there must be none (in-fold)."""
        ...


@dataclass(frozen=True)
class Task:
    """One film and the sources that it lacks; holds all that `compute` needs of the database."""

    film_id: int
    name: str
    blob_sha: str
    meta: dict[str, Any]
    manual_mask_sha: str | None
    mask_author: str | None
    shape: tuple[int, int]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Made:
    """One candidate, computed and put, whose rows are not yet written."""

    source: str
    proposed: Proposed
    mask_sha: str
    grid_sha: str
    native_sha: str | None
    fidelity: float | None


@dataclass(frozen=True)
class Computed:
    """One film done: its new candidates, and of which sources it did not get them, and why."""

    film_id: int
    name: str
    made: tuple[Made, ...]
    refused: tuple[tuple[str, Problem], ...]


class NetworkProposer:
    """A network of the manifest; a film that it was trained on gets the out-of-fold file."""

    def __init__(self, models: Path, entry: NetworkEntry, *, threads: int) -> None:
        self.source = network_source(entry.name)
        self._models = models
        self._entry = entry
        self._threads = threads

    def propose(self, pixels: FilmPixels) -> Proposed:
        """Return the network's mask of the film. Raises `InFold`."""
        network = open_for_film(
            self._models,
            self._entry.name,
            pixels_sha=pixels.sha256(),
            near=near_code_of(pixels),
            threads=self._threads,
        )
        return Proposed(
            mask=network.mask(pixels),
            kind="network",
            network=self._entry.name,
            network_sha=network.sha256,
            fold=network.fold,
            threshold=self._entry.operating.threshold,
        )


def network_proposers(models: Path, names: Sequence[str], *, threads: int) -> list[Proposer]:
    """Return the proposers of ``names``. Raises `NetworkRefused`."""
    entries = choose(read_manifest(models), names)
    return [NetworkProposer(models, entry, threads=threads) for entry in entries]


def plan(session: Session, study: Study, *, film_ids: Sequence[int] | None = None) -> list[Task]:
    """Return what is to be computed, by film; only of ``film_ids`` where they are given."""
    lacks = missing(session, study, film_ids=film_ids)
    film_ids = list(lacks)
    films: dict[int, Film] = {}
    for start in range(0, len(film_ids), CHUNK):
        part = select(Film).where(Film.id.in_(film_ids[start : start + CHUNK]))
        films.update({film.id: film for film in session.scalars(part)})
    return [
        Task(
            film_id=film_id,
            name=films[film_id].name,
            blob_sha=films[film_id].blob_sha,
            meta=films[film_id].meta,
            manual_mask_sha=films[film_id].manual_mask_sha,
            mask_author=films[film_id].mask_author,
            shape=(films[film_id].native_h, films[film_id].native_w),
            sources=tuple(sources),
        )
        for film_id, sources in lacks.items()
    ]


def compute(
    blobs: BlobStore, task: Task, *, proposers: Sequence[Proposer], display: Display
) -> Computed:
    """Compute the film's missing candidates and put their masks; touches no database."""
    by_source = {proposer.source: proposer for proposer in proposers}
    pixels = None
    made, refused = [], []
    for source in task.sources:
        try:
            if source == MANUAL:
                proposed = _hand_drawn(blobs, task)
            else:
                pixels = pixels or FilmPixels.restore(blobs.get(task.blob_sha), task.meta)
                proposed = by_source[source].propose(pixels)
        except Problem as problem:
            refused.append((source, problem))
        else:
            made.append(put(blobs, source, proposed, display))
    return Computed(task.film_id, task.name, tuple(made), tuple(refused))


def _hand_drawn(blobs: BlobStore, task: Task) -> Proposed:
    assert task.manual_mask_sha is not None  # `missing` asks for it only where there is one
    png = blobs.get(task.manual_mask_sha)
    mask = from_png(png, max_pixels=task.shape[0] * task.shape[1])
    return Proposed(mask, kind=MANUAL, author=task.mask_author)


def put(blobs: BlobStore, source: str, proposed: Proposed, display: Display) -> Made:
    """Put the mask as it was made and as it will be shown."""
    height, width = proposed.mask.shape
    grid = display_grid((height, width), display.long_side)
    shown = as_shown(proposed.mask, display)
    return Made(
        source=source,
        proposed=proposed,
        mask_sha=blobs.put(to_png(proposed.mask)),
        grid_sha=blobs.put(pack_bits(shown)),
        # Kept for every candidate or for none, so that a native ballot takes no longer to fetch.
        native_sha=blobs.put(pack_bits(nearest(proposed.mask, grid)))
        if display.native_share
        else None,
        fidelity=dice(nearest(shown, (height, width)), proposed.mask),
    )


def as_shown(mask: NDArray[np.bool_], display: Display) -> NDArray[np.bool_]:
    """Return the mask on the display grid."""
    height, width = mask.shape
    return normalise(
        mask,
        display_grid((height, width), display.long_side),
        sigma=display.sigma,
        specks=display.specks,
        holes=display.holes,
    )


def store(session: Session, computed: Computed, *, clock: Clock) -> None:
    """Write the film's candidates and their origins, and count them.

    A candidate that another worker wrote in the meantime violates the unique (film, source), and
    the caller's transaction fails as a whole, which leaves that film to the other.
    """
    for made in computed.made:
        candidate = Candidate(
            film_id=computed.film_id,
            mask_sha=made.mask_sha,
            grid_sha=made.grid_sha,
            native_sha=made.native_sha,
            area=int(made.proposed.mask.sum()),
            fidelity=made.fidelity,
        )
        session.add(candidate)
        session.flush()
        session.add(
            CandidateOrigin(
                candidate_id=candidate.id,
                film_id=computed.film_id,
                source=made.source,
                kind=made.proposed.kind,
                network=made.proposed.network,
                network_sha=made.proposed.network_sha,
                fold=made.proposed.fold,
                threshold=made.proposed.threshold,
                author=made.proposed.author,
                made_at=clock.now(),
            )
        )
    session.flush()
    stand(session, film_id=computed.film_id)
