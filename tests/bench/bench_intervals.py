"""How often the interval of a share holds the truth, in simulated studies: prints, no more."""

import numpy as np

from app.simulation.readers import HOME, Habits, answers
from app.statistics.proportions import share
from app.statistics.resampling import TwoWay

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
