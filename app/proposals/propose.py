"""Computing candidates: film by film, all sources that it lacks, each in one transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.blobs.store import BlobStore
from app.clock import Clock
from app.films.pixels import FilmPixels
from app.films.store import load_pixels
from app.films.tables import Film
from app.masks.codec import from_png, pack_bits, to_png
from app.masks.grid import display_grid, normalise
from app.networks.folds import file_for
from app.networks.manifest import NetworkEntry, read_manifest
from app.networks.predict import open_network
from app.networks.registry import choose
from app.problems import Problem
from app.proposals.missing import missing
from app.proposals.origins import MANUAL, CandidateOrigin, network_source
from app.proposals.tables import Candidate
from app.studies.protocol import Display
from app.studies.studies import protocol_of
from app.studies.tables import Study


@dataclass(frozen=True)
class Proposed:
    """One mask with its origin. ``mask``: bool[H, W] at the film's native size."""

    mask: NDArray[np.bool_]
    kind: str
    network: str | None = None
    network_sha: str | None = None
    fold: int | None = None
    threshold: float | None = None


class Proposer(Protocol):
    """Whatever makes a film's mask: a network on ONNX Runtime, or a test's."""

    source: str

    def propose(self, film: Film, pixels: FilmPixels) -> Proposed:
        """Return the mask. Raises `Problem` where there must be none (in-fold)."""
        ...


@dataclass(frozen=True)
class Step:
    """One film done: how many candidates it got, and why it did not get the others."""

    film: str
    made: int
    refused: tuple[str, ...]


class NetworkProposer:
    """A network of the manifest; a film that it was trained on gets the out-of-fold file."""

    def __init__(self, models: Path, entry: NetworkEntry, *, threads: int) -> None:
        self.source = network_source(entry.name)
        self._models = models
        self._entry = entry
        self._threads = threads

    def propose(self, film: Film, pixels: FilmPixels) -> Proposed:
        """Return the network's mask of the film. Raises `InFold`."""
        file = file_for(self._models, self._entry, film.pixels_sha)
        network = open_network(
            self._models, self._entry.name, fold=file.fold, threads=self._threads
        )
        return Proposed(
            mask=network.mask(pixels),
            kind="network",
            network=self._entry.name,
            network_sha=network.sha256,
            fold=file.fold,
            threshold=self._entry.operating.threshold,
        )


def network_proposers(models: Path, names: Sequence[str], *, threads: int) -> list[Proposer]:
    """Return the proposers of ``names``. Raises `NetworkRefused`."""
    entries = choose(read_manifest(models), names)
    return [NetworkProposer(models, entry, threads=threads) for entry in entries]


def propose(
    session: Session,
    blobs: BlobStore,
    study: Study,
    *,
    proposers: Sequence[Proposer],
    clock: Clock,
) -> Iterator[Step]:
    """Compute what is missing, one film a step. The caller commits after each step.

    Killed between or within steps, the next call goes on with what is still missing.
    """
    display = protocol_of(study).display
    by_source = {proposer.source: proposer for proposer in proposers}
    for film_id, sources in missing(session, study).items():
        film = session.get_one(Film, film_id)
        pixels = None
        refused = []
        for source in sources:
            try:
                if source == MANUAL:
                    proposed = _hand_drawn(blobs, film)
                else:
                    pixels = pixels or load_pixels(blobs, film)
                    proposed = by_source[source].propose(film, pixels)
            except Problem as problem:
                refused.append(f"{source}: {problem.sentence}")
                continue
            _store(
                session,
                blobs,
                film=film,
                source=source,
                proposed=proposed,
                display=display,
                clock=clock,
            )
        yield Step(film=film.name, made=len(sources) - len(refused), refused=tuple(refused))


def _hand_drawn(blobs: BlobStore, film: Film) -> Proposed:
    assert film.manual_mask_sha is not None  # `missing` asks for it only where there is one
    png = blobs.get(film.manual_mask_sha)
    return Proposed(from_png(png, max_pixels=film.native_h * film.native_w), kind=MANUAL)


def _store(
    session: Session,
    blobs: BlobStore,
    *,
    film: Film,
    source: str,
    proposed: Proposed,
    display: Display,
    clock: Clock,
) -> None:
    # Blobs before rows: a crash in between leaves an orphan blob, never a dangling row.
    grid = display_grid(proposed.mask.shape, display.long_side)
    shown = normalise(
        proposed.mask, grid, sigma=display.sigma, specks=display.specks, holes=display.holes
    )
    candidate = Candidate(
        film_id=film.id,
        mask_sha=blobs.put(to_png(proposed.mask)),
        grid_sha=blobs.put(pack_bits(shown)),
        area=int(proposed.mask.sum()),
    )
    session.add(candidate)
    session.flush()
    session.add(
        CandidateOrigin(
            candidate_id=candidate.id,
            film_id=film.id,
            source=source,
            kind=proposed.kind,
            network=proposed.network,
            network_sha=proposed.network_sha,
            fold=proposed.fold,
            threshold=proposed.threshold,
            made_at=clock.now(),
        )
    )
