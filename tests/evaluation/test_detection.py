"""Detection against slower definitions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from app.evaluation.detection import Detection, detect

films = st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=2, max_size=14).filter(
    lambda rows: len({infected for _, infected in rows}) == 2
)


def of(rows: list[tuple[int, bool]], threshold: float = 3) -> Detection:
    found = detect(
        [float(score) for score, _ in rows],
        [infected for _, infected in rows],
        [str(number) for number in range(len(rows))],
        threshold=threshold,
        seed=1,
    )
    assert found is not None
    return found


@settings(max_examples=40)
@given(films)
def test_auc_is_the_share_of_pairs_in_the_right_order(rows: list[tuple[int, bool]]) -> None:
    ill = [score for score, infected in rows if infected]
    well = [score for score, infected in rows if not infected]
    found = of(rows).auc
    assert found.value == pytest.approx(mannwhitneyu(ill, well).statistic / len(ill) / len(well))
    assert 0 <= found.low <= found.high <= 1


@settings(max_examples=40)
@given(films)
def test_sensitivity_at_a_specificity_is_the_best_of_all_thresholds(
    rows: list[tuple[int, bool]],
) -> None:
    found = of(rows)
    ill = np.array([score for score, infected in rows if infected])
    well = np.array([score for score, infected in rows if not infected])
    trials = [((ill >= t).mean(), (well < t).mean()) for t in range(8)]
    for wanted, estimate in found.sensitivity_at_specificity.items():
        best = max(s for s, spared in trials if spared >= float(wanted))
        assert estimate.value == pytest.approx(best)
    for wanted, estimate in found.specificity_at_sensitivity.items():
        best = max(spared for s, spared in trials if s >= float(wanted))
        assert estimate.value == pytest.approx(best)


def test_at_the_manifests_threshold_a_film_with_nothing_claimed_is_never_called() -> None:
    found = of([(0, True), (5, True), (0, False), (4, False)], threshold=0)
    assert found.sensitivity.value == 0.5
    assert found.specificity.value == 0.5


def test_the_curve_runs_from_nothing_called_to_all_called() -> None:
    curve = of([(1, True), (2, True), (2, False), (0, False)]).curve
    assert curve[0] == (0, 0)
    assert curve[-1] == (1, 1)
    assert curve == sorted(curve)


def test_with_films_of_one_kind_there_is_no_detection() -> None:
    assert detect([1.0, 2.0], [True, True], ["a", "b"], threshold=1, seed=1) is None
    assert detect([], [], [], threshold=1, seed=1) is None
