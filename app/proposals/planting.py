"""Making sentinels: films on which it is known which mask is right, for one alone is not spoilt.

A sentinel has the slots of an ordinary ballot on its film. One slot keeps its candidate, which
agrees with the hand-drawn mask; what stands in the others is spoilt until it plainly does not.
Whose mask is kept is drawn by lot: a sentinel that is seen through tells no hand. All its masks
are candidates of their own, of no source of the study.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.blobs.store import BlobStore
from app.clock import Clock
from app.films.tables import Film
from app.masks.codec import from_png, pack_bits
from app.masks.likeness import compare
from app.masks.measures import dice
from app.masks.spoiling import spoil
from app.proposals.likeness import known, near_of
from app.proposals.missing import sources_of
from app.proposals.origins import GOOD, MANUAL, SENTINEL, CandidateOrigin, by_source
from app.proposals.propose import Computed, Proposed, as_shown, put, store
from app.proposals.standings import stand_anew
from app.proposals.tables import Candidate, Likeness
from app.studies.protocol import Protocol
from app.studies.studies import protocol_of
from app.studies.tables import Study

CONFIRMED = 0.7
"""The Dice with the hand-drawn mask that a network's mask must reach to confirm it."""
SPOILT = 0.4
"""The Dice with the hand-drawn mask that no spoilt mask exceeds."""
CHUNK = 500
TRIED = 1
"""To be raised with every change of what is fit: then films that were not are tried again."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Ground:
    """A film's hand-drawn ``truth``, its candidates' ``masks`` by id, and those ``shown`` of them.

    ``confirming`` are the ids of the networks' candidates.
    """

    truth: Mask
    masks: Mapping[int, Mask]
    shown: Sequence[int]
    confirming: Sequence[int]


@dataclass(frozen=True)
class Bed:
    """A film that may become a sentinel; holds all that `grow` needs of the database.

    ``masks`` are the names of its candidates' blobs by id; ``shown`` and ``confirming`` are as in
    `Ground`.
    """

    film_id: int
    name: str
    shape: tuple[int, int]
    truth_sha: str
    masks: Mapping[int, str]
    shown: tuple[int, ...]
    confirming: tuple[int, ...]
    sources: tuple[str, ...]
    protocol: Protocol
    seed: str

    def digest(self) -> str:
        """Return the sha256 of all that `grow` goes by: with the same, it does the same."""
        parts = {**asdict(self), "protocol": self.protocol.model_dump(mode="json"), "tried": TRIED}
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def prepare(session: Session, study: Study, *, film_ids: Sequence[int]) -> list[Bed]:
    """Return those of the films that are complete, compared and no sentinels yet; only reads.

    Not those that were found unfit as they are.
    """
    done = planted(session, film_ids=film_ids)
    sources = sources_of(study)
    wanted = [film_id for film_id in film_ids if film_id not in done]
    found = by_source(session, film_ids=wanted, sources=sources)
    compared = known(session, candidates=found)
    beds = []
    for film_id, row in compared.items():
        film = session.get_one(Film, film_id)
        if film.manual_mask_sha is None or len(row.groups) < 2:
            continue
        ids = found[film_id]
        query = select(Candidate.id, Candidate.mask_sha).where(Candidate.id.in_(ids))
        bed = Bed(
            film_id=film_id,
            name=film.name,
            shape=(film.native_h, film.native_w),
            truth_sha=film.manual_mask_sha,
            masks={one: sha for one, sha in session.execute(query)},
            shown=tuple(group[0] for group in row.groups),
            confirming=tuple(
                one for one, source in zip(ids, sources, strict=True) if source != MANUAL
            ),
            sources=tuple(sources),
            protocol=protocol_of(study),
            seed=study.seed,
        )
        if row.unfit_sha256 != bed.digest():
            beds.append(bed)
    return beds


def grow(blobs: BlobStore, bed: Bed) -> Computed | None:
    """Make a sentinel's masks and put them, or None if the film is not fit; no database.

    Fit is a film whose hand-drawn mask is not empty and confirmed by a network, and whose other
    masks can be spoilt.
    """
    pixels = bed.shape[0] * bed.shape[1]
    ground = Ground(
        truth=from_png(blobs.get(bed.truth_sha), max_pixels=pixels),
        masks={one: from_png(blobs.get(sha), max_pixels=pixels) for one, sha in bed.masks.items()},
        shown=bed.shown,
        confirming=bed.confirming,
    )
    rng = np.random.default_rng([int(bed.seed, 16), bed.film_id])
    masks = spoilt_but_one(ground, bed.protocol, rng)
    if masks is None:
        return None
    parts = [
        replace(put(blobs, source, proposed, bed.protocol.display), fidelity=None)
        for source, proposed in masks
    ]
    return Computed(bed.film_id, bed.name, tuple(parts), ())


def remember_unfit(session: Session, bed: Bed) -> None:
    """Note that the film is not fit as it is, so that it is not tried again."""
    session.get_one(Likeness, bed.film_id).unfit_sha256 = bed.digest()


def keep(session: Session, study: Study, bed: Bed, grown: Computed, *, clock: Clock) -> bool:
    """Write the sentinel's rows, unless the networks have changed or it has them; say if it did."""
    if tuple(sources_of(study)) != bed.sources or planted(session, film_ids=[bed.film_id]):
        return False
    store(session, grown, clock=clock)
    return True


def spoilt_but_one(
    ground: Ground, protocol: Protocol, rng: np.random.Generator
) -> list[tuple[str, Proposed]] | None:
    """Return the masks of a sentinel, each with its source, the good one first; None if unfit."""
    if not ground.truth.any():
        return None
    alike = {one: dice(mask, ground.truth) for one, mask in ground.masks.items()}
    good = [one for one in ground.shown if alike[one] >= CONFIRMED]
    if not good or not any(alike[one] >= CONFIRMED for one in ground.confirming):
        return None
    kept = good[int(rng.integers(len(good)))]
    masks = [(GOOD, Proposed(ground.masks[kept], kind=SENTINEL))]
    for number, one in enumerate(one for one in ground.shown if one != kept):
        bad = spoil(ground.masks[one], ground.truth, at_most=SPOILT, rng=rng)
        if bad is None:
            return None
        masks.append((f"{SENTINEL}:{bad[1]}-{number}", Proposed(bad[0], kind=SENTINEL)))
    return None if _near_twins([made.mask for _, made in masks], protocol) else masks


def _near_twins(masks: Sequence[Mask], protocol: Protocol) -> bool:
    """Say whether some of the masks would share a slot on an ordinary ballot."""
    shown = [as_shown(mask, protocol.display) for mask in masks]
    grid = (shown[0].shape[0], shown[0].shape[1])
    alike = compare([pack_bits(one) for one in shown], grid, near=near_of(protocol.design))
    return len(alike.groups) < len(masks)


def planted(session: Session, *, film_ids: Sequence[int]) -> dict[int, list[int]]:
    """Return, for each of the films that is a sentinel, its masks' ids, the good one first."""
    found: dict[int, list[int]] = {}
    for start in range(0, len(film_ids), CHUNK):
        rows = session.execute(
            select(CandidateOrigin.film_id, CandidateOrigin.candidate_id)
            .where(
                CandidateOrigin.film_id.in_(film_ids[start : start + CHUNK]),
                CandidateOrigin.kind == SENTINEL,
            )
            .order_by(CandidateOrigin.source != GOOD, CandidateOrigin.candidate_id)
        )
        for film_id, candidate_id in rows:
            found.setdefault(film_id, []).append(candidate_id)
    return found


def uproot(session: Session, study: Study) -> None:
    """Take a draft's sentinels away, and count anew; no ballot shows them yet."""
    ids = session.scalars(
        select(CandidateOrigin.candidate_id)
        .join(Film, Film.id == CandidateOrigin.film_id)
        .where(Film.study_id == study.id, CandidateOrigin.kind == SENTINEL)
    ).all()
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        session.execute(delete(CandidateOrigin).where(CandidateOrigin.candidate_id.in_(part)))
        session.execute(delete(Candidate).where(Candidate.id.in_(part)))
    stand_anew(session, study)
