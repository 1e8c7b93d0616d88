"""A run goes on from a shipped network: its weights, and what it knows already."""

from pathlib import Path

import numpy as np
import pytest

from tests.training.extra import need_training_extra, phantom_folder, tiny_config

need_training_extra()

import torch  # noqa: E402

from app.networks.manifest import read_manifest  # noqa: E402
from app.training import exporting, onnx_files, runs, shipping  # noqa: E402
from app.training.architectures import build  # noqa: E402
from app.training.loop import train  # noqa: E402
from app.training.starting import StartRefused, weights_of  # noqa: E402

GRID = (64, 64)


def a_shipped_network(place: Path, *, films: int = 24, **changes: object) -> Path:
    """Train the tiny network a few steps on phantoms and ship it; return the models' folder."""
    data = phantom_folder(place / "first", films)
    config = tiny_config(
        data={"tune_share": 0.2},
        phase=[{"grid": list(GRID), "steps": 4, "rate": 0.02}],
        **changes,
    )
    prepared = runs.prepare(config, data, cache=place / "packs")
    train(runs.open_run(prepared, place / "run"), place / "run/checkpoint.pt", seconds=60)
    exported = exporting.export_run(prepared, place / "run")
    shipping.ship([exported], models=place / "models", stages=(2,), replace=False, command="train")
    return place / "models"


def test_a_run_begins_with_the_shipped_weights_and_statistics(tmp_path: Path) -> None:
    models = a_shipped_network(tmp_path)
    config = tiny_config(name="second", start="tiny", data={"tune_share": 0.2})
    prepared = runs.prepare(config, tmp_path / "first", cache=tmp_path / "packs", models=models)
    begun = runs.open_run(prepared, tmp_path / "second")
    film = np.random.default_rng(0).random((2, 1, *GRID), np.float32)
    shipped = onnx_files.run((models / "tiny/network.onnx").read_bytes(), film)
    with torch.inference_mode():
        ours = begun.averaged()(torch.from_numpy(film)).numpy()
    np.testing.assert_allclose(ours, shipped, atol=1e-4)


def test_the_films_of_the_first_network_count_as_learnt_by_the_second(tmp_path: Path) -> None:
    models = a_shipped_network(tmp_path)
    learnt = (models / "tiny/trained-on.csv").read_text().splitlines()[1:]
    fewer = phantom_folder(tmp_path / "fewer", 10)
    config = tiny_config(name="second", start="tiny", data={"tune_share": 0.2})
    prepared = runs.prepare(config, fewer, cache=tmp_path / "packs", models=models)
    train(runs.open_run(prepared, tmp_path / "two"), tmp_path / "two/checkpoint.pt", seconds=0)
    exported = exporting.export_run(prepared, tmp_path / "two")
    listed = exporting.trained_on([exported])
    assert len(learnt) > 10
    assert set(learnt) <= set(listed.splitlines())
    shipping.ship([exported], models=models, stages=(2,), replace=False, command="train")
    card = (models / "second/card.md").read_text(encoding="utf-8")
    assert "went on from the network `tiny`" in card
    assert "went on" not in (models / "tiny/card.md").read_text(encoding="utf-8")


def test_a_fold_cannot_go_on_from_a_network_that_saw_it(tmp_path: Path) -> None:
    models = a_shipped_network(tmp_path)
    config = tiny_config(name="second", start="tiny", data={"tune_share": 0.2})
    with pytest.raises(StartRefused, match="has learnt from"):
        runs.prepare(config, tmp_path / "first", cache=tmp_path / "packs", fold=0, models=models)


def test_another_architecture_is_refused_by_the_weights_that_are_missing(tmp_path: Path) -> None:
    models = a_shipped_network(tmp_path)
    wider = tiny_config(
        start="tiny", architecture={"kind": "basic", "widths": [16, 8, 16, 16, 32, 8]}
    )
    with pytest.raises(StartRefused, match="no weights"):
        runs.prepare(wider, tmp_path / "first", cache=tmp_path / "packs", models=models)


def test_a_mirror_averaged_file_answers_a_mirrored_film_with_the_mirrored_mask(
    tmp_path: Path,
) -> None:
    models = a_shipped_network(tmp_path, mirror_average=True)
    assert read_manifest(models).networks[0].name == "tiny"
    data = (models / "tiny/network.onnx").read_bytes()
    films = np.random.default_rng(0).random((3, 1, *GRID), np.float32)
    straight = onnx_files.run(data, films)
    mirrored = onnx_files.run(data, np.ascontiguousarray(films[..., ::-1]))
    assert straight.shape == films.shape
    np.testing.assert_allclose(straight, mirrored[..., ::-1], atol=1e-4)
    plain = build(tiny_config().architecture).eval()
    plain.load_state_dict(weights_of(data, tiny_config(), name="tiny"))
    with torch.inference_mode():
        alone = plain(torch.from_numpy(films)).numpy()
    assert np.abs(alone - straight).max() > 0.01


def test_a_file_that_averages_turned_films_turns_each_answer_back(tmp_path: Path) -> None:
    """By a quarter turn, where turning is exact; mirror images are averaged besides."""
    models = a_shipped_network(tmp_path, mirror_average=True, turn_average=45)
    config = tiny_config()
    plain = build(config.architecture).eval()
    data = (models / "tiny/network.onnx").read_bytes()
    plain.load_state_dict(weights_of(data, config, name="tiny"))
    quarter = onnx_files.ViewsAveraged(plain, grid=GRID, mirror=True, degrees=90).eval()
    films = torch.from_numpy(np.random.default_rng(0).random((3, 1, *GRID), np.float32))

    def seen(turns: int, *, mirrored: bool) -> torch.Tensor:
        view = torch.rot90(films, turns, (2, 3))
        answer = plain(view.flip(3)).flip(3) if mirrored else plain(view)
        return torch.rot90(answer, -turns, (2, 3))

    with torch.inference_mode():
        views = [seen(turns, mirrored=side) for turns in (1, -1) for side in (False, True)]
        ours = quarter(films)
    torch.testing.assert_close(ours, torch.stack(views).mean(0), atol=1e-4, rtol=0)
    card = (models / "tiny/card.md").read_text(encoding="utf-8")
    assert "turned by 45° to either side and of their mirror images are averaged" in card


def test_a_turn_keeps_its_angle_on_a_grid_that_is_not_square() -> None:
    """A bright dot to the right of the centre comes to lie under or above it, as far away."""
    dot = torch.zeros(1, 1, 64, 128)
    dot[..., 31:33, 63 + 20 : 63 + 22] = 1.0
    passes = torch.nn.Identity()
    averaged = onnx_files.ViewsAveraged(passes, grid=(64, 128), mirror=False, degrees=90)
    turned = averaged.turned(dot, averaged.angles[1], beyond="zeros")
    rows, columns = np.nonzero(turned[0, 0].numpy() > 0.5)
    assert abs(abs(rows.mean() - 31.5) - 20) < 1.1
    assert abs(columns.mean() - 63.5) < 1.1
