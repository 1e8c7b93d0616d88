"""Two networks are tuned together: on films that taught neither, measured on others."""

import csv
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import typer

from tests.training.extra import ask as ask_of
from tests.training.extra import need_training_extra, phantom, phantom_folder

need_training_extra()

from app.cli.to_onnx import to_onnx  # noqa: E402
from app.cli.train import train  # noqa: E402
from app.cli.tune import tune  # noqa: E402
from app.films.pixels import FilmPixels  # noqa: E402
from app.maps.team import Roster  # noqa: E402
from app.masks.measures import dice  # noqa: E402
from app.networks.manifest import read_manifest  # noqa: E402
from app.training.operating import SPECKS, THRESHOLDS  # noqa: E402
from app.training.tuning import NothingToTune  # noqa: E402
from tests.training.test_shipping import RECIPE as RECIPE_OF_ONE  # noqa: E402

RECIPE = (
    RECIPE_OF_ONE.replace('"tiny"', '"NAME"\nseed = 1')
    .replace("0.15", "0.2")
    .replace("epochs = 12", "epochs = EPOCHS")
)

ask = partial(ask_of, {"train": train, "to-onnx": to_onnx, "tune": tune})


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with 40 films and two networks that were trained on most of them."""
    place = tmp_path_factory.mktemp("two")
    phantom_folder(place / "films", 40, without=6)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        for name, epochs in (("one", "6"), ("two", "4")):
            recipe = RECIPE.replace("NAME", name).replace("EPOCHS", epochs)
            Path(f"{name}.toml").write_text(recipe, encoding="utf-8")
            ask("train", f"{name}.toml", "--data", "films", "--threads", 1)
            ask("to-onnx", f"work/runs/{name}", "--data", "films")
            _forget_near_codes(place / "models" / name / "trained-on.csv")
    return place


def _forget_near_codes(path: Path) -> None:
    """Phantoms are so alike that each counts as the same view of another."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    lines = [f"{row['pixels_sha256']},,,{row['tuned']}" for row in rows]
    path.write_text("\n".join(["pixels_sha256,fold,near,tuned", *lines]) + "\n")


@pytest.fixture
def at_work(shipped: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(shipped)
    return shipped


def parts_of(name: str) -> tuple[set[str], set[str]]:
    """Return the films that taught a network, and those that tuned it, by sha256."""
    with Path(f"models/{name}/trained-on.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    tuned = {row["pixels_sha256"] for row in rows if row["tuned"]}
    return {row["pixels_sha256"] for row in rows} - tuned, tuned


def test_the_list_of_films_tells_what_tuned(at_work: Path) -> None:
    taught, tuned = parts_of("one")
    everything = {FilmPixels(phantom(n, infected=n < 34)[0], bits=8).sha256() for n in range(40)}
    assert taught
    assert tuned
    assert not taught & tuned
    assert taught | tuned < everything  # the others test


def test_the_point_together_is_the_best_on_the_tuning_films(at_work: Path) -> None:
    said = ask("tune", "stage2", "one.toml", "--data", "films", "--threads", 1)
    manifest = read_manifest(Path("models"))
    (together,) = manifest.together
    assert together.networks == ("one", "two")
    assert "(0 left out)" in said
    assert "without a mask, kept back" in together.operating.measured_on

    _, tuned = parts_of("one")
    films = [FilmPixels(phantom(n)[0], bits=8) for n in range(34)]
    kept = [n for n, film in enumerate(films) if film.sha256() in tuned]
    roster = Roster.read(Path("models"), ["stage2"], threads=1)
    probability = {n: roster.team("").map_of(films[n]).probability for n in kept}

    def mean_dice(threshold: float) -> float:
        truths = {n: phantom(n)[1] > 127 for n in kept}
        return float(np.mean([dice(probability[n] >= threshold, truths[n]) for n in kept]))

    assert together.operating.specks in SPECKS
    chosen = together.operating.threshold
    assert mean_dice(chosen) == pytest.approx(max(map(mean_dice, THRESHOLDS)), abs=0.02)


def test_films_that_taught_one_of_them_do_not_tune(at_work: Path, tmp_path: Path) -> None:
    recipe = Path("one.toml").read_text(encoding="utf-8").replace("seed = 1", "seed = 2")
    (tmp_path / "other.toml").write_text(recipe, encoding="utf-8")
    said = ask("tune", "one,two", tmp_path / "other.toml", "--data", "films", "--threads", 1)
    assert "(0 left out)" not in said


def test_without_a_film_to_tune_on_nothing_is_written(at_work: Path, tmp_path: Path) -> None:
    before = Path("models/manifest.toml").read_bytes()
    recipe = Path("one.toml").read_text(encoding="utf-8").replace("tune_share = 0.2", "")
    none = recipe.replace("[data]", "[data]\ntune_share = 0.0")
    (tmp_path / "none.toml").write_text(none, encoding="utf-8")
    with pytest.raises(NothingToTune):
        ask("tune", "one,two", tmp_path / "none.toml", "--data", "films", "--threads", 1)
    assert Path("models/manifest.toml").read_bytes() == before


def test_one_network_alone_is_refused(at_work: Path) -> None:
    with pytest.raises((SystemExit, typer.BadParameter)):
        ask("tune", "one", "one.toml", "--data", "films")
