"""``maskballot evaluate`` on a folder whose truth is known."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer
from typer.testing import CliRunner, Result

from app.cli.evaluate import evaluate
from app.masks.codec import to_png
from tests.support import two_lungs
from tests.support.tiny_networks import add_network
from tests.support.two_lungs import LEFT, RIGHT, SHAPE

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
    found: dict[str, Any] = json.loads(result.stdout)
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
