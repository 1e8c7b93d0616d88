"""Groups, false alarms, detection by source, from films whose counts are known."""

import math

import pytest

from app.evaluation.groups import quarters
from app.evaluation.records import FilmResult
from app.evaluation.shortcuts import Condition
from app.evaluation.summary import Summary, summarise
from app.masks.measures import Confusion
from app.networks.scoring import Estimate
from tests.evaluation.films import FRAME, kept

CHECKED: dict[Condition, float] = {"lungs_blanked": 0.0, "borders_masked": 0.02}


def value(estimate: Estimate | None) -> float:
    assert estimate is not None
    return estimate.value


def of(*films: FilmResult) -> Summary:
    return summarise(films, FRAME, detection=True)


def test_both_averages_stand_for_every_measure() -> None:
    group = of(kept("a", hit=10, missed=90), kept("b", hit=900, extra=100)).overall
    assert value(group.per_film["sensitivity"]) == pytest.approx((0.1 + 1) / 2)
    assert value(group.pooled["sensitivity"]) == pytest.approx(910 / 1000)
    assert value(group.per_film["precision"]) == pytest.approx((1 + 0.9) / 2)
    assert value(group.pooled["precision"]) == pytest.approx(910 / 1010)
    assert set(group.per_film) == set(group.pooled)


def test_a_film_on_which_nothing_is_claimed_is_named_where_it_has_no_measure() -> None:
    missed = kept("lost", missed=50, hd95=math.inf, nsd=0.0)
    group = of(missed, kept("found", hit=50, hd95=4.0, nsd=1.0)).overall
    (surfaces,) = group.surfaces
    assert surfaces.without_hd95 == ["lost"]
    assert value(surfaces.hd95) == 4
    assert value(surfaces.nsd) == 0.5
    assert group.no_precision == 1
    assert value(group.per_film["precision"]) == 1
    assert value(group.per_film["dice"]) == 0.5


def test_millimetres_are_over_the_films_whose_spacing_is_known() -> None:
    surfaces = of(kept("a", hit=5, hd95=4.0), kept("b", hit=5, hd95=8.0, spacing=True)).overall
    assert [(it.unit, it.films, value(it.hd95)) for it in surfaces.surfaces] == [
        ("pixels", 2, 6.0),
        ("mm", 1, 4.0),
    ]


def test_clear_films_are_told_by_source() -> None:
    films = [kept("a", extra=500, source="s"), kept("b", source="t"), kept("c", hit=9, source="t")]
    clear = of(*films).clear
    assert [(group.name, group.alarms.films) for group in clear] == [("all", 2), ("s", 1), ("t", 1)]
    assert value(clear[1].alarms.called_infected) == 1
    assert value(clear[2].alarms.any_pixel) == 0


def test_films_stand_in_groups_of_source_view_and_patient() -> None:
    films = [kept("a", hit=9, view="AP", patient="p"), kept("b", hit=9, view="PA", source="t")]
    groups = of(*films).groups
    names = {way: [group.name for group in some] for way, some in groups.items()}
    assert names["source"] == ["here", "t"]
    assert names["view"] == ["AP", "PA"]
    assert names["patient"] == ["patient id known", "patient id unknown"]


def test_quarters_hold_as_many_films_each_from_small_to_large() -> None:
    films = [kept(str(n), hit=100 * n) for n in range(1, 9)]
    parts = quarters(films[::-1])
    assert [[film.name for film in part] for part in parts.values()] == [
        ["1", "2"], ["3", "4"], ["5", "6"], ["7", "8"],
    ]  # fmt: skip
    assert next(iter(parts)) == "quarter 1: 1.0 to 2.0 % of the film"
    assert sum(len(part) for part in quarters(films[:3]).values()) == 3


def test_the_shortcut_check_compares_the_same_films() -> None:
    films = [
        kept("ill", hit=500, altered=CHECKED),
        kept("well", extra=100, altered=CHECKED),
        kept("no lungs found", hit=500),
    ]
    found = of(*films)
    check = found.shortcut_check
    assert check is not None
    assert check.skipped == 1
    assert {it.infected for it in check.conditions.values()} == {1}
    assert check.conditions["whole"].auc.value == 1
    assert check.conditions["lungs_blanked"].auc.value == 0.5
    assert found.detection is not None
    assert found.detection.infected == 2


def test_the_same_films_are_told_in_each_way_of_writing() -> None:
    lost, alarmed = Confusion(0, 0, 500, 9500), Confusion(0, 900, 0, 9100)
    as_ever = Confusion(500, 0, 0, 9500)
    films = [
        kept("ill", hit=500, rewritten={"softened": lost, "compressed": as_ever}),
        kept("well", rewritten={"softened": Confusion(0, 0, 0, 10000), "compressed": alarmed}),
        kept("not rewritten", missed=500),
    ]
    found = of(*films).written
    assert [value(it.scores.dice_per_film) for it in found.values()] == [1, 0, 1]
    assert [value(it.scores.found) for it in found.values()] == [1, 0, 1]
    assert [value(it.false_alarms.called_infected) for it in found.values()] == [0, 0, 1]
    assert [value(it.auc) for it in found.values()] == [1, 0.5, 0]
    assert of(kept("ill", hit=500)).written == {}


def test_each_source_is_held_against_all_films_of_the_other_kind() -> None:
    films = [
        kept("a", hit=500, source="s"),
        kept("b", hit=50, source="t"),
        kept("c", extra=100, source="u"),
    ]
    found = {it.source: it for it in of(*films).detection_by_source}
    assert found["s"].auc["whole"].auc.value == 1
    assert found["t"].auc["whole"].auc.value == 0
    assert (found["u"].films, found["u"].against, found["u"].infected) == (1, 2, False)


def test_without_films_there_is_nothing_to_say() -> None:
    found = of()
    assert found.overall.per_film["dice"] is None
    assert found.detection is None
    assert found.calibration == {}
    assert found.by_threshold is None
