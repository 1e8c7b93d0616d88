"""Alpha and AC1 against published worked examples, and what must hold of any table."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.statistics.agreement import Agreement, agreement
from app.statistics.votes import Floats, Ints


def rated(rows: list[str]) -> tuple[Floats, Ints]:
    """One rater a row, one unit a column, “.” where nothing was said."""
    names = sorted(set("".join(rows)) - {"."})
    said = [
        (column, names.index(mark))
        for row in rows
        for column, mark in enumerate(row)
        if mark != "."
    ]
    unit, category = np.array(said).T
    return np.eye(len(names))[category], unit


def of(rows: list[str]) -> Agreement:
    ratings, unit = rated(rows)
    found = agreement(ratings, unit, unit, seed=1, resamples=50)
    assert found is not None
    return found


# Krippendorff 2011, “Computing Krippendorff's Alpha-Reliability”, sections A, B and C; the last is
# also irrCAC's cac.raw4raters, for which its documentation gives AC1 = 0.77544.


def test_alpha_of_krippendorffs_binary_example() -> None:
    found = of(["0100000010", "1110010000"])
    assert found.alpha is not None
    assert found.alpha.value == pytest.approx(0.095, abs=5e-4)


def test_alpha_of_krippendorffs_nominal_example() -> None:
    found = of(["aabbdcccedda", "babbbccceddd"])
    assert found.alpha is not None
    assert found.alpha.value == pytest.approx(0.692, abs=5e-4)


def test_alpha_and_ac1_of_four_raters_with_gaps() -> None:
    found = of(["123321412...", "1233224125.3", ".3332342251.", "12332441251."])
    assert (found.units, found.ratings) == (11, 40)
    assert found.alpha is not None
    assert found.alpha.value == pytest.approx(0.743, abs=5e-4)
    assert found.ac1 is not None
    assert found.ac1.value == pytest.approx(0.77544, abs=5e-6)
    assert found.observed.value == pytest.approx(0.81818, abs=5e-6)


def test_ac1_keeps_its_head_where_one_answer_is_rare() -> None:
    # Gwet 2008: 118 of 125 agree on +, none on −: AC1 0.9408, while kappa falls below 0.
    found = of(["+" * 118 + "+" * 5 + "-" * 2, "+" * 118 + "-" * 5 + "+" * 2])
    assert found.ac1 is not None
    assert found.ac1.value == pytest.approx(0.9408, abs=5e-5)
    assert found.alpha is not None
    assert found.alpha.value < 0


def test_alpha_is_not_told_where_only_one_answer_was_ever_given() -> None:
    found = of(["aaaa", "aaaa"])
    assert found.alpha is None
    assert found.ac1 is not None
    assert found.ac1.value == 1


def test_without_a_unit_rated_twice_there_is_nothing_to_tell() -> None:
    ratings, unit = rated(["ab..", "..ab"])
    assert agreement(ratings, unit, unit, seed=1) is None


def test_a_tie_agrees_as_often_as_breaking_it_at_random_does() -> None:
    rng = np.random.default_rng(3)
    unit = np.repeat(np.arange(40), 3)
    whole = np.eye(4)[rng.integers(4, size=120)]
    tied = whole.copy()
    tied[::7] = [0.5, 0.5, 0, 0]
    broken = []
    for _ in range(2000):
        once = tied.copy()
        once[::7] = np.eye(4)[rng.integers(2, size=len(once[::7]))]
        found = agreement(once, unit, unit, seed=1, resamples=1)
        assert found is not None
        broken.append(found.observed.value)
    found = agreement(tied, unit, unit, seed=1, resamples=1)
    assert found is not None
    assert found.observed.value == pytest.approx(np.mean(broken), abs=0.002)


tables = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 3)), min_size=4, max_size=40).filter(
    lambda said: len({unit for unit, _ in said}) < len(said)
)


@given(tables, st.permutations(range(4)))
def test_names_of_answers_do_not_matter(said: list[tuple[int, int]], names: list[int]) -> None:
    unit, category = np.array(said).T
    one = agreement(np.eye(4)[category], unit, unit, seed=1, resamples=1)
    other = agreement(np.eye(4)[np.array(names)[category]], unit, unit, seed=1, resamples=1)
    assert one is not None
    assert other is not None
    for a, b in ((one.alpha, other.alpha), (one.ac1, other.ac1)):
        assert (a is None) == (b is None)
        if a and b:
            assert a.value == pytest.approx(b.value)
            assert a.value <= 1 + 1e-9


def test_intervals_hold_what_would_come_out_again() -> None:
    rng = np.random.default_rng(8)
    inside = 0
    for study in range(100):
        unit = np.repeat(np.arange(150), 3)
        truth = rng.integers(3, size=150)
        category = np.where(rng.random(450) < 0.7, truth[unit], rng.integers(3, size=450))
        found = agreement(np.eye(3)[category], unit, unit, seed=study, resamples=200)
        assert found is not None
        assert found.alpha is not None
        inside += found.alpha.low <= 0.49 <= found.alpha.high
    assert inside >= 88
