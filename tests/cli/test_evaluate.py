"""``maskballot evaluate`` on a folder whose truth is known."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer
from PIL import Image
from typer.testing import CliRunner, Result

from app.cli.evaluate import evaluate
from app.cli.published import published
from app.films.pixels import FilmPixels
from app.films.prints import near_code_of
from app.masks.codec import to_png
from tests.support import two_lungs
from tests.support.tiny_networks import add_network
from tests.support.two_lungs import LEFT, RIGHT, SHAPE
from tests.twins.changed import as_jpeg, film

command = typer.Typer()
command.command()(evaluate)
ILL = two_lungs.film(LEFT)


@pytest.fixture
def layout(tmp_path: Path) -> Path:
    """Three films: one found, one where only half of what was drawn is found, one healthy."""
    folder = tmp_path / "layout"
    for name in ("films", "infection"):
        (folder / name).mkdir(parents=True)
    drawn = np.zeros(SHAPE, np.bool_)
    drawn[LEFT] = True
    (folder / "films/ill.png").write_bytes(ILL.to_bytes())
    (folder / "infection/ill.png").write_bytes(to_png(drawn))
    values = two_lungs.film(LEFT).values.copy()
    values[119, 159] = 1
    drawn[RIGHT] = True
    (folder / "films/half.png").write_bytes(type(ILL)(values, bits=8).to_bytes())
    (folder / "infection/half.png").write_bytes(to_png(drawn))
    (folder / "films/well.png").write_bytes(two_lungs.film().to_bytes())
    return folder


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def said(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout, parse_constant=pytest.fail)
    return found


def test_both_averages_are_named(tmp_path: Path, layout: Path) -> None:
    add_network(tmp_path, "net", grid=SHAPE, level=0.7, specks=0.001)
    result = run("net", layout, "--models", tmp_path, "--json")
    assert result.exit_code == 0
    scores = said(result)["scores"]
    assert scores["films"] == 2
    assert scores["dice_per_film"]["value"] == pytest.approx((1 + 2 / 3) / 2)
    assert scores["dice_pooled"]["value"] == pytest.approx(2 * 2 / (2 + 3))
    assert said(result)["false_alarms"]["any_pixel"]["value"] == 0


def test_the_table_says_what_each_number_is(tmp_path: Path, layout: Path) -> None:
    add_network(tmp_path, "net", grid=SHAPE, level=0.7, specks=0.001)
    output = run("net", layout, "--models", tmp_path).stdout
    for words in (
        "per film",
        "pooled",
        "False alarms: 1 films",
        "upper bound",
        "research use only",
    ):
        assert words in " ".join(output.split())


def test_a_film_that_the_network_learnt_from_in_another_file_is_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "layout"
    folder.mkdir()
    mirrored = np.ascontiguousarray(as_jpeg(film(2))[:, ::-1])
    for name, grey in {"learnt": mirrored, "new": film(5)}.items():
        Image.fromarray(grey).save(folder / f"{name}.png")
    learnt = FilmPixels(film(2), bits=8)
    rows = [(learnt.sha256(), "", near_code_of(learnt))]
    add_network(tmp_path, "net", trained_on=rows)
    found = said(run("net", folder, "--models", tmp_path, "--json"))
    assert found["left_out"] == [
        {"film": "learnt.png", "reason": "the network learnt from a near-identical film"}
    ]


def test_a_film_that_the_network_learnt_from_is_left_out(tmp_path: Path, layout: Path) -> None:
    rows = [(ILL.sha256(), "")]
    add_network(tmp_path, "net", grid=SHAPE, level=0.7, specks=0.001, trained_on=rows)
    found = said(run("net", layout, "--models", tmp_path, "--json"))
    assert found["scores"]["films"] == 1
    assert found["left_out"] == [{"film": "ill.png", "reason": "the network learnt from it"}]


def test_a_film_of_a_fold_is_scored_by_the_file_that_never_saw_it(
    tmp_path: Path, layout: Path
) -> None:
    rows = [(ILL.sha256(), "1")]
    add_network(tmp_path, "net", grid=SHAPE, level=0.7, specks=0.001, folds=[0, 1], trained_on=rows)
    assert said(run("net", layout, "--models", tmp_path, "--json"))["scores"]["films"] == 2


def test_a_film_that_cannot_be_read_is_named(tmp_path: Path, layout: Path) -> None:
    add_network(tmp_path, "net", grid=SHAPE, level=0.7)
    (layout / "films/broken.png").write_bytes(b"nothing")
    found = said(run("net", layout, "--models", tmp_path, "--json"))
    assert [film["film"] for film in found["left_out"]] == ["broken.png"]


def test_lungs_are_scored_only_where_lungs_were_drawn(tmp_path: Path, layout: Path) -> None:
    add_network(tmp_path, "lungs", grid=SHAPE, level=0.25, specks=0.001, task="lungs", stages=[])
    result = run("lungs", layout, "--models", tmp_path, "--json")
    assert result.exit_code == 1
    assert len(said(result)["left_out"]) == 3


def test_the_json_holds_every_film_and_every_measure_under_both_averages(
    tmp_path: Path, layout: Path
) -> None:
    add_network(tmp_path, "net", grid=SHAPE, level=0.7, specks=0.001)
    found = said(run("net", layout, "--models", tmp_path, "--json"))
    measures = found["measures"]
    assert set(measures["per_film"]) == set(measures["pooled"]) >= {"dice", "f2", "accuracy"}
    films = {film["name"]: film for film in found["films"]}
    assert films["half.png"]["sensitivity"] == pytest.approx(0.5)
    assert films["half.png"]["precision"] == 1
    assert films["ill.png"]["hd95"] == 0
    assert "dice" not in films["well.png"]


def test_several_networks_are_one_by_the_mean_of_their_probabilities(
    tmp_path: Path, layout: Path
) -> None:
    two_lungs.add_networks(tmp_path)
    found = said(run("first,second", layout, "--models", tmp_path, "--json"))
    assert found["network"] == "first+second"
    assert found["threshold"] == 0.5
    assert said(run("stage1", layout, "--models", tmp_path, "--json"))["network"] == "first+second"


def test_the_shortcut_check_finds_nothing_once_the_lungs_are_blanked(
    tmp_path: Path, layout: Path
) -> None:
    two_lungs.add_networks(tmp_path)
    found = said(run("first", layout, "--models", tmp_path, "--json"))
    auc = {name: it["auc"]["value"] for name, it in found["shortcut_check"]["conditions"].items()}
    assert auc["whole"] == 1
    assert auc["lungs_blanked"] == 0.5
    assert found["calibrated_in"] == {"network": 3}
    assert list(found["written"]) == ["as_it_is", "softened", "compressed"]
    assert found["written"]["compressed"]["scores"]["films"] == 2
    skipped = run("first", layout, "--models", tmp_path, "--json", "--no-shortcut-check")
    assert said(skipped)["shortcut_check"] is None
    assert said(skipped)["written"] == {}


def test_films_of_several_folders_are_measured_together(tmp_path: Path, layout: Path) -> None:
    two_lungs.add_networks(tmp_path)
    well = tmp_path / "well"
    well.mkdir()
    (well / "1.png").write_bytes(two_lungs.film(RIGHT).to_bytes())
    (well / "again.png").write_bytes((layout / "films/well.png").read_bytes())
    found = said(run("first", layout, well, "--models", tmp_path, "--json"))
    assert found["false_alarms"]["films"] == 2
    assert [(one["film"], one["reason"]) for one in found["left_out"]] == [
        ("well/again.png", "the same film stands there as layout/well.png")
    ]
    assert {film["source"] for film in found["films"]} == {"layout", "well"}


def test_the_page_needs_no_other_file_and_shows_the_films(tmp_path: Path, layout: Path) -> None:
    two_lungs.add_networks(tmp_path)
    page = tmp_path / "reports" / "page.html"
    assert run("first", layout, "--models", tmp_path, "--html", page).exit_code == 0
    text = page.read_text()
    assert "Research use only" in text
    assert text.count("data:image/jpeg;base64,") == 2
    assert "half.png" in text
    assert not re.findall(r"""(?:src|href)\s*=\s*["'](?!data:)""", text)
    assert "url(" not in text


def test_names_of_films_are_no_markup(tmp_path: Path, layout: Path) -> None:
    add_network(tmp_path, "net", grid=SHAPE, level=0.7, specks=0.001)
    for folder in ("films", "infection"):
        (layout / folder / "ill.png").rename(layout / folder / "<b>&ill.png")
    page = tmp_path / "page.html"
    run("net", layout, "--models", tmp_path, "--html", page)
    assert "<b>" not in page.read_text()
    assert "&lt;b&gt;&amp;ill.png" in page.read_text()


def test_a_page_can_be_written_where_nothing_could_be_scored(tmp_path: Path, layout: Path) -> None:
    add_network(tmp_path, "lungs", grid=SHAPE, level=0.25, task="lungs", stages=[])
    page = tmp_path / "page.html"
    assert run("lungs", layout, "--models", tmp_path, "--html", page).exit_code == 1
    assert "no lungs were drawn on it" in page.read_text()


def test_a_lung_network_has_no_false_alarms_and_no_detection(tmp_path: Path, layout: Path) -> None:
    two_lungs.add_networks(tmp_path)
    (layout / "infection").rename(layout / "lungs")
    page = tmp_path / "page.html"
    found = said(run("lungs", layout, "--models", tmp_path, "--json", "--html", page))
    assert found["scores"]["films"] == 2
    assert found["detection"] is None
    assert found["calibrated_in"] == {"none": 2}
    assert "False alarms" not in page.read_text()


def test_a_published_pair_is_sorted() -> None:
    app = typer.Typer()
    app.command()(published)
    assert CliRunner().invoke(app, ["83.7", "75.1"]).stdout.startswith("per film")
    assert CliRunner().invoke(app, ["90.6", "82.9"]).stdout.startswith("pooled")
    assert CliRunner().invoke(app, ["60", "70"]).exit_code == 1


def test_the_card_gets_the_tables_once_and_keeps_its_own_words(
    tmp_path: Path, layout: Path
) -> None:
    add_network(tmp_path, "net", grid=SHAPE, level=0.7, specks=0.001)
    card = tmp_path / "net/card.md"
    card.write_text("# Net\n\nIts own words.\n\n## Evaluation\n\nOld.\n\n## Course\n\nSteps.\n")
    for _ in range(2):
        assert run("net", layout, "--models", tmp_path, "--card").exit_code == 0
        text = card.read_text()
        assert text.startswith("# Net\n\nIts own words.\n\n## Course\n\nSteps.\n\n## Evaluation\n")
        assert "Old." not in text
        assert "IoU pooled" not in text  # a card has no room for every column of the groups
        assert text.count("## Evaluation") == 1
        assert "| Dice | 0.833 (" in text
        assert "Pooled: all pixels together" in text
        assert "Dice pooled" in text


def test_several_networks_have_no_card(tmp_path: Path, layout: Path) -> None:
    add_network(tmp_path, "net", grid=SHAPE)
    add_network(tmp_path, "other", grid=SHAPE)
    result = run("net,other", layout, "--models", tmp_path, "--card")
    assert result.exit_code == 2
    assert "no card" in result.stderr
