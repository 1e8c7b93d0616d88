"""Published pairs of Dice and IoU, sorted into their averages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.evaluation.published import PublishedRefused, rule_of

# The rows on QaTa's test set as they were published: per film, then pooled.
PER_FILM = [
    ("78.5", "68.6"), ("79.6", "70.2"), ("79.1", "69.7"), ("80.4", "70.8"), ("83.7", "75.1"),
    ("84.0", "75.5"), ("84.8", "76.5"),
]  # fmt: skip
POOLED = [
    ("86.7", "76.5"), ("87.8", "78.2"), ("87.4", "77.6"), ("90.6", "82.9"), ("90.9", "83.3"),
    ("91.2", "83.9"),
]  # fmt: skip
shares = st.lists(st.floats(0.01, 1), min_size=2, max_size=8)


@pytest.mark.parametrize(("dice", "iou"), PER_FILM)
def test_rows_of_means_are_told(dice: str, iou: str) -> None:
    assert rule_of(dice, iou).rule == "per film"


@pytest.mark.parametrize(("dice", "iou"), POOLED)
def test_rows_of_all_pixels_together_are_told(dice: str, iou: str) -> None:
    assert rule_of(dice, iou).rule == "pooled"


def test_percent_and_shares_are_the_same() -> None:
    assert rule_of("0.837", "0.751") == rule_of("83.7", "75.1") == rule_of("83.7 %", "75.1%")


def test_more_digits_tell_more() -> None:
    assert rule_of("86.6", "76.4").rule == "pooled"
    assert rule_of("86.550", "76.400").rule == "per film"


@given(st.integers(0, 500), st.integers(0, 500), st.integers(1, 4))
def test_counts_of_pixels_always_look_pooled(hit: int, wrong: int, digits: int) -> None:
    if hit + wrong == 0:
        return
    dice, iou = 2 * hit / (2 * hit + wrong), hit / (hit + wrong)
    assert rule_of(f"{100 * dice:.{digits}f}%", f"{100 * iou:.{digits}f}%").rule == "pooled"


@given(shares, st.integers(1, 4))
def test_means_of_films_never_look_contradictory(ious: list[float], digits: int) -> None:
    values = np.array(ious)
    dice = (2 * values / (1 + values)).mean()
    found = rule_of(f"{100 * dice:.{digits}f}%", f"{100 * values.mean():.{digits}f}%")
    assert found.rule != "contradictory"
    if np.ptp(values) > 0.5 and len(values) == 2:
        assert found.rule == "per film"


@pytest.mark.parametrize(("dice", "iou"), [("60", "70"), ("95", "70")])
def test_a_pair_that_no_average_gives_is_called_contradictory(dice: str, iou: str) -> None:
    assert rule_of(dice, iou).rule == "contradictory"


@pytest.mark.parametrize("said", ["", "many", "nan", "101", "-3"])
def test_what_is_no_share_is_refused(said: str) -> None:
    with pytest.raises(PublishedRefused):
        rule_of(said, "70")
