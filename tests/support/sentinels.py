"""Films that can become sentinels: a network's mask confirms the hand-drawn one."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import pytest
from sqlalchemy import Engine, QueuePool
from sqlalchemy.orm import Session

from app.blobs.store import BlobStore
from app.clock import Clock
from app.conduct.opening import open_study
from app.conduct.planting import drawn
from app.films.tables import Film
from app.masks.codec import from_png
from app.proposals.likeness import survey
from app.proposals.missing import sources_of
from app.proposals.origins import by_source
from app.proposals.planting import grow, keep, prepare
from app.proposals.propose import Proposed, put
from app.proposals.tables import Candidate
from app.studies.protocol import Design, FixedRule
from app.studies.studies import protocol_of
from app.studies.tables import Study
from tests.support.factory import World, make_world, propose_all

HALF = Design(repeat_share=0, merge=False, priority="none", sentinel_share=0.5)


def confirm(session: Session, blobs: BlobStore, world: World, films: Iterable[Film]) -> None:
    """Let the first network have drawn nearly what was drawn by hand, three pixels lower."""
    wanted = [film.id for film in films]
    sources = sources_of(world.study)
    display = protocol_of(world.study).display
    for film_id, ids in by_source(session, film_ids=wanted, sources=sources).items():
        film = session.get_one(Film, film_id)
        assert film.manual_mask_sha is not None
        pixels = film.native_h * film.native_w
        drawn = from_png(blobs.get(film.manual_mask_sha), max_pixels=pixels)
        moved = Proposed(np.roll(drawn, 3, axis=0), kind="network")
        made = put(blobs, sources[1], moved, display)
        candidate = session.get_one(Candidate, ids[1])
        candidate.mask_sha, candidate.grid_sha = made.mask_sha, made.grid_sha
        candidate.native_sha, candidate.area = made.native_sha, int(moved.mask.sum())
    session.flush()


def plant_sentinels(
    session: Session, blobs: BlobStore, study: Study, *, film_ids: Sequence[int], clock: Clock
) -> list[int]:
    """Make sentinels of the films that are drawn and fit, in one transaction; return them."""
    complete = by_source(session, film_ids=film_ids, sources=sources_of(study))
    survey(session, blobs, study, candidates=complete)
    made = []
    for bed in prepare(session, study, film_ids=drawn(study, film_ids)):
        grown = grow(blobs, bed)
        if grown is not None and keep(session, study, bed, grown, clock=clock):
            made.append(bed.film_id)
    return made


def world_with_sentinels(
    session: Session,
    blobs: BlobStore,
    *,
    films: int = 12,
    readers: int = 1,
    design: Design = HALF,
    rule: FixedRule | None = None,
    name: str = "alpha",
) -> World:
    """An open study, some of whose films are sentinels."""
    world = make_world(
        session,
        blobs,
        name=name,
        films=films,
        physicians=readers,
        rule=rule or FixedRule(n=1),
        design=design,
        is_open=False,
    )
    propose_all(session, blobs, world)
    confirm(session, blobs, world, world.films)
    ids = [film.id for film in world.films]
    plant_sentinels(session, blobs, world.study, film_ids=ids, clock=world.clock)
    open_study(session, blobs, world.study, clock=world.clock)
    return world


def connections_at_each_blob(
    monkeypatch: pytest.MonkeyPatch, engine: Engine, blobs: BlobStore
) -> list[int]:
    """Return a list that fills with how many connections are in use at each blob, put or got."""
    pool, seen = engine.pool, list[int]()
    assert isinstance(pool, QueuePool)

    def watched(do: Callable[..., object]) -> Callable[..., object]:
        def watching(*given: object) -> object:
            seen.append(pool.checkedout())
            return do(*given)

        return watching

    monkeypatch.setattr(blobs, "put", watched(blobs.put))
    monkeypatch.setattr(blobs, "get", watched(blobs.get))
    return seen
