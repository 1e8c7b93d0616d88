"""``maskballot map`` on folders of small films."""

import json
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner, Result

from app.cli.map import map_
from app.masks.codec import from_png
from tests.support import two_lungs
from tests.support.tiny_networks import add_network

command = typer.Typer()
command.command()(map_)


@pytest.fixture
def models(tmp_path: Path) -> Path:
    folder = tmp_path / "models"
    two_lungs.add_networks(folder)
    return folder


@pytest.fixture
def films(tmp_path: Path) -> Path:
    folder = tmp_path / "films"
    folder.mkdir()
    (folder / "ill.png").write_bytes(two_lungs.film(two_lungs.LEFT).to_bytes())
    (folder / "well.png").write_bytes(two_lungs.film().to_bytes())
    return folder


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def mask_at(path: Path) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    return from_png(path.read_bytes(), max_pixels=10**6)


def test_masks_are_written_at_native_size(tmp_path: Path, films: Path, models: Path) -> None:
    out = tmp_path / "out"
    result = run(films, "--out", out, "--mask", "--models", models)
    assert result.exit_code == 0
    assert sorted(path.name for path in out.iterdir()) == ["ill.png", "well.png"]
    expected = np.zeros(two_lungs.SHAPE, np.bool_)
    expected[two_lungs.LEFT] = True
    assert np.array_equal(mask_at(out / "ill.png"), expected)
    assert not mask_at(out / "well.png").any()
    assert "2 films mapped, 0 refused" in result.output


def test_lungs_alone_go_to_out_and_beside_masks_to_a_folder(
    tmp_path: Path, films: Path, models: Path
) -> None:
    alone, both = tmp_path / "alone", tmp_path / "both"
    assert run(films, "--out", alone, "--lungs", "--models", models).exit_code == 0
    result = run(films, "--out", both, "--mask", "--lungs", "--models", models)
    assert f"lungs: {both / 'lungs'}" in result.output
    lungs = mask_at(alone / "well.png")
    assert lungs.sum() == 2 * 90 * 50
    assert np.array_equal(mask_at(both / "lungs/well.png"), lungs)
    assert not mask_at(both / "well.png").any()


def test_json_holds_the_numbers(tmp_path: Path, films: Path, models: Path) -> None:
    out = tmp_path / "out"
    arguments = (films, "--out", out, "--json", "--networks", "first,second", "--models", models)
    assert run(*arguments).exit_code == 0
    assert sorted(path.name for path in out.iterdir()) == ["ill.json", "well.json"]
    said = json.loads((out / "ill.json").read_text())
    assert said["extent"]["percent"] == 50.0
    assert [used["name"] for used in said["networks"]] == ["first", "second"]
    assert "research use only" in said["research_only"]


def test_a_refused_film_is_named_and_the_rest_goes_on(
    tmp_path: Path, films: Path, models: Path
) -> None:
    (films / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    out = tmp_path / "out"
    result = run(films, "--out", out, "--mask", "--models", models)
    assert result.exit_code == 1
    assert "refused: broken.png: " in result.output
    assert sorted(path.name for path in out.iterdir()) == ["ill.png", "well.png"]


def test_a_second_run_gives_the_same_files(tmp_path: Path, films: Path, models: Path) -> None:
    out = films / "maps"
    arguments = (films, "--out", out, "--mask", "--overlay", "--json", "--models", models)
    assert run(*arguments).exit_code == 0
    first = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert len(first) == 6
    (out / "ill.png").write_bytes(b"half a fi")
    assert run(*arguments).exit_code == 0
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == first


def refusal(result: Result) -> str:
    """What the command raised; the main command turns it into a line and an exit code."""
    assert result.exit_code != 0
    return str(result.exception)


def test_an_unknown_network_is_refused_before_anything_is_written(
    tmp_path: Path, films: Path, models: Path
) -> None:
    out = tmp_path / "out"
    result = run(films, "--out", out, "--networks", "third", "--models", models)
    assert "no network 'third'" in refusal(result)
    assert not out.exists()


def test_lungs_need_no_infection_network(tmp_path: Path, films: Path) -> None:
    models = tmp_path / "only-lungs"
    add_network(models, "lungs", task="lungs", stages=[])
    out = tmp_path / "out"
    assert run(films, "--out", out, "--lungs", "--models", models).exit_code == 0
    assert "stage1" in refusal(run(films, "--out", out, "--mask", "--models", models))


@pytest.mark.parametrize("missing", ["nowhere", "empty"])
def test_a_folder_without_films_is_refused(tmp_path: Path, models: Path, missing: str) -> None:
    (tmp_path / "empty").mkdir()
    result = run(tmp_path / missing, "--out", tmp_path / "out", "--models", models)
    assert missing in refusal(result)


def test_stopping_leaves_whole_files_and_says_how_to_go_on(
    tmp_path: Path, films: Path, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    whole = Path.replace

    def stop_at_the_second(path: Path, target: Path) -> Path:
        if target.name == "well.png":
            raise KeyboardInterrupt
        return whole(path, target)

    monkeypatch.setattr(Path, "replace", stop_at_the_second)
    result = run(films, "--out", out, "--mask", "--models", models)
    assert result.exit_code == 130
    assert "Stopped after 1 films. Run again" in result.output
    assert [path.name for path in out.iterdir()] == ["ill.png"]
