"""A hand's counts and mark always say what counting and searching from the start would say."""

from collections import Counter

import numpy as np
import pytest
from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from app.ballots import coming, hands
from app.ballots.coming import Place
from app.ballots.deal import next_ballot
from app.ballots.tables import Ballot, Case, CaseOrder, Hand
from app.blobs.store import BlobStore
from app.conduct.answering import answer
from app.studies.protocol import Design, FixedRule, Rule, TwoPlusOneRule
from app.studies.studies import protocol_of
from app.votes.answers import Submission
from app.votes.own import progress
from tests.support.answers import choose, later, none_acceptable
from tests.support.factory import World, halves, make_world, open_world

RULES = (FixedRule(n=1), FixedRule(n=2), TwoPlusOneRule())


def hand_of(session: Session, world: World, number: int) -> Hand:
    return session.get_one(Hand, (world.study.id, world.physicians[number].id))


def searched(session: Session, world: World, number: int) -> list[int]:
    """The ordinals of the cases that may still be dealt, by looking at every one."""
    reader = world.physicians[number].id
    own = exists().where(Ballot.film_id == CaseOrder.film_id, Ballot.physician_id == reader)
    query = (
        select(CaseOrder.ordinal)
        .join(Case, Case.film_id == CaseOrder.film_id)
        .where(CaseOrder.physician_id == reader, Case.taken < Case.wanted, ~own)
    )
    return sorted(session.scalars(query))


def found(session: Session, world: World, number: int) -> list[int]:
    hand = hand_of(session, world, number)
    place = Place(world.study, protocol_of(world.study), world.physicians[number].id, hand)
    return [order.ordinal for order, _film in coming.new_cases(session, place, limit=3)]


def some_answer(rng: np.random.Generator) -> Submission:
    return later() if rng.random() < 0.2 else choose("ABCD"[rng.integers(4)])


def act(session: Session, world: World, rng: np.random.Generator) -> None:
    """Someone is dealt a ballot and answers it, puts it aside, or lets it lie."""
    physician = world.physicians[rng.integers(len(world.physicians))]
    ballot = next_ballot(session, world.study, physician=physician, clock=world.clock)
    world.clock.advance(float(rng.choice([60, 20 * 60])))
    if ballot is not None and rng.random() < 0.8:
        sent = some_answer(rng) if ballot.slots else none_acceptable(halves())
        answer(session, ballot=ballot, sent=sent, clock=world.clock)


@pytest.mark.parametrize("rule", RULES, ids=str)
@pytest.mark.parametrize("seed", range(3))
def test_at_any_moment(session: Session, blobs: BlobStore, rule: Rule, seed: int) -> None:
    world = make_world(session, blobs, films=7, physicians=3, rule=rule)
    rng = np.random.default_rng(seed)
    for _ in range(60):
        act(session, world, rng)
        session.flush()
        for number, physician in enumerate(world.physicians):
            wanted = searched(session, world, number)
            assert found(session, world, number) == wanted[:3]
            states = Counter(
                session.scalars(select(Ballot.state).where(Ballot.physician_id == physician.id))
            )
            hand = hand_of(session, world, number)
            assert hand.answered == states["answered"]
            assert hand.later == states["deferred"]
            assert hand.waiting == states["leased"] + states["expired"]
            assert hand.cases == session.scalar(
                select(func.count()).where(CaseOrder.physician_id == physician.id)
            )


def test_a_large_study_is_counted_now_and_then(
    session: Session, blobs: BlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hands, "FEW", 3)
    world = make_world(session, blobs, films=6, physicians=2, rule=FixedRule(n=1))
    first, second = world.physicians

    def open_for_second() -> int:
        return progress(session, world.study, physician_id=second.id).open

    assert open_for_second() == 6
    ballot = next_ballot(session, world.study, physician=second, clock=world.clock)
    assert ballot is not None
    assert open_for_second() == 6
    answer(session, ballot=ballot, sent=choose("A"), clock=world.clock)
    assert open_for_second() == 5
    for _ in range(2):
        other = next_ballot(session, world.study, physician=first, clock=world.clock)
        assert other is not None
        answer(session, ballot=other, sent=choose("A"), clock=world.clock)
    assert open_for_second() == 5
    ids = {"study_id": world.study.id, "physician_id": second.id}
    assert hands.claim_count(session, now=world.clock.now(), **ids)
    assert not hands.claim_count(session, now=world.clock.now(), **ids)
    counted = hands.count(session, **ids)
    next_ballot(session, world.study, physician=second, clock=world.clock)
    hands.keep_count(session, counted, **ids)
    assert open_for_second() == 3
    world.clock.advance(31 * 60)
    assert hands.claim_count(session, now=world.clock.now(), **ids)


@pytest.mark.parametrize(
    "design",
    [
        Design(repeat_share=0.3, merge=False),
        Design(repeat_share=0.3, merge=False, draw_first_share=0.5),
    ],
    ids=["choices", "some drawn first"],
)
@pytest.mark.parametrize("authors", [0, 1])
def test_a_large_study_is_counted_as_a_small_one(
    session: Session,
    blobs: BlobStore,
    monkeypatch: pytest.MonkeyPatch,
    design: Design,
    authors: int,
) -> None:
    world = make_world(
        session, blobs, films=8, physicians=3, rule=FixedRule(n=2), design=design, is_open=False
    )
    for film in world.films[:authors]:
        film.mask_author = world.physicians[0].name
    open_world(session, blobs, world)
    rng = np.random.default_rng(7)

    def left(few: int) -> list[int]:
        monkeypatch.setattr(hands, "FEW", few)
        readers = [one.id for one in world.physicians]
        ids = {"study_id": world.study.id}
        return [hands.count(session, physician_id=one, **ids).left for one in readers]

    for _ in range(30):
        act(session, world, rng)
        session.flush()
        assert left(0) == left(1000)
