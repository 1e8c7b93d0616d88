"""Several processes train one network as one process would, and stop as one."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.support.commands import REPOSITORY
from tests.training.extra import need_training_extra, phantom_folder

need_training_extra()

import torch  # noqa: E402

from app.cli.main import run as run_command  # noqa: E402
from app.training import checkpoints, loop  # noqa: E402
from app.training.teams import Team, TeamRefused  # noqa: E402
from tests.training import worker  # noqa: E402

TORCHRUN = (sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2")

RECIPE = """
name = "tiny"
title = "Tiny"
batch = 4
average_decay = 0.9
[architecture]
kind = "basic"
widths = [8, 8, 16, 16, 32, 8]
[data]
tune_share = 0.1
[[phase]]
grid = [64, 64]
steps = 24
rate = 0.02
"""


def torchrun(*words: object) -> subprocess.CompletedProcess[str]:
    """Start two processes and wait for both."""
    done = subprocess.run(
        [*TORCHRUN, "-m", *map(str, words)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Return what each of two processes left of three steps together."""
    folder = tmp_path_factory.mktemp("team")
    torchrun("tests.training.worker", "team", folder)
    assert checkpoints.load(folder / "checkpoint.pt").step == worker.STEPS
    return [torch.load(folder / f"rank-{rank}.pt") for rank in (0, 1)]


@pytest.fixture(scope="module")
def alone() -> loop.Run:
    """Return one process's run after the same steps."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop, "build", worker.plain_network)
        run = worker.run_of()
    return run


def test_all_stop_after_the_step_in_which_one_was_asked_to(left: list[dict[str, Any]]) -> None:
    assert [(one["ended"], one["step"]) for one in left] == [(False, worker.STEPS)] * 2


def test_they_see_the_films_of_one_process_and_none_twice(
    left: list[dict[str, Any]], alone: loop.Run
) -> None:
    for step in range(worker.STEPS):
        seen = [film for one in left for film in one["seen"][step]]
        expected = alone.stretches[0].batches.films_of(step).tolist()
        assert sorted(seen) == sorted(expected)
        assert len(set(seen)) == len(seen)
        assert all(one["seen"][step] for one in left)


def test_their_steps_are_those_of_one_process(left: list[dict[str, Any]], alone: loop.Run) -> None:
    losses = [alone.advance() for _ in range(worker.STEPS)]
    for one in left:
        np.testing.assert_allclose(one["losses"], losses, rtol=1e-5)
        for key, value in alone.network.state_dict().items():
            assert torch.allclose(one["weights"][key], value, atol=1e-6), key
            assert torch.equal(one["weights"][key], left[0]["weights"][key])


def test_a_team_learns_stops_and_goes_on_to_the_same_end(tmp_path: Path) -> None:
    phantom_folder(tmp_path / "export", 16)
    recipe = tmp_path / "tiny.toml"
    recipe.write_text(RECIPE, encoding="utf-8")

    def train(out: str, *more: object) -> subprocess.CompletedProcess[str]:
        words = ("app", "train", recipe, "--data", tmp_path / "export", "--out", tmp_path / out)
        return torchrun(*words, "--threads", 1, *more)

    whole = train("whole")
    assert whole.stdout.count("Finished at step 24 of 24") == 1  # the first process alone speaks
    assert "2 process(es)" in whole.stderr
    first = train("steps", "--minutes", 0.0001)
    assert "Stopped at step 1 of 24" in first.stdout
    train("steps")
    one, other = (checkpoints.load(tmp_path / out / "checkpoint.pt") for out in ("whole", "steps"))
    for key, value in one.average.items():
        assert torch.equal(other.average[key], value), key
    assert one.history == other.history
    assert one.history[-1]["loss"] < 0.8 * one.history[0]["loss"]
    statistics = [value for key, value in one.network.items() if key.endswith("running_var")]
    assert statistics
    assert all(torch.isfinite(value).all() for value in statistics)
    again = ["train", recipe, "--data", tmp_path / "export", "--out", tmp_path / "whole"]
    assert run_command([str(word) for word in again]) == 0  # one process takes it up


def test_more_processes_than_films_in_a_batch_are_refused() -> None:
    Team().assert_together(0, films_a_batch=1)
    with pytest.raises(TeamRefused, match="3 processes cannot share a batch of 2 films"):
        Team(rank=2, size=3).assert_together(0, films_a_batch=2)


def test_the_shares_of_a_batch_are_the_whole_batch() -> None:
    for size in range(1, 6):
        dealt = [film for rank in range(size) for film in range(11)[Team(rank, size).share]]
        assert sorted(dealt) == list(range(11))
