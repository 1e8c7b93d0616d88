"""Luce's strengths: against choix, against planted slot bias and ties, and their intervals."""

import choix
import numpy as np
import pytest

from app.statistics.resampling import TwoWay
from app.statistics.strengths import Strengths, fit, model_of, strengths
from app.statistics.votes import Votes
from tests.statistics.making import luce_votes, votes_of

WORTHS = (0.4, 0.3, 0.2, 0.1)


def strengths_of(votes: Votes) -> Strengths:
    found = strengths(votes, TwoWay(votes.patient, votes.reader, seed=1))
    assert found is not None
    return found


def test_plain_luce_is_what_choix_finds() -> None:
    votes = luce_votes(WORTHS, (1, 1, 1, 1), number=600, seed=2)
    # choix knows no slots: leave out their parameters.
    model = model_of(votes)
    plain = model.features.copy()
    plain[..., 3:6] = 0
    counts = np.bincount(model.outcome, minlength=model.possible.size).astype(float)
    ours = fit(type(model)(plain, *list(vars(model).values())[1:]), counts[None])[0]
    logs = model.source_basis @ ours[:3]
    data = [
        (int(slots[at]), tuple(int(s) for s in np.delete(slots, at)))
        for slots, at in zip(votes.slots, votes.chosen.argmax(axis=1), strict=True)
    ]
    theirs = choix.opt_top1(4, data)
    assert logs == pytest.approx(theirs - theirs.mean(), abs=1e-4)


def test_slot_bias_is_told_apart_from_strength() -> None:
    votes = luce_votes(WORTHS, (3, 1, 1, 1), number=20_000, seed=3)
    found = strengths_of(votes)
    assert [one.value for one in found.sources] == pytest.approx(WORTHS, abs=0.012)
    assert [one.value for one in found.slots] == pytest.approx(
        [1 / 2, 1 / 6, 1 / 6, 1 / 6], abs=0.012
    )


def test_ties_are_davidsons() -> None:
    # Two sources of worth 1 and 4, ties with δ = 0.5: odds 1 : 4 : 0.5·√4.
    rng = np.random.default_rng(4)
    slots = rng.permuted(np.tile([0, 1], (30_000, 1)), axis=1)
    outcome = rng.choice(3, size=30_000, p=np.array([1, 4, 1]) / 6)
    chosen = [
        [0, 1] if o == 2 else [int(np.flatnonzero(row == o)[0])]
        for row, o in zip(slots, outcome, strict=True)
    ]
    votes = votes_of(slots, chosen, sources=("one", "four"))
    found = strengths_of(votes)
    assert [one.value for one in found.sources] == pytest.approx([0.2, 0.8], abs=0.01)
    assert found.ties == pytest.approx([0.5], abs=0.02)


def test_a_source_that_is_never_chosen_has_hardly_any_strength() -> None:
    votes = luce_votes((1, 1, 1, 0), (1, 1, 1, 1), number=400, seed=5)
    last = strengths_of(votes).sources[3]
    assert 0 <= last.low <= last.value < 0.005


def test_merged_near_twins_share_the_strength_of_their_mask() -> None:
    # Source 1 and 2 always stand in one slot, and are chosen as often as source 0.
    members = np.array([[1, 0, 0], [0, 1, 1]], bool)
    slots = np.tile([[0, 1], [1, 0]], (300, 1))
    chosen = [[0], [1], [1], [0]] * 150
    votes = votes_of(slots, chosen, sources=("a", "b", "c"), members=members)
    assert [one.value for one in strengths_of(votes).sources] == pytest.approx(
        [1 / 3] * 3, abs=1e-3
    )


def test_intervals_cover_the_truth() -> None:
    inside = 0
    for study in range(40):
        votes = luce_votes(WORTHS, (1, 1, 1, 1), number=500, seed=100 + study, readers=6)
        first = strengths_of(votes).sources[0]
        inside += first.low <= 0.4 <= first.high
    assert inside >= 34


def test_votes_that_choose_no_slot_tell_nothing_of_strength() -> None:
    votes = votes_of([[0, 1, 2, 3]], [[]])
    assert strengths(votes, TwoWay(votes.patient, votes.reader, seed=1)) is None
