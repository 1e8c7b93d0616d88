"""What a map is worth on a film whose truth is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from app.masks.measures import dice
from app.training.map_scores import (
    THRESHOLDS,
    Map,
    Mask,
    ScoredMap,
    ThresholdSearch,
    dice_by_threshold,
    evenly_chosen,
    hit,
    score_map,
    sum_up,
)

SHAPE = (6, 7)
LEVELS = [float(level) for level in THRESHOLDS.astype(np.float32)]
maps = arrays(np.float32, SHAPE, elements=st.floats(0, 1, width=32) | st.sampled_from(LEVELS))
masks = arrays(np.bool_, SHAPE)


def truth(*boxes: tuple[slice, slice]) -> Mask:
    drawn = np.zeros(SHAPE, np.bool_)
    for box in boxes:
        drawn[box] = True
    return drawn


TOP, BOTTOM = (slice(0, 2), slice(0, 2)), (slice(4, 6), slice(4, 6))


def scored(values: Map, drawn: Mask, *, name: str = "a", specks: float = 0.0) -> ScoredMap:
    return score_map(values, drawn, threshold=0.5, specks=specks, name=name, patient="")


@given(maps, masks)
def test_dice_at_every_threshold_is_dice_of_the_mask_there(values: Map, drawn: Mask) -> None:
    drawn[0, 0] = True
    expected = [dice(values >= np.float32(t), drawn) for t in THRESHOLDS]
    assert dice_by_threshold(values, drawn) == pytest.approx(expected)


def test_the_best_threshold_is_that_of_the_mean_over_films() -> None:
    search = ThresholdSearch()
    for level in (0.3, 0.5):
        search.add(np.where(truth(TOP), np.float32(level), np.float32(0.21)), truth(TOP))
    assert search.best == pytest.approx(0.22)  # above what is around, not above either film


@given(maps, masks)
def test_a_hit_is_where_the_only_maximum_is(values: Map, drawn: Mask) -> None:
    values[2, 3] = 2
    assert hit(values, drawn) == drawn[2, 3]


def test_of_several_maxima_the_middle_one_counts() -> None:
    values = np.zeros(SHAPE, np.float32)
    values[3, 1:6] = 1
    assert hit(values, truth((slice(3, 4), slice(3, 4))))
    assert not hit(values, truth((slice(3, 4), slice(1, 3))))


def test_a_map_of_nothing_misses() -> None:
    nothing = scored(np.zeros(SHAPE, np.float32), truth(TOP))
    assert not nothing.hit
    assert nothing.touched == 0


def test_parts_that_the_mask_meets_are_counted() -> None:
    values = np.zeros(SHAPE, np.float32)
    values[1, 1] = 0.7
    one = scored(values, truth(TOP, BOTTOM))
    assert (one.components, one.touched, one.hit) == (2, 1, True)
    values[5, 4] = 0.7
    assert scored(values, truth(TOP, BOTTOM)).touched == 2
    assert scored(values, truth(TOP, BOTTOM), specks=0.1).touched == 0  # both are specks


def test_averages_are_named_and_behind_is_film_by_film() -> None:
    wide = np.ones(SHAPE, np.float32)
    pairs = {"a": truth(TOP), "b": truth(TOP, BOTTOM)}
    exact = [scored(d.astype(np.float32), d, name=name) for name, d in pairs.items()]
    everywhere = [scored(wide, d, name=name) for name, d in pairs.items()]
    found = sum_up(everywhere, reference=exact, seed=1)
    dices = [2 * 4 / (42 + 4), 2 * 8 / (42 + 8)]
    assert found.dice_per_film is not None
    assert found.dice_per_film.value == pytest.approx(np.mean(dices))
    assert found.dice_pooled is not None
    assert found.dice_pooled.value == pytest.approx(2 * 12 / (84 + 12))
    assert found.iou_pooled is not None
    assert found.iou_pooled.value == pytest.approx(12 / 84)
    assert found.precision_per_film is not None
    assert found.precision_per_film.value == pytest.approx((4 / 42 + 8 / 42) / 2)
    assert found.sensitivity_pooled is not None
    assert found.sensitivity_pooled.value == 1
    assert found.touched is not None
    assert found.touched.value == 1
    assert found.behind is not None
    assert found.behind.value == pytest.approx(1 - np.mean(dices))
    assert found.behind.low <= found.behind.value <= found.behind.high


def test_a_map_that_claims_nothing_has_no_precision() -> None:
    nothing = [scored(np.zeros(SHAPE, np.float32), truth(TOP))]
    found = sum_up(nothing, reference=nothing, seed=1)
    assert found.precision_per_film is None
    assert found.dice_per_film is not None
    assert found.dice_per_film.value == 0


def test_films_shown_span_from_the_worst_to_the_best() -> None:
    films = []
    for inside in range(5):
        values = truth(TOP).astype(np.float32)
        values[2, :inside] = 1
        films.append(scored(values, truth(TOP), name=str(inside)))
    assert [one.film.name for one in evenly_chosen(films, 3)] == ["4", "2", "0"]
    assert len(evenly_chosen(films, 12)) == 5
