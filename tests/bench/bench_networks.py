"""What each network costs: training and inference, weights, size of its file. Judges nothing.

Processor time of one thread, not time on the wall, so that other work on the machine disturbs it
little; beside each network the U-Net over EfficientNet-Lite0 is measured anew, and the ratio is to
that. The least of some rounds counts. `GRIDS=128` in the environment measures one size alone.
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
import onnxruntime

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
ROUNDS = (2, 5)
ENOUGH = 4.0  # seconds of processor time
GRIDS = [int(side) for side in os.environ.get("GRIDS", "128,224").split(",")]
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


def cells(architecture: Architecture, side: int) -> list[str]:
    """Return training and inference time at a size, and the size of the float16 file."""
    torch.manual_seed(0)
    own, base = build(architecture), build(BASE)
    training = side_by_side(step(own, side), step(base, side), films=BATCH)
    files = [onnx_files.export(network.eval(), grid=(side, side)) for network in (own, base)]
    use = side_by_side(inference(files[0], side), inference(files[1], side), films=5)
    return [str(training), str(use), f"{len(onnx_files.halved(files[0])) / 1e6:.1f}"]


def test_costs_of_networks() -> None:
    torch.set_num_threads(1)
    heads = [f"training {side}² | ONNX {side}²" for side in GRIDS]
    print(f"\n| network | million weights | {' | '.join(heads)} | MB in float16 |")
    print("|---|---|" + "---|---|" * len(GRIDS) + "---|", flush=True)
    for name, architecture in networks().items():
        weights = sum(array.numel() for array in build(architecture).parameters()) / 1e6
        row = [name, f"{weights:.1f}"]
        for side in GRIDS:
            training, use, size = cells(architecture, side)
            row += [training, use]
        print(f"| {' | '.join([*row, size])} |", flush=True)
