"""What each network costs: training and inference, weights, size of its file. Judges nothing.

Processor time of one thread, not time on the wall, so that other work on the machine disturbs it
little; beside each network the U-Net over EfficientNet-Lite0 is measured anew, and the ratio is to
that. The least of some rounds counts. `GRIDS=128` in the environment measures one size alone,
`ONLY=frozen` the networks with that in their name.
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
import onnxruntime
import pytest

from tests.training.extra import need_training_extra

need_training_extra()

import torch  # noqa: E402
from torch import nn  # noqa: E402

from app.training import onnx_files  # noqa: E402
from app.training.architectures import DECODERS, build  # noqa: E402
from app.training.config import Architecture, Encoder, Kind  # noqa: E402
from app.training.losses import hybrid_loss  # noqa: E402
from app.training.manifest_file import INPUT_NAME  # noqa: E402

BATCH = 16
ROUNDS = (2, 4)  # at least and at most
ENOUGH = 3.0  # seconds of processor time
GRIDS = [int(side) for side in os.environ.get("GRIDS", "128,224").split(",")]
ONLY = os.environ.get("ONLY", "")
BASE = Architecture(kind="unet")
FROZEN: tuple[Encoder, ...] = ("efficientnet-lite0", "resnet50")
WHOLE: dict[Kind, tuple[int, ...]] = {"segresnet": (8,), "basic": (16, 16, 32, 64, 128, 16)}


@dataclass(frozen=True)
class Cost:
    """Milliseconds of processor time a film, and the same of the U-Net measured beside it."""

    own: float
    base: float

    def __str__(self) -> str:
        return f"{self.own:.0f} (× {self.own / self.base:.2f})"


def networks() -> dict[str, Architecture]:
    """Return all encoders under one decoder, all decoders over one encoder, and the rest."""
    encoders: tuple[Encoder, ...] = get_args(Encoder)
    kinds: tuple[Any, ...] = tuple(DECODERS)
    named = {f"unet, {name}": Architecture(kind="unet", encoder=name) for name in encoders}
    for name in FROZEN:
        named[f"unet, {name}, frozen"] = Architecture(kind="unet", encoder=name, frozen=True)
    for kind in kinds[1:]:
        named[f"{kind}, {BASE.encoder}"] = Architecture(kind=kind)
    for kind, widths in WHOLE.items():
        named[kind] = Architecture(kind=kind, widths=widths)
    return named


def seconds(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


def side_by_side(own: Callable[[], object], base: Callable[[], object], *, films: int) -> Cost:
    """Measure both in turns until enough time is spent; the least of the rounds counts."""
    rounds: list[tuple[float, float]] = []
    least, most = ROUNDS
    while len(rounds) < least or (len(rounds) < most and sum(map(sum, rounds)) < ENOUGH):
        rounds.append((seconds(own), seconds(base)))
    best = [min(times) * 1000 / films for times in zip(*rounds, strict=True)]
    return Cost(*best)


def step(network: nn.Module, side: int) -> Callable[[], None]:
    """Return what a training step does besides the optimiser."""
    network.to(memory_format=torch.channels_last).train()  # type: ignore[call-overload]
    films = torch.rand(BATCH, 1, side, side).to(memory_format=torch.channels_last)
    masks = (films > 0.8).float()

    def work(count: int = BATCH) -> None:
        logits = network(films[:count])
        hybrid_loss(logits, masks[:count], focal_weight=8).backward()  # type: ignore[no-untyped-call]

    work(2)  # what is done once only should not count
    return work


def inference(data: bytes, side: int) -> Callable[[], None]:
    """Return five films, one after the other, through ONNX Runtime on one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    film = np.random.default_rng(0).random((1, 1, side, side), np.float32)

    def work() -> None:
        for _ in range(5):
            session.run(None, {INPUT_NAME: film})

    work()
    return work


def exported(architecture: Architecture, side: int) -> bytes:
    torch.manual_seed(0)
    return onnx_files.export(build(architecture).eval(), grid=(side, side))


@pytest.mark.parametrize("side", GRIDS)
def test_costs_of_networks(side: int) -> None:
    torch.set_num_threads(1)
    base_step, base_use = step(build(BASE), side), inference(exported(BASE, side), side)
    print(f"\n| network | million weights | training {side}² | ONNX {side}² | MB in float16 |")
    print("|---|---|---|---|---|", flush=True)
    chosen = {name: told for name, told in networks().items() if ONLY in name}
    for name, architecture in chosen.items():
        network = build(architecture)
        weights = sum(array.numel() for array in network.parameters()) / 1e6
        training = side_by_side(step(network, side), base_step, films=BATCH)
        file = exported(architecture, side)
        use = side_by_side(inference(file, side), base_use, films=5)
        size = len(onnx_files.halved(file)) / 1e6
        print(f"| {name} | {weights:.1f} | {training} | {use} | {size:.1f} |", flush=True)
