"""From an exported folder to a network that the product opens: the commands, end to end."""

import csv
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from tests.training.extra import ask as ask_of
from tests.training.extra import need_training_extra, phantom, phantom_folder

need_training_extra()

import torch  # noqa: E402

from app.cli.to_onnx import to_onnx  # noqa: E402
from app.cli.train import train  # noqa: E402
from app.cli.train_pack import pack as train_pack  # noqa: E402
from app.films.pixels import FilmPixels  # noqa: E402
from app.masks.measures import dice  # noqa: E402
from app.networks.manifest import read_manifest  # noqa: E402
from app.networks.predict import open_for_film, open_network  # noqa: E402
from app.networks.refusals import InFold  # noqa: E402
from app.training import checkpoints  # noqa: E402
from app.training.encoders import ENCODERS  # noqa: E402

RUN = Path("work/runs/tiny")
RECIPE = """
name = "tiny"
title = "Tiny"
stages = [2]
batch = 4
average_decay = 0.9
[architecture]
kind = "basic"
widths = [8, 8, 16, 16, 32, 8]
[data]
tune_share = 0.15
test_share = 0.15
[[phase]]
grid = [64, 64]
epochs = 12
rate = 0.02
"""


ask = partial(ask_of, {"train": train, "train-pack": train_pack, "to-onnx": to_onnx})


def films_listed(models: Path) -> dict[str, str]:
    """Return pixels_sha256 and fold of the films that a network says it learnt from."""
    with (models / "tiny" / "trained-on.csv").open(encoding="utf-8", newline="") as file:
        return {row["pixels_sha256"]: row["fold"] for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an exported set of 30 films and two runs on it: on all, and fold 0."""
    place = tmp_path_factory.mktemp("workplace")
    phantom_folder(place / "export", 30)
    (place / "tiny.toml").write_text(RECIPE, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        ask("train", "tiny.toml", "--data", "export", "--threads", 1)
        ask("train", "tiny.toml", "--data", "export", "--threads", 1, "--fold", 0)
    return place


@pytest.fixture
def at_work(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(workplace)
    return workplace


@pytest.fixture
def models(at_work: Path, tmp_path: Path) -> Path:
    """Return a folder of networks with the one trained on all films."""
    ask("to-onnx", "work/runs/tiny", "--data", "export", "--models", tmp_path / "models")
    return tmp_path / "models"


def test_the_product_opens_the_network_and_finds_infection(models: Path) -> None:
    network = open_network(models, "tiny", threads=1)
    values, truth = phantom(1000)
    assert dice(network.mask(FilmPixels(values, bits=8)), truth > 127) > 0.6


def test_the_entry_tells_stage_grid_and_operating_point(models: Path) -> None:
    (entry,) = read_manifest(models).networks
    assert (entry.name, entry.stages, entry.input.grid) == ("tiny", (2,), (64, 64))
    assert entry.files[0].fold is None
    assert "kept back" in entry.operating.measured_on


def test_the_card_names_both_averages_and_what_the_detection_is_worth(models: Path) -> None:
    card = (models / "tiny" / "card.md").read_text(encoding="utf-8")
    for words in ("Dice per film", "Dice pooled", "upper bound", "Research use only", "seed 1"):
        assert words in card


def test_films_that_taught_or_tuned_are_listed_and_tested_ones_are_not(models: Path) -> None:
    listed = films_listed(models)
    all_films = {FilmPixels(phantom(n)[0], bits=8).sha256() for n in range(30)}
    assert listed.keys() < all_films
    assert set(listed.values()) == {""}


def test_a_network_is_not_replaced_unasked(models: Path) -> None:
    before = (models / "tiny" / "network.onnx").read_bytes()
    words = ("to-onnx", "work/runs/tiny", "--data", "export", "--models", models)
    with pytest.raises(Exception, match="is there already") as refused:
        ask(*words)
    assert "--replace" in str(refused.value)
    assert (models / "tiny" / "network.onnx").read_bytes() == before
    ask(*words, "--replace", "--stage", 1, "--stage", 2)
    (entry,) = read_manifest(models).networks
    assert entry.stages == (1, 2)


def test_the_file_of_a_fold_serves_the_films_it_never_saw(at_work: Path, tmp_path: Path) -> None:
    ask("to-onnx", "work/runs/tiny-fold0", "--data", "export", "--models", tmp_path)
    unseen = FilmPixels(phantom(0)[0], bits=8).sha256()  # film 0 is of fold 0
    assert open_for_film(tmp_path, "tiny", pixels_sha=unseen, threads=1).fold == 0
    taught = films_listed(tmp_path)
    assert unseen not in taught
    with pytest.raises(InFold):
        open_for_film(tmp_path, "tiny", pixels_sha=min(taught), threads=1)


def test_a_network_with_all_files_keeps_each_film_from_those_that_learnt_it(
    at_work: Path, tmp_path: Path
) -> None:
    runs = ("work/runs/tiny", "work/runs/tiny-fold0")
    ask("to-onnx", *runs, "--data", "export", "--models", tmp_path)
    files = [file.fold for file in read_manifest(tmp_path).networks[0].files]
    assert files == [None, 0]
    for sha, fold in films_listed(tmp_path).items():
        if fold:
            assert open_for_film(tmp_path, "tiny", pixels_sha=sha, threads=1).fold == int(fold)
    assert open_network(tmp_path, "tiny", threads=1).fold is None


def test_called_again_a_finished_run_stays_as_it_is(at_work: Path) -> None:
    said = ask("train", "tiny.toml", "--data", "export", "--threads", 1)
    assert "Finished at step" in said


def test_a_run_on_packed_films_is_shipped_with_the_folder_they_came_from(
    at_work: Path, tmp_path: Path
) -> None:
    pack = tmp_path / "films.mbpack"
    said = ask("train-pack", "export", "--out", pack, "--size", 64)
    assert "30 films of 64 × 64" in said
    assert "without loss" in said
    ask("train", "tiny.toml", "--data", pack, "--threads", 1, "--out", tmp_path / "run")
    here, there = (checkpoints.load(r / "checkpoint.pt") for r in (RUN, tmp_path / "run"))
    assert here.films == there.films
    assert all(torch.equal(there.average[key], value) for key, value in here.average.items())
    words = ("to-onnx", tmp_path / "run", "--models", tmp_path / "models", "--data")
    with pytest.raises(Exception, match="measured on films of their own size"):
        ask(*words, pack)
    ask(*words, "export")
    assert films_listed(tmp_path / "models") != {}


def test_the_minutes_count_the_reading_of_films(
    at_work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = iter([0.0, 61.0])  # the command's begin, and when the films are read
    clock = SimpleNamespace(monotonic=moments.__next__)
    monkeypatch.setattr("app.cli.train.time", clock)
    run = ("--threads", 1, "--out", tmp_path / "run", "--minutes", 1)
    said = ask("train", "tiny.toml", "--data", "export", *run)
    assert "Stopped at step 1 of" in said


def test_it_is_said_what_an_encoder_was_begun_from(at_work: Path, tmp_path: Path) -> None:
    weights = tmp_path / "chest.pt"
    torch.save(ENCODERS["mobilenetv3-small"]().state_dict(), weights)
    told = f'kind = "fpn"\nencoder = "mobilenetv3-small"\nfrozen = true\nweights = "{weights}"'
    recipe = RECIPE.replace('kind = "basic"\nwidths = [8, 8, 16, 16, 32, 8]', told)
    config = tmp_path / "tiny.toml"
    config.write_text(recipe.replace("epochs = 12", "steps = 1"), encoding="utf-8")
    run = tmp_path / "run"
    said = ask("train", config, "--data", "export", "--threads", 1, "--out", run)
    assert "arrays were taken from chest.pt" in said
    ask("to-onnx", run, "--data", "export", "--models", tmp_path / "models")
    card = (tmp_path / "models" / "tiny" / "card.md").read_text(encoding="utf-8")
    assert "`fpn` over encoder `mobilenetv3-small` (frozen)" in card
    assert "weights of the file chest.pt" in card


def test_other_films_under_an_old_run_are_refused(at_work: Path, tmp_path: Path) -> None:
    phantom_folder(tmp_path / "other", 12)
    with pytest.raises(Exception, match="another configuration or other films"):
        ask("to-onnx", "work/runs/tiny", "--data", tmp_path / "other", "--models", tmp_path / "m")


def test_a_folder_without_masks_teaches_nothing(at_work: Path, tmp_path: Path) -> None:
    folder = phantom_folder(tmp_path / "empty", 4)
    table = folder / "films.csv"
    table.write_text(
        table.read_text(encoding="utf-8").replace("infection", "", 1), encoding="utf-8"
    )
    with pytest.raises(Exception, match="No film with a mask of infection"):
        ask("train", "tiny.toml", "--data", folder, "--out", tmp_path / "run")


def test_the_same_film_gives_the_same_logits_in_training_and_in_the_product(models: Path) -> None:
    from app.training.packing import pack
    from app.training.sources import find_sources

    entry = read_manifest(models).networks[0]
    source = find_sources(Path("export"), (), "infection")[:1]
    packed = pack(source, grid=(64, 64), percentiles=(entry.input.low, entry.input.high))
    network = open_network(models, "tiny", threads=1)
    film = FilmPixels(phantom(0)[0], bits=8)
    from_pack = network.probability_of(packed.films.astype(np.float32) / np.float32(255))
    np.testing.assert_allclose(network.probability_grid(film), from_pack, atol=0.03)
    assert packed.pixels_sha256[0] == film.sha256()
