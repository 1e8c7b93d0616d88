"""Strengths without one reader, and intervals that know of readers and films as clusters."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.statistics.leaving_out import without_each
from app.statistics.resampling import TwoWay
from app.statistics.strengths import fit, influence, model_of, strengths
from app.statistics.votes import Votes
from tests.statistics.making import luce_votes, votes_of

WORTHS = (0.4, 0.3, 0.2, 0.1)


def drawing_of(votes: Votes) -> TwoWay:
    return TwoWay(votes.patient, votes.reader, seed=1)


def two_sources(first_wins: list[list[bool]]) -> Votes:
    """Reader r chose the first of two sources on film f where ``first_wins[r][f]``."""
    readers, films = len(first_wins), len(first_wins[0])
    slots = [[0, 1] if film % 2 else [1, 0] for _ in range(readers) for film in range(films)]
    flat = [won for row in first_wins for won in row]
    chosen = [[row.index(0 if won else 1)] for row, won in zip(slots, flat, strict=True)]
    return votes_of(
        slots,
        chosen,
        sources=("a", "b"),
        film=np.tile(np.arange(films), readers),
        reader=np.repeat(np.arange(readers), films),
    )


def test_leaving_a_reader_out_is_fitting_the_others() -> None:
    votes = luce_votes(WORTHS, (1, 1, 1, 1), number=300, seed=6, readers=4)
    found = without_each(votes)
    assert [one.reader for one in found] == [0, 1, 2, 3]
    for one in found:
        rest = votes.where(votes.reader != one.reader)
        alone = strengths(rest, drawing_of(rest))
        assert alone is not None
        assert one.choices == alone.choices == len(rest)
        assert one.strengths == pytest.approx([each.value for each in alone.sources], abs=1e-6)


def test_two_sources_without_a_reader_are_the_others_shares() -> None:
    # By hand: the others chose a in 4 + 2, 2 + 2 and 2 + 4 of 8, as often in either slot.
    votes = two_sources([[True, True, False, False], [True] * 4, [True, True, False, False]])
    assert [one.strengths[0] for one in without_each(votes)] == pytest.approx(
        [6 / 8, 4 / 8, 6 / 8], abs=1e-3
    )


def test_one_reader_cannot_be_left_out() -> None:
    assert without_each(luce_votes(WORTHS, (1, 1, 1, 1), number=50, seed=7, readers=1)) == []


def test_a_reader_without_whom_nothing_is_chosen_is_left_in() -> None:
    votes = votes_of([[0, 1, 2, 3]] * 4, [[0], [1], [], []], reader=np.array([0, 0, 1, 1]))
    assert [one.reader for one in without_each(votes)] == [1]


@given(st.integers(0, 2**32 - 1), st.integers(2, 5))
@settings(max_examples=20)
def test_readers_who_vote_alike_can_be_left_out_alike(seed: int, readers: int) -> None:
    own = luce_votes(WORTHS, (1, 1, 1, 1), number=40, seed=seed, readers=1)
    votes = votes_of(
        np.tile(own.slots, (readers, 1)),
        [[position] for position in own.chosen.argmax(axis=1)] * readers,
        sources=own.sources,
        reader=np.repeat(np.arange(readers), 40),
    )
    found = [one.strengths for one in without_each(votes)]
    for one in found:
        assert one == pytest.approx(found[0], abs=1e-9)
        assert sum(one) == pytest.approx(1)


def test_the_influence_of_a_vote_is_what_leaving_it_out_moves() -> None:
    votes = luce_votes(WORTHS, (2, 1, 1, 1), number=400, seed=8)
    model = model_of(votes)
    size = model.possible.size
    counts = np.bincount(model.outcome, minlength=size).astype(np.float64)
    whole = fit(model, counts[None])[0]
    moves = influence(model, whole)
    assert moves.sum(axis=0) == pytest.approx(0, abs=0.01)
    less = np.repeat(counts[None], 20, axis=0)
    less[np.arange(20), model.outcome[:20]] -= 1
    assert moves[:20] == pytest.approx(whole - fit(model, less), rel=0.1, abs=2e-4)


def test_of_two_sources_the_spread_of_a_strength_is_that_of_its_share() -> None:
    rng = np.random.default_rng(9)
    tastes = rng.uniform(0.3, 0.9, 8)
    votes = two_sources((rng.random((8, 40)) < tastes[:, None]).tolist())
    drawing = drawing_of(votes)
    model = model_of(votes)
    counts = np.bincount(model.outcome, minlength=model.possible.size).astype(np.float64)
    moves = influence(model, fit(model, counts[None])[0])[:, :1] @ model.source_basis.T
    parts = np.column_stack([votes.credits[:, 0], np.ones(len(votes))])
    assert drawing.spread_of(moves[:, 0]) == pytest.approx(drawing.spread(parts), rel=0.03)


def test_intervals_are_wider_where_readers_differ() -> None:
    rng = np.random.default_rng(10)
    widths = []
    for spread in (0.0, 0.3):
        tastes = np.clip(0.6 + spread * np.linspace(-1, 1, 6), 0, 1)
        votes = two_sources((rng.random((6, 60)) < tastes[:, None]).tolist())
        found = strengths(votes, drawing_of(votes))
        assert found is not None
        widths.append(found.sources[0].high - found.sources[0].low)
    assert widths[1] > 1.8 * widths[0]
