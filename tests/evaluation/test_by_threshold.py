"""Dice at every threshold, against masks made one by one."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from app.evaluation.by_threshold import THRESHOLDS, dice_by_threshold, hits_and_claims
from tests.evaluation.films import kept


@given(
    arrays.arrays(np.float32, (4, 5), elements=st.floats(0, 1, width=32)),
    arrays.arrays(np.bool_, (4, 5)),
)
def test_the_counts_are_those_of_a_mask_at_that_threshold(
    probability: NDArray[np.float32], truth: NDArray[np.bool_]
) -> None:
    hits, claims = hits_and_claims(probability, truth)
    for number, threshold in enumerate(THRESHOLDS.astype(np.float32)):
        mask = probability >= threshold
        assert claims[number] == np.count_nonzero(mask)
        assert hits[number] == np.count_nonzero(mask & truth)


def test_both_averages_stand_at_each_threshold() -> None:
    small = replace(kept("a", hit=2, missed=2), by_threshold=np.full((2, 19), 2.0))
    large = replace(kept("b", hit=96, missed=0), by_threshold=np.full((2, 19), 96.0))
    found = dice_by_threshold([small, large, kept("clear")])
    assert found is not None
    assert found.per_film[0] == pytest.approx((2 / 3 + 1) / 2)
    assert found.pooled[0] == pytest.approx(2 * 98 / (98 + 100))
