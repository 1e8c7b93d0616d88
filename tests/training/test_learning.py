"""The loop learns, and a run in steps is the same as a run in one go."""

import os
import signal
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.support.full_disk import a_full_disk
from tests.training.extra import need_training_extra, phantom_pack, tiny_config

need_training_extra()

import torch  # noqa: E402

from app.masks.measures import dice  # noqa: E402
from app.training import checkpoints, loop  # noqa: E402
from app.training.batches import batches  # noqa: E402
from app.training.checkpoints import (  # noqa: E402
    Checkpoint,
    CheckpointRefused,
    CheckpointUnwritten,
    load_or_new,
)
from app.training.config import Architecture, TrainingConfig  # noqa: E402
from app.training.encoders import build_encoder  # noqa: E402
from app.training.loop import Run, Stretch, rate_at, train  # noqa: E402
from app.training.predicting import logits  # noqa: E402


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def run_of(config: TrainingConfig, state: Checkpoint | None = None) -> Run:
    packed = phantom_pack(24)
    films = np.arange(16)
    phase = config.phase[0]
    stretch = Stretch(phase, batches(packed, films, config, negatives_a_batch=0), 0)
    return Run(config, [stretch], state or Checkpoint(config=config.model_dump_json(), films=""))


def same_weights(first: Run, second: Run) -> bool:
    pairs = zip(first.average.items(), second.average.items(), strict=True)
    return all(a == b and torch.equal(one, two) for (a, one), (b, two) in pairs)


def test_it_finds_infection_in_films_it_never_saw(tmp_path: Path) -> None:
    run = run_of(tiny_config())
    assert train(run, tmp_path / "checkpoint.pt", seconds=60)
    losses = [entry["loss"] for entry in run.state.history]
    assert losses[-1] < 0.6 * losses[0]
    unseen = phantom_pack(24)
    truths = unseen.masks[16:] > 127
    masks = logits(run.averaged(), unseen.films[16:]) > 0
    found = np.mean([dice(mask, truth) for mask, truth in zip(masks, truths, strict=True)])
    everywhere = np.ones(truths.shape[1:], bool)
    constant = np.mean([dice(everywhere, truth) for truth in truths])
    assert constant < 0.1
    assert found > 0.6


def test_in_steps_or_in_one_go_the_weights_are_the_same(tmp_path: Path) -> None:
    config = tiny_config()
    whole = run_of(config)
    train(whole, tmp_path / "whole.pt", seconds=60, until=6)
    begun = run_of(config)
    train(begun, tmp_path / "steps.pt", seconds=60, until=3)
    resumed = run_of(config, checkpoints.load(tmp_path / "steps.pt"))
    train(resumed, tmp_path / "steps.pt", seconds=60, until=6)
    assert same_weights(whole, resumed)
    assert not same_weights(whole, begun)
    assert whole.state.history == resumed.state.history


def test_a_phase_begins_where_the_last_one_ended_with_a_mean_of_its_own(tmp_path: Path) -> None:
    phases = [{"grid": [64, 64], "steps": 3, "rate": 0.02}] * 2
    config = tiny_config(phase=phases, average_decay=0.99)
    packed = phantom_pack(8)
    films = batches(packed, np.arange(8), config, negatives_a_batch=0)
    stretches = [Stretch(config.phase[0], films, 0), Stretch(config.phase[1], films, 3)]
    run = Run(config, stretches, Checkpoint(config=config.model_dump_json(), films=""))
    train(run, tmp_path / "checkpoint.pt", seconds=60, until=run.end_of_phase(1))
    before = {key: value.clone() for key, value in run.average.items()}
    run.advance()
    now = run.network.state_dict()
    for key, mean in run.average.items():
        if mean.is_floating_point():  # the first step of a phase counts for 9 in 11 parts
            expected = before[key].lerp(now[key], 1 - 2 / 11)
            assert torch.allclose(mean, expected, atol=1e-6)
    assert train(run, tmp_path / "checkpoint.pt", seconds=60)
    assert run.state.step == run.total == 6


def test_another_seed_gives_other_weights(tmp_path: Path) -> None:
    runs = [run_of(tiny_config(seed=seed)) for seed in (1, 2)]
    for run in runs:
        train(run, tmp_path / f"{run.config.seed}.pt", seconds=60, until=1)
    assert not same_weights(*runs)


def test_it_stops_when_the_time_is_up_and_says_so(tmp_path: Path) -> None:
    run = run_of(tiny_config())
    assert not train(run, tmp_path / "checkpoint.pt", seconds=0)
    assert run.state.step == 1
    assert checkpoints.load(tmp_path / "checkpoint.pt").step == 1


def test_ctrl_c_finishes_the_step_and_saves_it(tmp_path: Path) -> None:
    run = run_of(tiny_config())

    def interrupt(step: int, total: int, loss: float) -> None:
        if step == 2:
            os.kill(os.getpid(), signal.SIGINT)

    assert not train(run, tmp_path / "checkpoint.pt", seconds=60, report=interrupt)
    assert checkpoints.load(tmp_path / "checkpoint.pt").step == 2
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_checkpoint_of_another_recipe_is_refused(tmp_path: Path) -> None:
    config = tiny_config()
    path = tmp_path / "checkpoint.pt"
    checkpoints.save(load_or_new(path, config, ["a", "b"]), path)
    assert load_or_new(path, config, ["a", "b"]).step == 0
    with pytest.raises(CheckpointRefused, match="another configuration or other films"):
        load_or_new(path, tiny_config(seed=9), ["a", "b"])
    with pytest.raises(CheckpointRefused, match="another configuration or other films"):
        load_or_new(path, config, ["a", "c"])


def test_a_failed_write_leaves_the_old_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.pt"
    good = load_or_new(path, tiny_config(), ["a"])
    checkpoints.save(good, path)
    unwritable = replace(good, network={"weights": lambda: None})
    with pytest.raises(AttributeError):
        checkpoints.save(unwritable, path)
    assert checkpoints.load(path).config == good.config


def test_a_full_disk_keeps_the_old_checkpoint_and_is_named(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.pt"
    run = run_of(tiny_config())
    train(run, path, seconds=60, until=1)
    run.advance()
    with a_full_disk(5000), pytest.raises(CheckpointUnwritten) as refused:
        run.save(path)
    for words in ("step 2", str(tmp_path), "File too large", "the one before it is kept"):
        assert words in refused.value.sentence
    assert checkpoints.load(path).step == 1
    assert [file.name for file in tmp_path.iterdir()] == ["checkpoint.pt"]
    with a_full_disk(5000), pytest.raises(CheckpointUnwritten, match="there is none before it"):
        run.save(tmp_path / "elsewhere" / "checkpoint.pt")


def test_training_goes_on_while_the_disk_is_full_and_complains(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "SECONDS_BETWEEN_CHECKPOINTS", -1.0)
    run, complaints = run_of(tiny_config()), list[str]()
    with a_full_disk(5000), pytest.raises(CheckpointUnwritten, match="step 3"):
        train(run, tmp_path / "checkpoint.pt", seconds=60, until=3, complain=complaints.append)
    assert [f"step {step} " in said for step, said in enumerate(complaints, 1)] == [True] * 3
    assert "Training goes on" in complaints[0]


def test_what_a_killed_process_left_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / "checkpoint.12345.part").write_bytes(b"half of it")
    run = run_of(tiny_config())
    train(run, tmp_path / "checkpoint.pt", seconds=60, until=1)
    assert [file.name for file in tmp_path.iterdir()] == ["checkpoint.pt"]


def test_a_step_at_a_larger_size_is_more_work() -> None:
    phases = [{"grid": [32, 32], "steps": 3, "rate": 0.02}]
    phases += [{"grid": [64, 64], "steps": 2, "rate": 0.02}]
    config = tiny_config(phase=phases)
    films = batches(phantom_pack(8), np.arange(8), config, negatives_a_batch=0)
    stretches = [Stretch(config.phase[0], films, 0), Stretch(config.phase[1], films, 3)]
    run = Run(config, stretches, Checkpoint(config=config.model_dump_json(), films=""))
    work = [run.work_until(step) / 32**2 for step in range(6)]
    assert work == [0, 1, 2, 3, 7, 11]


def test_the_rate_rises_then_falls_to_almost_nothing() -> None:
    rates = [rate_at(progress, 1.0) for progress in np.linspace(0, 1, 21)]
    top = int(np.argmax(rates))
    assert rates[top] == pytest.approx(1.0)
    assert rates[: top + 1] == sorted(rates[: top + 1])
    assert rates[top:] == sorted(rates[top:], reverse=True)
    assert 0 < rates[-1] < 0.01


def test_a_frozen_encoder_stays_while_the_decoder_learns(tmp_path: Path) -> None:
    changes = {"architecture": {"kind": "fpn", "widths": [8, 8, 8, 8], "frozen": True}}
    run = run_of(tiny_config(**changes))
    before = {key: value.clone() for key, value in run.network.state_dict().items()}
    for _ in range(3):
        run.advance()
    run.save(tmp_path / "checkpoint.pt")
    again = run_of(tiny_config(**changes), checkpoints.load(tmp_path / "checkpoint.pt"))
    again.advance()
    for weights in (again.network.state_dict(), again.average):
        same = {key for key, value in weights.items() if torch.equal(value, before[key])}
        assert same == {key for key in before if key.startswith("encoder.")}


def test_a_run_under_way_needs_no_file_of_weights(tmp_path: Path) -> None:
    weights = tmp_path / "weights.pt"
    torch.save(build_encoder(Architecture(kind="fpn"))[0].state_dict(), weights)
    given = {"kind": "fpn", "widths": [8, 8, 8, 8], "weights": str(weights)}
    run = run_of(tiny_config(architecture=given))
    assert str(run.network.begun_from).endswith("taken from weights.pt")
    run.advance()
    run.save(tmp_path / "checkpoint.pt")
    weights.unlink()
    again = run_of(tiny_config(architecture=given), checkpoints.load(tmp_path / "checkpoint.pt"))
    again.advance()
    assert again.averaged().begun_from == ""
