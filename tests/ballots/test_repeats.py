"""Which films come again, and that they stand early enough to come again among new ones."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.ballots.deal import next_ballot
from app.ballots.repeats import Repeats, drawn, early_first, room_for
from app.ballots.tables import Return
from app.blobs.store import BlobStore
from app.conduct.answering import answer
from app.studies.protocol import Design, FixedRule
from tests.support.answers import choose
from tests.support.factory import make_world

SEED = "5eed" * 16

seeds = st.binary(min_size=32, max_size=32).map(bytes.hex)
shares = st.sampled_from([0.0, 0.05, 0.1, 0.3, 1.0])


def repeats_of(
    films: int, *, reads: float = 1.0, design: Design | None = None, seed: str = SEED
) -> Repeats:
    return drawn(range(films), physician_id=1, seed=seed, design=design or Design(), reads=reads)


@given(seeds, st.integers(0, 400), st.floats(0.1, 1), shares, st.sampled_from([0, 4, 100]))
def test_early_films_stand_in_their_room_and_the_others_keep_their_order(
    seed: str, films: int, reads: float, share: float, washout: int
) -> None:
    design = Design(repeat_share=share, repeat_after_ballots=washout)
    repeats = repeats_of(films, reads=reads, design=design, seed=seed)
    before = list(range(films))
    after = early_first(before, repeats, physician_id=1, seed=seed)
    assert sorted(after) == before
    assert not repeats.early & repeats.anywhere
    others = [one for one in after if one not in repeats.early]
    assert others == sorted(others)
    far = max((place for place, one in enumerate(after) if one in repeats.early), default=-1)
    assert far < max(repeats.room, len(repeats.early))


@pytest.mark.parametrize(("films", "reads"), [(4000, 1.0), (4000, 0.25), (1000, 0.5)])
def test_what_comes_again_is_the_share_of_what_is_read(films: int, reads: float) -> None:
    repeats = repeats_of(films, reads=reads)
    assert len(repeats.early) == pytest.approx(0.1 * reads * films, rel=0.25)
    assert not repeats.anywhere


def test_a_study_shorter_than_the_washout_repeats_as_many_anywhere() -> None:
    counts = [len(repeats_of(150, seed=f"{n:064x}").anywhere) for n in range(100)]
    assert np.mean(counts) == pytest.approx(15, abs=1.5)
    assert not repeats_of(150).early
    assert room_for(150, Design()) == 0


def test_early_films_are_never_crowded() -> None:
    for films in range(151, 450, 20):
        counts = [len(repeats_of(films, seed=f"{n:064x}").early) for n in range(60)]
        assert np.mean(counts) <= 1.25 * 0.2 * room_for(films, Design()) + 1


def test_which_films_return_early_does_not_depend_on_where_they_stood() -> None:
    repeats = repeats_of(400)
    one = early_first(range(400), repeats, physician_id=1, seed=SEED)
    other = early_first(range(399, -1, -1), repeats, physician_id=1, seed=SEED)
    places = [[order.index(film) for film in repeats.early] for order in (one, other)]
    assert sorted(places[0]) != places[0]
    assert {film for film in one[: repeats.room] if film in repeats} == repeats.early
    assert {film for film in other[: repeats.room] if film in repeats} == repeats.early


def test_no_repeat_is_left_for_the_end(session: Session, blobs: BlobStore) -> None:
    """Once the last new case is dealt nothing more comes, not even days later."""
    design = Design(repeat_share=0.2, repeat_after_ballots=4, merge=False)
    world = make_world(session, blobs, films=40, physicians=1, rule=FixedRule(n=1), design=design)
    planned = session.scalar(select(func.count()).where(Return.repeat_no == 1))
    kinds = []
    for days in (0, 15):
        world.clock.advance(timedelta(days=days).total_seconds())
        while True:
            ballot = next_ballot(
                session, world.study, physician=world.physicians[0], clock=world.clock
            )
            if ballot is None:
                break
            kinds.append(ballot.repeat_no)
            answer(session, ballot=ballot, sent=choose("A"), clock=world.clock)
    assert kinds.count(1) == planned
    assert planned
    assert kinds[-1] == 0
