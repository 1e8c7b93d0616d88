"""How often readers are right where the right answer is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.statistics.proportions import exact_interval
from app.statistics.sentinels import EVERYBODY, scores
from app.statistics.votes import Votes
from tests.statistics.making import votes_of

GOOD, BAD = 0, 1
TRUTH = ("good", "spoilt")

answers = st.lists(st.sampled_from(["good", "bad", "both", "denied"]), min_size=1, max_size=40)


def read(said: list[str], readers: list[int] | None = None) -> Votes:
    """Answers to sentinels whose good mask stands in slot B."""
    chosen = {"good": [1], "bad": [0], "both": [1, 2], "denied": []}
    return votes_of(
        [[BAD, GOOD, BAD, BAD]] * len(said),
        [chosen[one] for one in said],
        sources=TRUTH,
        reader=readers or [0] * len(said),
    )


@given(answers)
def test_right_is_the_good_mask_and_no_other(said: list[str]) -> None:
    everybody = scores(read(said))[0]
    assert (everybody.reader, everybody.met) == (EVERYBODY, len(said))
    assert everybody.right == said.count("good")
    assert everybody.spoilt == said.count("bad") + said.count("both")
    assert everybody.denied == said.count("denied")
    assert everybody.share == exact_interval(said.count("good"), len(said))
    assert everybody.chance == pytest.approx(1 / 4)


def test_each_reader_has_a_score_and_all_have_one_together() -> None:
    found = scores(read(["good", "good", "bad", "good"], readers=[2, 0, 2, 2]))
    assert [(one.reader, one.right, one.met) for one in found] == [(-1, 3, 4), (0, 1, 1), (2, 2, 3)]


def test_chance_depends_on_how_many_masks_stood_there() -> None:
    found = scores(votes_of([[GOOD, BAD, -1, -1]] * 2, [[0], [1]], sources=TRUTH))
    assert found[0].chance == 0.5


def test_without_sentinels_there_is_no_score() -> None:
    one = read(["good"])
    assert scores(one.where(one.film < 0)) == []
