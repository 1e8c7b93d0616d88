"""Computing candidates: resumable, and refused for films that a network was trained on."""

from dataclasses import dataclass

import numpy as np
import pytest
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from app.ballots.tables import Case
from app.blobs.store import BlobStore
from app.conduct.opening import open_study
from app.conduct.planting import drawn, prepare_opening
from app.conduct.proposing import PROPOSE, propose_kind, start_propose
from app.db.engine import session_factory
from app.films.pixels import FilmPixels
from app.masks.codec import from_png
from app.networks.refusals import InFold
from app.proposals.missing import missing
from app.proposals.origins import CandidateOrigin, network_source
from app.proposals.planting import grow, keep, planted, prepare, uproot
from app.proposals.propose import Proposed, Proposer
from app.proposals.tables import Candidate, Likeness
from app.runs.execute import Hands, run_now
from app.runs.states import RunState
from app.studies.protocol import Design
from app.studies.tables import Study
from tests.support.factory import NETWORKS, EllipseProposer, World, make_world
from tests.support.sentinels import connections_at_each_blob


@dataclass
class InFoldProposer:
    """A network that was trained on every film."""

    source: str = network_source("north")

    def propose(self, pixels: FilmPixels) -> Proposed:
        raise InFold("The film was in the training set of north.")


class Killed(BaseException):
    """The process is gone."""


class DyingProposer(EllipseProposer):
    """Dies at its third film."""

    films = 0

    def propose(self, pixels: FilmPixels) -> Proposed:
        self.films += 1
        if self.films == 3:
            raise Killed
        return super().propose(pixels)


class SecondHand(EllipseProposer):
    """Finds nearly what was drawn by hand."""

    def __init__(self, name: str, blobs: BlobStore, world: World) -> None:
        super().__init__(name)
        self._drawn = {
            film.pixels_sha: blobs.get(film.manual_mask_sha or "") for film in world.films
        }

    def propose(self, pixels: FilmPixels) -> Proposed:
        drawn = from_png(self._drawn[pixels.sha256()], max_pixels=pixels.values.size)
        return Proposed(mask=np.roll(drawn, 2, axis=0), kind="network", network="north")


@pytest.fixture
def world(session: Session, blobs: BlobStore) -> World:
    made = make_world(session, blobs, films=5, is_open=False)
    session.commit()
    return made


def proposers() -> list[Proposer]:
    return [EllipseProposer(name) for name in NETWORKS]


def propose(
    engine: Engine, blobs: BlobStore, world: World, by: list[Proposer] | None = None
) -> list[str]:
    kinds = {PROPOSE: propose_kind(blobs, lambda names: by or proposers())}
    hands = Hands(session_factory(engine), kinds=kinds, clock=world.clock)
    with hands.sessions.begin() as session:
        study = session.get_one(Study, world.study.id)
        run_id = start_propose(session, study, admin=None, clock=world.clock).id
    run = run_now(hands, run_id, show=lambda done, total: None)
    assert run.state == RunState.DONE
    return (run.error or "").splitlines()


def rows(session: Session) -> set[tuple[object, ...]]:
    query = select(
        CandidateOrigin.film_id,
        CandidateOrigin.source,
        Candidate.mask_sha,
        Candidate.grid_sha,
    ).join(Candidate, Candidate.id == CandidateOrigin.candidate_id)
    found = {tuple(row) for row in session.execute(query)}
    session.commit()  # an open transaction would keep the run from writing
    return found


def test_every_film_gets_a_candidate_of_every_source(
    engine: Engine, session: Session, blobs: BlobStore, world: World
) -> None:
    propose(engine, blobs, world)
    assert len(rows(session)) == 5 * 4
    assert missing(session, world.study) == {}


def test_proposing_again_changes_nothing(
    engine: Engine, session: Session, blobs: BlobStore, world: World
) -> None:
    propose(engine, blobs, world)
    before = rows(session)
    propose(engine, blobs, world)
    assert rows(session) == before


def test_killed_and_started_again_it_ends_with_the_same_rows(
    engine: Engine, session: Session, blobs: BlobStore, world: World
) -> None:
    dying: list[Proposer] = [DyingProposer("north"), *proposers()[1:]]
    with pytest.raises(Killed):
        propose(engine, blobs, world, by=dying)
    assert 0 < len(rows(session)) < 20
    propose(engine, blobs, world)
    killed = rows(session)
    session.query(CandidateOrigin).delete()
    session.query(Candidate).delete()
    session.commit()
    propose(engine, blobs, world)
    assert rows(session) == killed


def test_an_in_fold_proposal_is_refused_and_the_others_are_made(
    engine: Engine, session: Session, blobs: BlobStore, world: World
) -> None:
    refused = propose(engine, blobs, world, by=[InFoldProposer(), *proposers()[1:]])
    assert len(refused) == 5
    assert "training set of north" in refused[0]
    assert len(rows(session)) == 5 * 3
    assert all(sources == ["network:north"] for sources in missing(session, world.study).values())


def half_of(session: Session, blobs: BlobStore) -> tuple[World, list[Proposer]]:
    """A draft half of whose films are drawn for sentinels, and networks of which one confirms."""
    half = Design(repeat_share=0, sentinel_share=0.5)
    world = make_world(session, blobs, films=8, name="beta", design=half, is_open=False)
    by: list[Proposer] = [SecondHand("north", blobs, world), *proposers()[1:]]
    session.commit()
    return world, by


def film_ids(world: World) -> list[int]:
    return [film.id for film in world.films]


def test_the_run_makes_the_sentinels_and_opening_makes_none_more(
    engine: Engine, session: Session, blobs: BlobStore
) -> None:
    world, by = half_of(session, blobs)
    propose(engine, blobs, world, by=by)
    made = planted(session, film_ids=film_ids(world))
    assert 1 <= len(made) < 8
    session.commit()
    plant_all(engine, blobs, world)
    open_study(session, blobs, world.study, clock=world.clock)
    assert planted(session, film_ids=film_ids(world)) == made
    assert set(session.scalars(select(Case.film_id))) == set(film_ids(world)) - set(made)
    session.commit()
    propose(engine, blobs, world, by=by)
    plant_all(engine, blobs, world)
    assert planted(session, film_ids=film_ids(world)) == made


def plant_all(engine: Engine, blobs: BlobStore, world: World) -> None:
    sessions = session_factory(engine)
    prepare_opening(sessions, blobs, study_id=world.study.id, clock=world.clock)


def test_before_opening_the_sentinels_are_made_that_no_run_has_made(
    engine: Engine, session: Session, blobs: BlobStore
) -> None:
    """As after a network was taken away: no film lacks a proposal, so that no run looks at it."""
    world, by = half_of(session, blobs)
    propose(engine, blobs, world, by=by)
    made = planted(session, film_ids=film_ids(world))
    world.study.networks = list(NETWORKS[:2])
    uproot(session, world.study)
    assert planted(session, film_ids=film_ids(world)) == {}
    session.commit()
    plant_all(engine, blobs, world)
    anew = planted(session, film_ids=film_ids(world))
    assert set(anew) == set(made)
    assert {len(masks) for masks in anew.values()} <= {2, 3}


def test_while_masks_are_compared_or_spoilt_no_transaction_is_open(
    engine: Engine, session: Session, blobs: BlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite it would hold the write lock, and all who vote would wait."""
    world, by = half_of(session, blobs)
    # A heartbeat's connection is another's business.
    monkeypatch.setattr("app.runs.chunks.BEAT_SECONDS", 10**6)
    seen = connections_at_each_blob(monkeypatch, engine, blobs)
    propose(engine, blobs, world, by=by)
    by_run = len(seen)
    uproot(session, world.study)
    session.execute(delete(Likeness))
    session.commit()
    plant_all(engine, blobs, world)
    assert len(seen) > by_run
    assert set(seen) == {0}


def test_a_film_that_is_unfit_is_not_tried_again_until_something_changes(
    engine: Engine, session: Session, blobs: BlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, _ = half_of(session, blobs)
    propose(engine, blobs, world)
    drew = drawn(world.study, film_ids(world))
    assert set(planted(session, film_ids=drew)) < set(drew)
    session.commit()
    looks = connections_at_each_blob(monkeypatch, engine, blobs)
    plant_all(engine, blobs, world)
    assert looks == []
    world.study.networks = list(NETWORKS[:2])
    session.commit()
    plant_all(engine, blobs, world)
    assert looks


def test_a_sentinel_of_former_networks_is_not_kept(
    engine: Engine, session: Session, blobs: BlobStore
) -> None:
    """A run may be spoiling its masks while the admin chooses others."""
    world, by = half_of(session, blobs)
    propose(engine, blobs, world, by=by)
    uproot(session, world.study)
    beds = prepare(session, world.study, film_ids=film_ids(world))
    grown = [(bed, made) for bed in beds if (made := grow(blobs, bed)) is not None]
    (first, masks), *_ = grown
    world.study.networks = list(NETWORKS[:2])
    assert not keep(session, world.study, first, masks, clock=world.clock)
    world.study.networks = list(NETWORKS)
    assert keep(session, world.study, first, masks, clock=world.clock)
    assert not keep(session, world.study, first, masks, clock=world.clock)
    assert list(planted(session, film_ids=film_ids(world))) == [first.film_id]
