"""How often the interval of a share holds the truth, in simulated studies: prints, no more."""

import numpy as np

from app.networks.scoring import Estimate
from app.simulation.readers import HOME, Habits, answers
from app.statistics.proportions import share
from app.statistics.resampling import TwoWay
from app.statistics.strengths import strengths
from app.statistics.votes import Votes
from tests.statistics.making import votes_of

STUDIES, EACH = 200, 3
DESIGNS = ((3, 100, 0.2), (5, 100, 0.2), (8, 100, 0.2), (12, 300, 0.2), (8, 100, 0.0))


def test_intervals_of_a_share() -> None:
    print("\nreaders, films, ± home bias: share of intervals that hold the truth, mean width")
    for readers, films, spread in DESIGNS:
        habits = Habits(skill=0.7, home_bias=0.2, home_spread=spread)
        many = answers(
            habits, studies=400, films=400, readers=20, each=EACH, rng=np.random.default_rng(1)
        )
        truth = float((many.choice == HOME).mean())
        found = answers(
            habits,
            studies=STUDIES,
            films=films,
            readers=readers,
            each=EACH,
            rng=np.random.default_rng(2),
        )
        film = np.repeat(np.arange(films), EACH)
        inside, widths = 0, []
        for study in range(STUDIES):
            parts = np.column_stack([found.choice[study].ravel() == HOME, np.ones(films * EACH)])
            drawing = TwoWay(film, found.reader[study].ravel(), seed=study)
            one = share(parts, drawing.sums(parts), spread=drawing.spread(parts))
            assert one is not None
            inside += one.low <= truth <= one.high
            widths.append(one.high - one.low)
        print(f"  {readers:3} {films:4} {spread:.1f}: {inside / STUDIES:.3f} {np.mean(widths):.3f}")


WORTHS = (0.4, 0.3, 0.2, 0.1)
ALL_READERS, OF_EACH = 3000, 30


def luce_readers(rng: np.random.Generator, readers: int, *, films: int, taste: float) -> Votes:
    """Each reads every film; each one's liking of source 0 is its worth times exp(N(0, taste²))."""
    number = readers * films
    reader = np.repeat(np.arange(readers), films)
    slots = rng.permuted(np.tile(np.arange(4), (number, 1)), axis=1)
    worths = np.tile(WORTHS, (readers, 1))
    worths[:, 0] *= np.exp(rng.normal(0, taste, readers))
    odds = worths[reader[:, None], slots]
    edges = (odds / odds.sum(axis=1, keepdims=True)).cumsum(axis=1)
    position = (rng.random((number, 1)) > edges[:, :-1]).sum(axis=1)
    film = np.tile(np.arange(films), readers)
    return votes_of(slots, [[one] for one in position], film=film, reader=reader)


def first_strength(votes: Votes, drawing: TwoWay) -> Estimate:
    found = strengths(votes, drawing)
    assert found is not None
    return found.sources[0]


def test_intervals_of_a_strength() -> None:
    print("\nreaders, taste: share of intervals that hold the truth, mean width")
    for readers, taste in ((3, 0.6), (5, 0.6), (8, 0.6), (12, 0.6), (8, 0.0)):
        many = luce_readers(np.random.default_rng(1), ALL_READERS, films=OF_EACH, taste=taste)
        alone = TwoWay(np.zeros_like(many.patient), np.zeros_like(many.reader), seed=1)
        truth = first_strength(many, alone).value
        rng = np.random.default_rng(2)
        inside, widths = 0, []
        for study in range(STUDIES):
            votes = luce_readers(rng, readers, films=40, taste=taste)
            one = first_strength(votes, TwoWay(votes.patient, votes.reader, seed=study))
            inside += one.low <= truth <= one.high
            widths.append(one.high - one.low)
        print(f"  {readers:3} {taste:.1f}: {inside / STUDIES:.3f} {np.mean(widths):.3f}")
