"""On whatever a run computes, it learns the same films in the same way."""

from pathlib import Path

import numpy as np
import pytest

from tests.training.extra import need_training_extra, phantom_pack, tiny_config

need_training_extra()

import torch  # noqa: E402
from torch import nn  # noqa: E402

from app.training import checkpoints  # noqa: E402
from app.training.architectures import build  # noqa: E402
from app.training.batches import batches  # noqa: E402
from app.training.checkpoints import Checkpoint  # noqa: E402
from app.training.config import TrainingConfig  # noqa: E402
from app.training.loop import Run, Stretch, rate_at, train  # noqa: E402
from app.training.losses import hybrid_loss  # noqa: E402
from app.training.places import NoSuchDevice, Place, Shelf, choose  # noqa: E402
from app.training.predicting import logits  # noqa: E402

FLOAT32 = Place()
BFLOAT16 = Place(precision=torch.bfloat16)
FLOAT16 = Place(precision=torch.float16)

# Every test below runs on the GPU as well where there is one:
# .venv/bin/python -m pytest tests/training/test_places.py on a machine with a CUDA torch.
PLACES = {"float32": FLOAT32, "bfloat16": BFLOAT16, "float16": FLOAT16}
if torch.cuda.is_available():
    PLACES["gpu"] = choose("cuda")
    PLACES["gpu float16"] = Place(PLACES["gpu"].device, torch.float16)

SWITCHES = [(a, b) for a in PLACES for b in PLACES if "float32" in (a, b)]

everywhere = pytest.mark.parametrize("place", PLACES.values(), ids=PLACES.keys())


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def run_at(
    place: Place, *, state: Checkpoint | None = None, config: TrainingConfig | None = None
) -> Run:
    config = config or tiny_config()
    dealt = batches(phantom_pack(20, without=4), np.arange(20), config, negatives_a_batch=1)
    stretches = [Stretch(config.phase[0], dealt, 0)]
    state = state or Checkpoint(config=config.model_dump_json(), films="")
    return Run(config, stretches, state, place=place)


def test_on_a_processor_it_computes_what_a_plain_loop_computes_bit_for_bit() -> None:
    run = run_at(FLOAT32)
    (stretch,) = run.stretches
    torch.manual_seed(run.config.seed)
    network = build(run.config.architecture).to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(network.parameters(), weight_decay=run.config.weight_decay)
    for step in range(4):
        optimizer.param_groups[0]["lr"] = rate_at(step / stretch.steps, stretch.phase.rate)
        films, masks = stretch.batches.batch(step)
        loss = hybrid_loss(network(films), masks, focal_weight=run.config.focal_weight)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        assert run.advance() == loss.item()
    for key, value in network.state_dict().items():
        assert torch.equal(run.network.state_dict()[key], value)


@everywhere
def test_it_learns_and_keeps_weights_in_full_precision(place: Place, tmp_path: Path) -> None:
    config = tiny_config(phase=[{"grid": [64, 64], "steps": 20, "rate": 0.02}])
    run = run_at(place, config=config)
    assert train(run, tmp_path / "checkpoint.pt", seconds=300)
    losses = [entry["loss"] for entry in run.state.history]
    assert losses[-1] < 0.85 * losses[0]
    floating = [v for v in run.average.values() if v.is_floating_point()]
    assert {v.dtype for v in floating} == {torch.float32}
    films = phantom_pack(4).films
    assert np.isfinite(logits(run.averaged(), films)).all()


@everywhere
def test_the_first_loss_is_that_of_full_precision_up_to_rounding(place: Place) -> None:
    assert run_at(place).advance() == pytest.approx(run_at(FLOAT32).advance(), rel=0.02)


def test_mixed_precision_is_not_full_precision() -> None:
    full = run_at(FLOAT32).advance()
    assert run_at(BFLOAT16).advance() != full
    assert run_at(FLOAT16).advance() != full


@pytest.mark.parametrize(("first", "then"), SWITCHES)
def test_a_checkpoint_of_one_place_goes_on_at_another(
    first: str, then: str, tmp_path: Path
) -> None:
    path = tmp_path / "checkpoint.pt"
    train(run_at(PLACES[first]), path, seconds=300, until=2)
    resumed = run_at(PLACES[then], state=checkpoints.load(path))
    before = {key: value.cpu() for key, value in checkpoints.load(path).average.items()}
    assert all(torch.equal(resumed.average[key].cpu(), value) for key, value in before.items())
    train(resumed, path, seconds=300, until=3)
    assert checkpoints.load(path).step == 3
    assert any(not torch.equal(resumed.average[key].cpu(), value) for key, value in before.items())


@pytest.mark.parametrize("place", [BFLOAT16, FLOAT16], ids=["bfloat16", "float16"])
def test_in_steps_or_in_one_go_mixed_precision_ends_the_same(place: Place, tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.pt"
    whole = run_at(place)
    train(whole, tmp_path / "whole.pt", seconds=300, until=4)
    train(run_at(place), path, seconds=300, until=2)
    resumed = run_at(place, state=checkpoints.load(path))
    train(resumed, path, seconds=300, until=4)
    for key, value in whole.average.items():
        assert torch.equal(resumed.average[key], value)


def test_the_scale_of_small_gradients_is_in_the_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.pt"
    run = run_at(FLOAT16)
    train(run, path, seconds=300, until=2)
    state = checkpoints.load(path)
    assert state.scaler == run.scaler.state_dict() != run_at(FLOAT16).scaler.state_dict()
    state.scaler["scale"] = 8.0
    assert run_at(FLOAT16, state=state).scaler.get_scale() == 8.0
    train(run_at(FLOAT32), path, seconds=300, until=2)
    assert checkpoints.load(path).scaler == {}


@everywhere
def test_films_on_the_device_or_sent_to_it_are_the_same(place: Place) -> None:
    packed = phantom_pack(300)
    placed, sent = Shelf(packed, place, room=10**9), Shelf(packed, place, room=0)
    assert placed.placed
    assert not sent.placed
    chosen = np.array([299, 0, 7, 256])
    for one, other in zip(placed.take(chosen), sent.take(chosen), strict=True):
        assert one.dtype == torch.uint8
        assert one.device == place.device
        assert torch.equal(one, other)


def test_films_go_to_the_device_only_if_all_have_room() -> None:
    packed = phantom_pack(4)
    needed = packed.films.nbytes + packed.masks.nbytes
    assert Shelf(packed, FLOAT32, room=needed).placed
    assert not Shelf(packed, FLOAT32, room=needed - 1).placed
    assert not Shelf(packed, FLOAT32).placed  # a processor reads them where they are


@everywhere
def test_the_same_films_move_in_the_same_way_everywhere(place: Place) -> None:
    run = run_at(place)
    dealt = run.stretches[0].batches
    here = dealt.batch(3, shelf=Shelf(dealt.packed, place, room=10**9))
    for one, plain in zip(here, dealt.batch(3), strict=True):
        assert torch.allclose(one.cpu(), plain, atol=1e-3)


def test_a_gpu_is_taken_if_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert choose("auto").device.type == ("cuda" if torch.cuda.is_available() else "cpu")
    assert choose("cpu") == FLOAT32
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert choose("auto") == FLOAT32
    with pytest.raises(NoSuchDevice, match="no GPU") as refused:
        choose("cuda")
    assert "--device cpu" in refused.value.cure


@pytest.mark.parametrize(
    ("own", "expected"), [(True, torch.bfloat16), (False, torch.float16)], ids=["new", "old"]
)
def test_a_gpu_without_bfloat16_of_its_own_computes_in_float16(
    monkeypatch: pytest.MonkeyPatch, own: bool, expected: torch.dtype
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "set_device", lambda device: None)
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda *, including_emulation: own)
    monkeypatch.setattr(torch.backends.cudnn, "benchmark", False)
    assert choose("auto", number=1) == Place(torch.device("cuda", 1), expected)
    with pytest.raises(NoSuchDevice, match="has 2 GPUs"):
        choose("auto", number=2)
