"""The issue's formulas, and both averages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.evaluation.formulas import OVERLAPS, per_film_parts, pooled_parts
from app.masks.measures import Confusion

counted = st.builds(Confusion, *[st.integers(0, 50)] * 4)


def value(counts: Confusion, name: str) -> float:
    above, below = OVERLAPS[name](counts)
    return above / below


@given(counted)
def test_f1_and_f2_are_those_of_precision_and_sensitivity(counts: Confusion) -> None:
    if not counts.true_positive:
        return
    p, s = counts.precision, counts.sensitivity
    assert value(counts, "f1") == pytest.approx(2 * p * s / (p + s))
    assert value(counts, "f2") == pytest.approx(5 * p * s / (4 * p + s))


@given(counted)
def test_the_others_are_those_of_the_counts(counts: Confusion) -> None:
    for name in ("dice", "iou", "sensitivity", "specificity", "precision", "accuracy"):
        above, below = OVERLAPS[name](counts)
        if below:
            assert above / below == pytest.approx(getattr(counts, name))


@given(counted, counted)
def test_pooled_parts_add_up_over_films(one: Confusion, other: Confusion) -> None:
    assert (pooled_parts(one) + pooled_parts(other) == pooled_parts(one + other)).all()


def test_a_film_with_nothing_claimed_has_no_precision_but_a_dice_of_0() -> None:
    values = dict(zip(OVERLAPS, per_film_parts(Confusion(0, 0, 5, 95)), strict=True))
    assert values["precision"].tolist() == [0, 0]
    assert values["dice"].tolist() == values["f2"].tolist() == [0, 1]
    assert np.isfinite(np.stack(list(values.values()))).all()
