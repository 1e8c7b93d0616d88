"""Opening a study: what stands in the way is said, and cases need every source."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.ballots.tables import Case, CaseOrder
from app.blobs.store import BlobStore
from app.conduct.opening import NotReady, lock_study, open_study, readiness
from app.conduct.watching import Unlike, unlike
from app.proposals.tables import Candidate
from app.studies.protocol import Display, FixedRule, LeadRule
from app.studies.states import State
from tests.support.factory import World, add_film, make_world, open_world, propose_all


def draft(session: Session, blobs: BlobStore, **rest: object) -> World:
    return make_world(session, blobs, is_open=False, **rest)  # type: ignore[arg-type]


def cases(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Case)) or 0


def test_an_empty_study_says_that_no_film_was_imported(session: Session, blobs: BlobStore) -> None:
    world = draft(session, blobs, films=0)
    with pytest.raises(NotReady, match="No film"):
        open_study(session, blobs, world.study, clock=world.clock)


def test_films_without_proposals_are_counted(session: Session, blobs: BlobStore) -> None:
    world = draft(session, blobs, films=3)
    with pytest.raises(NotReady, match="3 films still lack proposals"):
        open_study(session, blobs, world.study, clock=world.clock)


def test_a_rule_that_may_need_five_asks_for_five_physicians(
    session: Session, blobs: BlobStore
) -> None:
    world = draft(session, blobs, films=1, physicians=2, rule=LeadRule(lead=2, at_most=5))
    propose_all(session, blobs, world)
    with pytest.raises(NotReady, match="5 physicians"):
        open_study(session, blobs, world.study, clock=world.clock)


def test_one_candidate_is_no_choice(session: Session, blobs: BlobStore) -> None:
    world = draft(session, blobs, films=1, networks=())
    propose_all(session, blobs, world)
    with pytest.raises(NotReady, match="at least two candidates"):
        open_study(session, blobs, world.study, clock=world.clock)


def test_a_film_without_hand_drawn_mask_is_no_case_of_stage_one(
    session: Session, blobs: BlobStore
) -> None:
    world = draft(session, blobs, films=2)
    add_film(session, blobs, world.study, number=50, hand_drawn=False)
    propose_all(session, blobs, world)
    assert readiness(session, world.study).without_hand_drawn == 1
    assert open_study(session, blobs, world.study, clock=world.clock) == 2
    assert cases(session) == 2


def test_a_locked_study_opens_again_with_its_cases(session: Session, blobs: BlobStore) -> None:
    world = make_world(session, blobs, films=2, physicians=1, rule=FixedRule(n=1))
    lock_study(world.study, clock=world.clock)
    assert open_study(session, blobs, world.study, clock=world.clock) == 0
    assert world.study.state == State.OPEN
    assert cases(session) == 2


def test_masks_that_the_display_changes_too_much_are_counted(
    session: Session, blobs: BlobStore
) -> None:
    coarse = Display(long_side=64, sigma=4, fidelity=1)
    world = make_world(session, blobs, films=3, display=coarse)
    kept = session.scalars(select(Candidate.fidelity)).all()
    assert all(fidelity is not None and 0.8 < fidelity <= 1 for fidelity in kept)
    changed = sum(fidelity is not None and fidelity < 1 for fidelity in kept)
    assert unlike(session, world.study) == Unlike(candidates=changed, films=3)
    exact = make_world(session, blobs, name="beta", films=3, display=Display(fidelity=0))
    assert unlike(session, exact.study) == Unlike()


def test_who_drew_the_mask_by_hand_is_not_dealt_the_film(
    session: Session, blobs: BlobStore
) -> None:
    world = make_world(session, blobs, films=4, rule=FixedRule(n=1), is_open=False)
    author = world.physicians[0]
    world.films[0].mask_author = author.name
    open_world(session, blobs, world)
    dealt = session.scalars(
        select(CaseOrder.physician_id).where(CaseOrder.film_id == world.films[0].id)
    ).all()
    assert sorted(dealt) == sorted(one.id for one in world.physicians[1:])
    others = select(CaseOrder.film_id).where(CaseOrder.physician_id == author.id)
    assert len(session.scalars(others).all()) == 3
