"""Near-twins share one slot, and whoever chose it chose all of them."""

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.ballots.deal import next_ballot
from app.ballots.tables import CaseOrder
from app.blobs.store import BlobStore
from app.conduct.answering import answer
from app.conduct.opening import lock_study, open_study, settle
from app.exports.gather import settled_cases
from app.films.pixels import FilmPixels
from app.proposals.origins import MANUAL, CandidateOrigin, network_source
from app.proposals.propose import Proposed, compute, plan, store
from app.proposals.tables import Candidate, Likeness
from app.settlement.listing import settlements_after
from app.studies.protocol import Design, FixedRule
from app.studies.studies import protocol_of
from tests.support.answers import choose
from tests.support.factory import SHAPE, World, make_world

NORTH, SOUTH, WEST = (network_source(name) for name in ("north", "south", "west"))
MERGED = Design(repeat_share=0)


def box(left: int) -> NDArray[np.bool_]:
    mask = np.zeros(SHAPE, np.bool_)
    mask[20:60, left : left + 30] = True
    return mask


class Boxes:
    """North and south draw the same box but for a column; west draws another."""

    def __init__(self, name: str) -> None:
        self.source, self._name = network_source(name), name

    def propose(self, pixels: FilmPixels) -> Proposed:
        left = {"north": 10, "south": 11, "west": 45}[self._name]
        return Proposed(mask=box(left), kind="network", network=self._name)


@pytest.fixture
def world(session: Session, blobs: BlobStore) -> World:
    made = make_world(
        session, blobs, films=3, rule=FixedRule(n=1), design=MERGED, is_open=False, physicians=1
    )
    proposers = [Boxes(name) for name in made.study.networks]
    for task in plan(session, made.study):
        computed = compute(
            blobs, task, proposers=proposers, display=protocol_of(made.study).display
        )
        store(session, computed, clock=made.clock)
    open_study(session, blobs, made.study, clock=made.clock)
    return made


def sources(session: Session, candidates: list[int]) -> set[str]:
    query = select(CandidateOrigin.source).where(CandidateOrigin.candidate_id.in_(candidates))
    return set(session.scalars(query))


def test_near_twins_stand_in_one_slot(session: Session, world: World) -> None:
    for order in session.scalars(select(CaseOrder)):
        shown = sources(session, order.candidates)
        assert len(order.candidates) == 3
        assert shown > {MANUAL, WEST}
        assert len(shown & {NORTH, SOUTH}) == 1


def test_which_of_them_is_shown_depends_on_pixels_alone(session: Session, world: World) -> None:
    for row in session.scalars(select(Likeness)):
        group = next(group for group in row.groups if len(group) > 1)
        grids = {one: session.get_one(Candidate, one).grid_sha for one in group}
        assert grids[group[0]] == min(grids.values())


def test_the_credit_goes_to_all(session: Session, world: World) -> None:
    chose: dict[int, set[str]] = {}
    while True:
        ballot = next_ballot(session, world.study, physician=world.physicians[0], clock=world.clock)
        if ballot is None:
            break
        shown = sources(session, [ballot.slots[0].candidate_id])
        chose[ballot.film_id] = {NORTH, SOUTH} if shown & {NORTH, SOUTH} else shown
        answer(session, ballot=ballot, sent=choose("A"), clock=world.clock)
    lock_study(world.study, clock=world.clock)
    settle(session, world.study, clock=world.clock)
    listed = settlements_after(session, world.study, after=0, limit=9)
    assert {one.film.id: {one.source, *one.shared_with} for one in listed} == chose
    for case in settled_cases(session, world.study):
        assert {case.origin, *case.shared_with} == chose[case.film.id]
        assert set(case.votes[0]["sources"]) == chose[case.film.id]  # type: ignore[call-overload]


def test_disagreement_is_kept_for_each_film(session: Session, world: World) -> None:
    amounts = session.scalars(select(Likeness.disagreement)).all()
    assert all(0.4 < amount < 1 for amount in amounts)
