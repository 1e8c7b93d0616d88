"""A training that is killed without warning loses a step or two, never its way."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.commands import REPOSITORY
from tests.support.waiting import until
from tests.training.extra import need_training_extra, phantom_folder

need_training_extra()

import torch  # noqa: E402

from app.cli.main import run as run_command  # noqa: E402
from app.training import checkpoints  # noqa: E402

STEPS = 60
RECIPE = f"""
name = "tiny"
title = "Tiny"
batch = 4
average_decay = 0.9
[architecture]
kind = "basic"
widths = [8, 8, 16, 16, 32, 8]
[[phase]]
grid = [64, 64]
steps = {STEPS}
rate = 0.02
"""


def step_of(path: Path) -> int:
    return checkpoints.load(path).step if path.exists() else 0


def test_after_a_kill_it_ends_where_one_long_run_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = tmp_path / "tiny.toml"
    recipe.write_text(RECIPE, encoding="utf-8")
    phantom_folder(tmp_path / "export", 12)
    words = [str(word) for word in ("train", recipe, "--data", tmp_path / "export", "--threads", 1)]
    killed, whole = (tmp_path / name / "checkpoint.pt" for name in ("killed", "whole"))

    started = subprocess.Popen(
        [sys.executable, "-m", "tests.training.worker", "hasty", *words, "--out", killed.parent],
        cwd=REPOSITORY,
        stderr=subprocess.DEVNULL,
    )
    try:
        until(lambda: step_of(killed) >= 3, seconds=300)
    finally:
        started.kill()
        started.wait()
    assert 3 <= step_of(killed) < STEPS

    assert run_command([*words, "--out", str(killed.parent)]) == 0
    assert run_command([*words, "--out", str(whole.parent)]) == 0
    one, other = checkpoints.load(killed), checkpoints.load(whole)
    assert one.step == other.step == STEPS
    assert one.history == other.history
    for key, value in other.average.items():
        assert torch.equal(one.average[key], value), key
    for key, value in other.network.items():
        assert torch.equal(one.network[key], value), key
