"""The list of own answers is what looking through all votes would list, at any moment."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from app.accounts.roles import Role
from app.accounts.tables import User
from app.ballots.deal import ballot_for, next_ballot
from app.ballots.tables import Ballot, Hand
from app.blobs.store import BlobStore
from app.conduct.answering import answer
from app.db import migrate
from app.db.engine import make_engine, session_factory
from app.studies.protocol import FixedRule
from app.studies.studies import add_member
from app.studies.tables import Study
from app.votes.answers import AnswerRefused, Submission
from app.votes.own import own_answers
from app.votes.tables import Vote
from tests.support.answers import choose, later
from tests.support.factory import World, make_world, open_world

Listed = list[tuple[str, int]]
LEASE = 20 * 60.0
PASSED_OVER = (
    "SEARCH ballots USING COVERING INDEX ix_ballots_study_id_physician_id_vote_no "
    "(study_id=? AND physician_id=? AND vote_no>?)"
)


@pytest.fixture
def worlds(session: Session, blobs: BlobStore) -> list[World]:
    """Two open studies; the first physician of the first reads in both."""
    rule = FixedRule(n=2)
    alpha = make_world(session, blobs, films=9, physicians=3, rule=rule)
    beta = make_world(session, blobs, name="beta", films=5, physicians=1, rule=rule, is_open=False)
    add_member(session, study=beta.study, user=alpha.physicians[0], role=Role.PHYSICIAN)
    beta.physicians.append(alpha.physicians[0])
    open_world(session, blobs, beta)
    session.commit()
    return [alpha, beta]


def searched(session: Session, study: Study, reader: User) -> Listed:
    """Every ballot with its newest vote, the latest first, by looking at all votes."""
    query = (
        select(Ballot.key, Vote.id)
        .join(Vote, Vote.ballot_id == Ballot.id)
        .where(Ballot.study_id == study.id, Ballot.physician_id == reader.id)
        .order_by(Vote.id)
    )
    newest = {key: vote_id for key, vote_id in session.execute(query)}
    return sorted(newest.items(), key=lambda pair: -pair[1])


def listed(session: Session, study: Study, reader: User, *, size: int) -> Iterator[Listed]:
    """The pages of the list, up to the first empty one; each must know how long the list is."""
    offset, total = 0, len(searched(session, study, reader))
    while True:
        rows, count = own_answers(session, study, physician_id=reader.id, offset=offset, limit=size)
        assert count == total
        yield [(ballot.key, vote.id) for ballot, vote in rows]
        if not rows:
            return
        offset += size


def give(session: Session, world: World, sent: Submission) -> str:
    """Let the study's first physician answer the next ballot; return the ballot's key."""
    ballot = next_ballot(session, world.study, physician=world.physicians[0], clock=world.clock)
    assert ballot is not None
    answer(session, ballot=ballot, sent=sent, clock=world.clock)
    return ballot.key


def change_mind(session: Session, world: World, reader: User, rng: np.random.Generator) -> None:
    """Answer an earlier ballot again, wherever it stands."""
    query = select(Ballot).where(Ballot.physician_id == reader.id).order_by(Ballot.id)
    ballots = [one for one in session.scalars(query) if one.study_id == world.study.id]
    if ballots:
        ballot = ballots[rng.integers(len(ballots))]
        sent = choose("ABCD"[rng.integers(4)])
        answer(session, ballot=ballot, sent=sent, clock=world.clock)


def act(session: Session, world: World, rng: np.random.Generator) -> None:
    """Someone answers, puts aside, lets a ballot lie until its lease ends, or changes an answer."""
    reader = world.physicians[rng.integers(len(world.physicians))]
    world.clock.advance(float(rng.choice([60, LEASE])))
    if rng.random() < 0.3:
        change_mind(session, world, reader, rng)
        return
    ballot = next_ballot(session, world.study, physician=reader, clock=world.clock)
    if ballot is None or rng.random() < 0.2:
        return
    sent = later() if rng.random() < 0.3 else choose("A")
    answer(session, ballot=ballot, sent=sent, clock=world.clock)


def play(session: Session, worlds: list[World], rng: np.random.Generator, acts: int) -> None:
    for _ in range(acts):
        act(session, worlds[rng.integers(len(worlds))], rng)
        session.flush()


@pytest.mark.parametrize("seed", range(3))
def test_its_pages_are_the_searched_list_cut_up(
    session: Session, worlds: list[World], seed: int
) -> None:
    rng = np.random.default_rng(seed)
    readers = {reader.id: reader for world in worlds for reader in world.physicians}.values()
    for _ in range(5):
        play(session, worlds, rng, acts=10)
        for world in worlds:
            for reader in readers:
                whole = searched(session, world.study, reader)
                for size in (1, 3, 50):
                    pages = list(listed(session, world.study, reader, size=size))
                    assert [row for page in pages for row in page] == whole
                    assert all(len(page) == size for page in pages[:-2])


def test_an_answer_given_again_stands_first_and_counts_once(
    session: Session, worlds: list[World]
) -> None:
    world, reader = worlds[0], worlds[0].physicians[0]
    keys = [give(session, world, sent) for sent in (choose("A"), later(), choose("B"))]
    again = ballot_for(session, physician=reader, key=keys[0])
    answer(session, ballot=again, sent=choose("C"), clock=world.clock)
    rows, count = own_answers(session, world.study, physician_id=reader.id)
    assert count == 3
    assert [(ballot.key, vote.positions) for ballot, vote in rows] == [
        (keys[0], [2]),
        (keys[2], [1]),
        (keys[1], []),
    ]


def test_what_is_sent_twice_or_refused_moves_nothing(session: Session, worlds: list[World]) -> None:
    world, reader = worlds[0], worlds[0].physicians[0]
    first = choose("A")
    for sent in (first, choose("B")):
        give(session, world, sent)
    before = searched(session, world.study, reader)
    earlier = ballot_for(session, physician=reader, key=before[-1][0])
    assert not answer(session, ballot=earlier, sent=first, clock=world.clock).fresh
    with pytest.raises(AnswerRefused):
        answer(session, ballot=earlier, sent=later(), clock=world.clock)
    assert list(listed(session, world.study, reader, size=50)) == [before, []]


def test_what_a_page_passes_over_is_read_from_an_index_alone(
    sqlite_url: str, blobs: BlobStore
) -> None:
    engine = make_engine(sqlite_url)
    with session_factory(engine)() as session:
        world = make_world(session, blobs, films=3)
        reader = world.physicians[0].id
        for _ in range(2):
            give(session, world, choose("A"))
        asked: list[tuple[str, Any]] = []

        def note(_c: Any, _cursor: Any, sent: str, values: Any, *_more: Any) -> None:
            asked.append((sent, values))

        event.listen(engine, "before_cursor_execute", note)
        assert own_answers(session, world.study, physician_id=reader, offset=1, limit=1)[0]
        event.remove(engine, "before_cursor_execute", note)
        plans = [
            [
                row[-1]
                for row in session.connection().exec_driver_sql(
                    f"EXPLAIN QUERY PLAN {sent}", values
                )
            ]
            for sent, values in asked
            if sent.startswith("SELECT")
        ]
    assert any(plan == [PASSED_OVER] for plan in plans), plans
    assert not any("SCAN" in step for plan in plans for step in plan), plans
    engine.dispose()


def test_two_windows_that_answer_the_same_ballot_count_it_once(
    postgresql_url: str, blobs: BlobStore
) -> None:
    engine = make_engine(postgresql_url)
    sessions = session_factory(engine)
    with sessions() as one, sessions() as other:
        world = make_world(one, blobs, films=2)
        reader = world.physicians[0]
        ballot = next_ballot(one, world.study, physician=reader, clock=world.clock)
        assert ballot is not None
        one.commit()
        meanwhile = ballot_for(other, physician=reader, key=ballot.key)
        answer(one, ballot=ballot, sent=choose("A"), clock=world.clock)
        one.commit()
        answer(other, ballot=meanwhile, sent=choose("B"), clock=world.clock)
        other.commit()
    with sessions() as fresh:
        pages = list(listed(fresh, world.study, reader, size=50))
        assert pages == [searched(fresh, world.study, reader), []]
    engine.dispose()


def numbers(engine: Engine) -> tuple[dict[int, int | None], list[tuple[int, ...]]]:
    """The number of each ballot's newest vote, and what the hands count."""
    with session_factory(engine)() as session:
        ballots = {ballot.id: ballot.vote_no for ballot in session.scalars(select(Ballot))}
        hands = [
            (hand.study_id, hand.physician_id, hand.voted, hand.votes)
            for hand in session.scalars(select(Hand))
        ]
    return ballots, sorted(hands)


def test_a_study_from_before_is_numbered_as_its_votes_would_have_been(
    engine: Engine, database_url: str, session: Session, worlds: list[World]
) -> None:
    play(session, worlds, np.random.default_rng(5), acts=20)
    for reader in worlds[0].physicians:
        next_ballot(session, worlds[0].study, physician=reader, clock=worlds[0].clock)
    session.commit()
    session.close()
    before = numbers(engine)
    assert None in before[0].values()
    assert max(filter(None, before[0].values())) > 1
    engine.dispose()
    migrate.downgrade(database_url, "0013")
    migrate.upgrade(database_url)
    assert numbers(engine) == before
