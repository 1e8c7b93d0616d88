"""``maskballot cross-validate``: in steps, to the end, then shipped."""

import csv
from functools import partial
from pathlib import Path

import pytest

from tests.training.extra import ask as ask_of
from tests.training.extra import need_training_extra, phantom_folder

need_training_extra()

from app.cli.cross_validate import cross_validate  # noqa: E402
from app.cli.to_onnx import to_onnx  # noqa: E402
from app.networks import stored  # noqa: E402
from app.networks.manifest import read_manifest  # noqa: E402

RECIPE = """
name = "tiny"
title = "Tiny"
stages = [1]
batch = 4
[architecture]
kind = "basic"
widths = [4, 4, 8, 8, 16, 4]
[data]
tune_share = 0.15
[[phase]]
grid = [64, 64]
steps = 3
rate = 0.02
"""
RUNS = ["tiny", *(f"tiny-fold{fold}" for fold in range(5))]


ask = partial(ask_of, {"cross-validate": cross_validate, "to-onnx": to_onnx})


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    phantom_folder(tmp_path / "export", 20)
    (tmp_path / "tiny.toml").write_text(RECIPE, encoding="utf-8")
    return tmp_path


def test_stopped_and_called_again_it_ends_with_a_prediction_for_every_film(
    workplace: Path,
) -> None:
    command = ("cross-validate", "tiny.toml", "--data", "export", "--threads", 1)
    assert "Stopped at step 1 of 3" in ask(*command, "--minutes", 1e-9)
    assert "Finished" in ask(*command)
    folders = [f"work/runs/{name}" for name in RUNS]
    assert all((workplace / folder / "checkpoint.pt").is_file() for folder in folders)
    ask("to-onnx", *folders, "--data", "export", "--fold-predictions")
    (entry,) = read_manifest(workplace / "models").networks
    with (workplace / "models/tiny/trained-on.csv").open(encoding="utf-8", newline="") as file:
        taught = {row["pixels_sha256"]: int(row["fold"]) for row in csv.DictReader(file)}
    assert len(taught) == 20
    for sha, fold in taught.items():
        kept = stored.read(workplace / "models", entry, sha)
        assert kept is not None
        assert kept.fold == fold


def test_the_scores_name_both_averages_and_every_fold(workplace: Path) -> None:
    said = ask("cross-validate", "tiny.toml", "--data", "export", "--threads", 1)
    assert "Dice per film" in said
    assert "Dice pooled" in said
    assert [line.split("│")[1].strip() for line in said.splitlines() if line.startswith("│")] == [
        *map(str, range(5)),
        "all",
    ]
