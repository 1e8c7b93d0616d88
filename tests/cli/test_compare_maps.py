"""``maskballot compare-maps`` from a folder of phantoms to the page, by a tiny classifier."""

import csv
import json
import re
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.support.tiny_networks import add_network
from tests.training.extra import ask as ask_of
from tests.training.extra import need_training_extra, phantom, phantom_folder

need_training_extra()

from app.cli.compare_maps import compare_maps  # noqa: E402
from app.cli.to_onnx import to_onnx  # noqa: E402
from app.cli.train import train  # noqa: E402
from app.films.pixels import FilmPixels  # noqa: E402
from app.masks.measures import dice  # noqa: E402
from app.networks.predict import open_network  # noqa: E402
from app.training.classifying import NoClassifier, drawn_by_lot  # noqa: E402
from app.training.exporting import ShippingRefused  # noqa: E402
from app.training.sources import find_sources  # noqa: E402

FILMS, WITHOUT = 36, 12
DRAWN = FILMS - WITHOUT  # the others, at the end, are without infection
RECIPE = """
name = "classifier"
title = "Tiny classifier"
seed = 3
batch = 4
average_decay = 0.9
[architecture]
kind = "{kind}"
widths = [8, 8, 16, 16, 32, 8]
[data]
tune_share = 0.4
test_share = 0.4
[[phase]]
grid = [64, 64]
steps = 6
negatives_a_batch = 2
rate = 0.003
"""


ask = partial(ask_of, {"train": train, "compare-maps": compare_maps, "to-onnx": to_onnx})


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with phantoms, two tiny networks and a classifier's run."""
    place = tmp_path_factory.mktemp("comparing")
    phantom_folder(place / "data", FILMS, without=WITHOUT)
    add_network(place / "models", "net", grid=(64, 64), level=0.5)
    add_network(place / "models", "lungs", grid=(64, 64), level=0.3, task="lungs", stages=[])
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        for kind in ("classifier", "basic"):
            Path(f"{kind}.toml").write_text(RECIPE.format(kind=kind), encoding="utf-8")
            out = ("--out", f"runs/{kind}")
            ask("train", f"{kind}.toml", "--data", "data", "--threads", 1, *out)
        compared(place)
    return place


def compared(
    place: Path, *more: object, run: str = "classifier", out: str = "out"
) -> dict[str, Any]:
    """Run the command; return the figures it wrote."""
    html, figures = place / out / "page.html", place / out / "figures.json"
    ask(
        "compare-maps", place / "runs" / run, "--network", "net", "--data", place / "data",
        "--models", place / "models", "--html", html, "--json", figures, "--threads", 1, *more,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(figures.read_text())
    return found


@pytest.fixture
def said(place: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((place / "out" / "figures.json").read_text())
    return found


@pytest.fixture
def at_place(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(place)
    return place


def test_every_map_is_measured_at_both_layers_and_in_the_lungs(said: dict[str, Any]) -> None:
    names = [line["map"] for line in said["maps"]]
    assert names[0] == names[1] == "infection map"
    for method in ("Grad-CAM", "Grad-CAM++"):
        for stride in (32, 16):
            assert {f"{method}, stride {stride}", f"{method}, stride {stride}, in the lungs"} <= {
                *names
            }
    assert names[-1] == "all of the lungs"
    assert said["maps"][-1]["hit"] is None
    assert {line["chosen_on"] for line in said["maps"][1:]} == {"tuning films"}


def measured_films(place: Path) -> list[int]:
    """Return the numbers of the infected test films, from the run's own parts."""
    from app.training.classifying import open_room

    _, parts = open_room(
        place / "runs" / "classifier", network="net", models=place / "models",
        data=place / "data", cache=place / "work" / "packs", threads=1,
    )  # fmt: skip
    return [int(Path(source.name).stem) for source in parts.test if source.marked]


def test_the_infection_map_scores_as_its_network_does(place: Path, said: dict[str, Any]) -> None:
    network = open_network(place / "models", "net", threads=1)
    numbers = measured_films(place)
    dices = []
    for number in numbers:
        values, truth = phantom(number)
        dices.append(dice(network.mask(FilmPixels(values, bits=8)), truth > 127))
    first = said["maps"][0]
    assert first["films"] == len(numbers) > 3
    assert first["threshold"] == 0.5
    assert first["dice_per_film"]["value"] == pytest.approx(np.mean(dices))


def test_detection_is_told_with_the_lungs_painted_over_beside_it(said: dict[str, Any]) -> None:
    told = [(line["detector"], line["films"]) for line in said["detection"]]
    assert told == [
        ("classifier", "as they are"),
        ("classifier", "lungs painted over"),
        ("infection map, by area", "as they are"),
        ("infection map, by area", "lungs painted over"),
    ]
    assert said["detection"][0]["figures"]["clear"] > 0
    assert "upper bound" in said["caution"]
    # The tiny lung network finds all that is bright, so the infection is painted over as well.
    seen, blanked = (line["figures"]["auc"]["value"] for line in said["detection"][2:])
    assert blanked < seen


def test_the_page_stands_alone_and_says_what_it_is(place: Path) -> None:
    page = (place / "out" / "page.html").read_text()
    sources = re.findall(r'(?:src|href)="([^"]{0,30})', page)
    assert len(sources) >= 5 * 4
    assert all(source.startswith("data:image/jpeg;base64,") for source in sources)
    text = " ".join(page.split())
    for words in ("Research use only, not for diagnosis", "Per film", "Pooled", "upper bound"):
        assert words in text
    assert 'alt="Grad-CAM' in text
    assert text.index("<h2>Films") < text.index("<table>")


def test_asked_again_it_says_the_same(at_place: Path) -> None:
    compared(at_place, out="again")
    for name in ("page.html", "figures.json"):
        again, before = (at_place / folder / name for folder in ("again", "out"))
        assert again.read_bytes() == before.read_bytes()


def test_a_film_that_the_network_learnt_from_is_left_out(at_place: Path) -> None:
    number = measured_films(at_place)[0]
    learnt = FilmPixels(phantom(number)[0], bits=8).sha256()
    table = at_place / "models" / "net" / "trained-on.csv"
    before = table.read_text()
    table.write_text(before + f"{learnt},\n")
    try:
        said = compared(at_place, out="learnt")
    finally:
        table.write_text(before)
    assert said["left_out"] == [f"films/{number}.png"]
    assert said["maps"][0]["films"] == len(measured_films(at_place)) - 1


def test_films_of_another_folder_are_measured_unless_the_run_learnt_from_them(
    at_place: Path,
) -> None:
    other = phantom_folder(at_place / "other", DRAWN)  # the same films as those of the data
    said = compared(at_place, "--folder", other, out="elsewhere")
    tested = {number for number in measured_films(at_place) if number < DRAWN}
    assert said["maps"][0]["films"] == len(tested)
    assert 0 < len(tested) < DRAWN


def test_a_run_that_makes_masks_is_refused(at_place: Path) -> None:
    with pytest.raises(NoClassifier, match="makes masks"):
        compared(at_place, run="basic")


def test_a_classifier_is_no_network_to_ship(at_place: Path) -> None:
    with pytest.raises(ShippingRefused, match="makes no masks"):
        ask("to-onnx", "runs/classifier", "--data", "data", "--models", at_place / "shipped")


def test_a_part_is_drawn_by_lot_and_films_without_infection_stay(place: Path) -> None:
    films = find_sources(place / "data", (), "infection")
    chosen = drawn_by_lot(films, 5, seed=1)
    assert sum(film.marked for film in chosen) == 5
    assert sum(not film.marked for film in chosen) == WITHOUT
    assert chosen == drawn_by_lot(films, 5, seed=1) != drawn_by_lot(films, 5, seed=2)
    assert [film for film in films if film in chosen] == chosen
    assert drawn_by_lot(films, 0, seed=1) == films


def test_the_parts_are_those_that_the_run_was_trained_with(place: Path) -> None:
    with (place / "data" / "films.csv").open(newline="") as table:
        assert len(list(csv.DictReader(table))) == FILMS
    assert len(measured_films(place)) < FILMS - WITHOUT
