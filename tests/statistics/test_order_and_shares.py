"""Wins, pairs, slots, sittings, repeats, disputes and drawings on tables small enough to see."""

import numpy as np
import pytest
from scipy import stats

from app.masks.measures import dice
from app.statistics import order
from app.statistics.disputes import disputes, histogram
from app.statistics.drawings import alike, drawings, drawn_first, sample
from app.statistics.preferences import beaten, by_reader, pairs, shares
from app.statistics.resampling import TwoWay, draws
from app.statistics.votes import Votes
from app.statistics.within import within
from tests.statistics.making import luce_votes, votes_of

FORWARD, BACK = [0, 1, 2, 3], [3, 2, 1, 0]


def drawing_of(votes: Votes) -> TwoWay:
    return TwoWay(votes.patient, votes.reader, seed=1)


def test_shares_are_of_sources_not_of_slots() -> None:
    votes = votes_of([FORWARD, BACK, FORWARD, BACK], [[0], [3], [0, 1], []])
    found = {one.name: (one.votes, one.share.value) for one in shares(votes, drawing_of(votes))}
    assert found["manual"] == (2.5, 0.625)
    assert found["network:north"] == (0.5, 0.125)
    assert found["none acceptable"] == (1, 0.25)


def test_merged_twins_each_get_the_whole_credit() -> None:
    members = np.array([[1, 0, 0, 0], [0, 1, 1, 0], [0, 0, 0, 1]], bool)
    votes = votes_of([[0, 1, 2], [2, 1, 0]], [[1], [0]], members=members)
    assert votes.credits.tolist() == [[0, 1, 1, 0], [0, 0, 0, 1]]
    assert votes.categories.sum(axis=1).tolist() == [1, 1]


def test_a_share_over_readers_has_a_wider_interval_than_over_films_alone() -> None:
    rng = np.random.default_rng(1)
    reader = np.repeat(np.arange(6), 100)
    likes = rng.random(600) < np.array([0.1, 0.9, 0.2, 0.8, 0.5, 0.6])[reader]
    votes = votes_of([FORWARD] * 600, [[0] if like else [1] for like in likes], reader=reader)
    both = shares(votes, TwoWay(votes.patient, votes.reader, seed=1))[0].share
    films = shares(votes, TwoWay(votes.patient, votes.reader, seed=1, readers=False))[0].share
    assert both.high - both.low > 3 * (films.high - films.low)
    assert both.value == films.value == pytest.approx(likes.mean())


def test_films_of_one_patient_are_drawn_together() -> None:
    film = np.arange(400)
    alike_films = votes_of([FORWARD] * 400, [[0]] * 200 + [[1]] * 200, patient=film // 100)
    alone = votes_of([FORWARD] * 400, [[0]] * 200 + [[1]] * 200)
    together, apart = (shares(v, drawing_of(v))[0].share for v in (alike_films, alone))
    assert together.high - together.low > 3 * (apart.high - apart.low)


def test_drawing_again_by_the_same_seed_gives_the_same() -> None:
    assert (draws(50, seed=3).counts == draws(50, seed=3).counts).all()
    assert (draws(50, seed=3).counts.sum(axis=1) == 50).all()


def test_sums_weigh_each_vote_by_its_patient_and_its_reader() -> None:
    rng = np.random.default_rng(5)
    patient, reader = rng.integers(9, size=80), rng.integers(4, size=80)
    drawing = TwoWay(patient, reader, seed=2)
    parts = rng.random((80, 3))
    by_hand = np.stack(
        [
            (parts * (p[patient].astype(float) * r[reader])[:, None]).sum(axis=0)
            for p, r in zip(drawing._of_patients.counts, drawing._of_readers.counts, strict=True)
        ]
    )
    assert drawing.sums(parts) == pytest.approx(by_hand)


def test_best_and_worst_give_five_of_six_pairs() -> None:
    votes = votes_of([FORWARD], [[1]], worst=[3])
    known = {(one.first, one.second): (one.wins, one.of) for one in pairs(votes)}
    assert sum(of for _, of in known.values()) == 5
    assert known["manual", "network:north"] == (0, 1)
    assert known["network:north", "network:west"] == (1, 1)
    assert known["manual", "network:south"] == (0, 0)


def test_a_tie_wins_half_and_not_against_itself() -> None:
    won = beaten(votes_of([FORWARD], [[0, 1]]))
    assert won[0].tolist() == [0, 0, 0.5, 0.5]
    assert won[2].tolist() == [0, 0, 0, 0]


def test_slots_chi_square_is_scipys_and_sees_a_lean_to_the_first() -> None:
    lean = luce_votes((1, 1, 1, 1), (2, 1, 1, 1), number=400, seed=6)
    found = order.slots(lean)
    theirs = stats.chisquare(lean.chosen.sum(axis=0))
    assert found.chi2 == pytest.approx(theirs.statistic)
    assert found.p_value == pytest.approx(theirs.pvalue)
    assert theirs.pvalue < 0.001


def test_no_lean_is_seldom_called_one() -> None:
    called = 0
    for seed in range(200):
        found = order.slots(luce_votes((4, 2, 1, 1), (1, 1, 1, 1), number=120, seed=seed))
        assert found.p_value is not None
        called += found.p_value < 0.05
    assert called <= 20


def test_a_sitting_is_told_in_stretches() -> None:
    votes = votes_of(
        [FORWARD] * 4,
        [[0], [0], [1], []],
        film=[0, 0, 1, 1],
        reader=[0, 1, 0, 1],
        sitting=[1, 1, 12, 12],
        seconds=[10.0, 20.0, 4.0, 6.0],
    )
    first, second = order.sitting(votes)
    assert (first.answers, first.seconds, first.denied, first.with_others) == (2, 15, 0, 1)
    assert (second.answers, second.seconds, second.denied, second.with_others) == (2, 5, 0.5, 0)


def test_getting_quicker_is_seen_whatever_each_readers_pace() -> None:
    place = np.tile(np.arange(1, 51), 2)
    pace = np.repeat([5.0, 50.0], 50)
    votes = votes_of(
        [FORWARD] * 100,
        [[0]] * 100,
        reader=np.repeat([0, 1], 50),
        sitting=place,
        seconds=pace * 0.99**place,
    )
    found = order.speeding_up(votes)
    assert found is not None
    assert found.rho < -0.99
    timed = order.times(votes)
    assert timed is not None
    assert [round(median) for _, _, median in timed.by_reader] == [4, 39]


def test_repeats_are_set_beside_the_first_answer_of_the_same_reader() -> None:
    votes = votes_of(
        [FORWARD, FORWARD, BACK, BACK, BACK],
        [[0], [1], [3], [3], [0]],
        film=[5, 6, 5, 6, 5],
        reader=[0, 0, 0, 0, 1],
        repeat=[0, 0, 1, 1, 1],
    )
    found = within(votes, seed=1)
    assert found is not None
    # Film 5 again by source 0, film 6 by source 0 instead of 1; the last has no first answer.
    assert (found.repeats, found.readers, found.same.value, found.slot_kept) == (2, 1, 0.5, 0)
    assert found.agreement.units == 2


def test_without_repeats_nothing_is_told() -> None:
    assert within(votes_of([FORWARD], [[0]]), seed=1) is None


def test_the_most_disputed_film_comes_first() -> None:
    votes = votes_of(
        [FORWARD] * 7,
        [[0], [0], [0], [1], [2], [3], [3]],
        film=[1, 1, 2, 2, 3, 3, 4],
        reader=[0, 1, 0, 1, 0, 1, 0],
    )
    found = disputes(votes, most=5)
    assert [one.film for one in found] == [2, 3]
    assert found[0].given == [(0, 1.0), (1, 1.0)]
    assert histogram(votes) == [1, 0, 0, 0, 2]


def test_drawings_are_compared_in_pairs_of_one_film() -> None:
    first, second = np.zeros((20, 20), bool), np.zeros((20, 20), bool)
    first[2:12, 2:12] = second[4:14, 2:12] = True
    chosen, of = sample(np.array([7, 8, 7, 7]), most=2, seed=1)
    assert of == 3
    assert len(chosen) == 2
    pair = alike(first, second, film=7, patient=0, tolerance=1.0)
    assert pair.dice == pytest.approx(dice(first, second)) == pytest.approx(0.8)
    told = drawings([pair, pair], of=3, seed=1)
    assert told is not None
    assert (told.pairs, told.of, told.films) == (2, 3, 1)
    assert told.dice.value == pytest.approx(0.8)
    assert drawings([], of=0, seed=1) is None


def test_each_readers_own_shares_are_told() -> None:
    votes = votes_of([FORWARD] * 3, [[0], [0], [1]], reader=[0, 1, 1])
    assert [(one.votes, one.shares[0]) for one in by_reader(votes)] == [(1, 1.0), (2, 0.5)]


def test_drawings_made_first_are_set_beside_each_source_and_the_later_choice() -> None:
    likeness = np.array([[0.9, 0.5], [0.4, 0.8], [0.7, 0.6]])
    taken = np.array([[True, False], [True, False], [False, False]])
    found = drawn_first(likeness, np.array([3, 3, 9]), taken, of=7, seed=1)
    assert found is not None
    assert [one.value for one in found.dice] == pytest.approx([2 / 3, 1.9 / 3])
    # The first chose what was nearest, the second the other one, the third nothing yet.
    assert (found.drawings, found.of, found.later, found.nearest) == (3, 7, 2, 1)
    assert drawn_first(likeness[:0], np.empty(0, int), taken[:0], of=0, seed=1) is None


def test_readers_alike_give_the_interval_of_a_binomial_share_and_not_a_wider_one() -> None:
    rng = np.random.default_rng(9)
    widths = []
    for _ in range(10):
        film = np.repeat(np.arange(100), 3)
        reader = (film + np.tile(np.arange(3), 100)) % 8
        chosen = [[int(rng.random() < 0.6)] for _ in film]
        votes = votes_of([FORWARD] * 300, chosen, film=film, reader=reader)
        share = shares(votes, drawing_of(votes))[0].share
        widths.append(share.high - share.low)
    plain = 2 * 1.96 * np.sqrt(0.4 * 0.6 / 300)
    assert 0.85 * plain < np.mean(widths) < 1.35 * plain
