"""Two averages, both named; intervals over patients; false alarms apart."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.masks.measures import Confusion
from app.networks.scoring import Estimate, ScoredFilm, evaluate, ratio


def scored(
    hit: int, extra: int, missed: int, *, patient: str = "p", size: int = 1000
) -> ScoredFilm:
    return ScoredFilm("film", patient, Confusion(hit, extra, missed, size - hit - extra - missed))


def value(estimate: Estimate | None) -> float:
    assert estimate is not None
    return estimate.value


def test_per_film_and_pooled_are_different_averages() -> None:
    small, large = scored(1, 0, 9), scored(90, 10, 0, patient="q")
    scores = evaluate([small, large], detection_threshold=0.01, seed=1).scores
    assert value(scores.dice_per_film) == pytest.approx((2 / 11 + 180 / 190) / 2)
    assert value(scores.dice_pooled) == pytest.approx(182 / (182 + 10 + 9))
    assert value(scores.iou_per_film) == pytest.approx((0.1 + 0.9) / 2)
    assert value(scores.iou_pooled) == pytest.approx(91 / 110)
    assert (scores.films, scores.patients) == (2, 2)


def test_films_without_a_drawn_mask_are_false_alarms_only() -> None:
    films = [scored(10, 0, 0), scored(0, 100, 0), scored(0, 5, 0), scored(0, 0, 0)]
    found = evaluate(films, detection_threshold=0.05, seed=1)
    assert found.scores.films == 1
    assert value(found.scores.dice_per_film) == 1
    assert found.false_alarms.films == 3
    assert value(found.false_alarms.any_pixel) == pytest.approx(2 / 3)
    assert value(found.false_alarms.called_infected) == pytest.approx(1 / 3)
    assert value(found.false_alarms.area) == pytest.approx(0.105 / 3)


def test_without_films_there_is_nothing_to_say() -> None:
    found = evaluate([], detection_threshold=0.05, seed=1)
    assert found.scores.dice_per_film is None
    assert found.false_alarms.called_infected is None


def test_many_films_of_one_patient_do_not_narrow_the_interval() -> None:
    def films(of_each: int) -> list[ScoredFilm]:
        hits = [hit for hit in (5, 20, 50, 100, 200) for _ in range(of_each)]
        return [scored(hit, 10, 10, patient=str(hit)) for hit in hits]

    alone = evaluate(films(1), detection_threshold=0, seed=1).scores
    repeated = evaluate(films(20), detection_threshold=0, seed=1).scores
    assert alone.dice_per_film is not None
    assert repeated.dice_per_film is not None
    assert repeated.dice_per_film.low == pytest.approx(alone.dice_per_film.low)
    assert repeated.dice_per_film.high == pytest.approx(alone.dice_per_film.high)


def test_a_single_patient_has_no_spread() -> None:
    found = ratio([scored(1, 1, 1)] * 3, lambda film: (film.counts.dice, 1), seed=4)
    assert found is not None
    assert found.low == found.high == pytest.approx(0.5)


@settings(max_examples=20)
@given(st.lists(st.tuples(*[st.integers(0, 50)] * 3), min_size=1, max_size=8), st.integers(0, 9))
def test_the_same_seed_gives_the_same_interval_around_the_value(
    counts: list[tuple[int, int, int]], seed: int
) -> None:
    films = [scored(*each, patient=str(n)) for n, each in enumerate(counts)]
    found = evaluate(films, detection_threshold=0.01, seed=seed)
    assert found == evaluate(films, detection_threshold=0.01, seed=seed)
    dice = found.scores.dice_per_film
    assert dice is None or 0 <= dice.low <= dice.high <= 1
