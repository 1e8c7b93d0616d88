"""Where a run computes: on which device, with which numbers, and where its films lie meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from app.problems import Problem
from app.training.packing import MAPPED, Pack

Asked = Literal["auto", "cpu", "cuda"]

CPU = torch.device("cpu")
SHARE_FOR_FILMS = 0.4  # of the free memory of a device; the rest is for the network's work
FILMS_AT_ONCE = 256


class NoSuchDevice(Problem):
    """A device was asked for that torch does not see."""

    code = "no-device"


@dataclass(frozen=True)
class Place:
    """A device, and the precision of the forward pass; weights and losses are always float32."""

    device: torch.device = CPU
    precision: torch.dtype | None = None  # None: float32 throughout

    def autocast(self) -> torch.autocast:
        """Return the context of the forward pass."""
        mixed = self.precision is not None
        return torch.autocast(self.device.type, dtype=self.precision, enabled=mixed)

    def scaler(self) -> torch.amp.GradScaler:
        """Return what keeps small float16 gradients from vanishing; it does nothing otherwise."""
        return torch.amp.GradScaler(self.device.type, enabled=self.precision == torch.float16)

    def __str__(self) -> str:
        name = "the processor"
        if self.device.type == "cuda":
            name = torch.cuda.get_device_name(self.device)
        return f"{name}, {str(self.precision or torch.float32).removeprefix('torch.')}"


def choose(asked: Asked, *, number: int = 0) -> Place:
    """Return the place that was asked for; ``auto`` is the GPU of that number if there is one."""
    there = torch.cuda.is_available()
    if asked == "cuda" and not there:
        raise NoSuchDevice(
            "There is no GPU that this torch can use.",
            cure="Take --device cpu, or install a torch for the GPU.",
        )
    if asked == "cpu" or not there:
        return Place()
    if number >= torch.cuda.device_count():
        raise NoSuchDevice(
            f"This machine has {torch.cuda.device_count()} GPUs, and each process needs its own.",
            cure="Start as many processes as there are GPUs.",
        )
    device = torch.device("cuda", number)
    torch.cuda.set_device(device)
    torch.backends.cudnn.benchmark = True  # all batches of a phase have one shape
    return Place(device, precision_of_gpu())


def precision_of_gpu() -> torch.dtype:
    """Return bfloat16 where the GPU computes in it itself, else float16."""
    own = torch.cuda.is_bf16_supported(including_emulation=False)
    return torch.bfloat16 if own else torch.float16


class Shelf:
    """A pack's films within reach of a device: on it as uint8 if they fit, else sent in batches."""

    def __init__(self, packed: Pack, place: Place, *, room: int | None = None) -> None:
        """Room is how many bytes the device may give; found out if None."""
        self.packed = packed
        self.place = place
        self.placed: dict[str, Tensor] = {}
        needed = sum(getattr(packed, name).nbytes for name in MAPPED)
        if needed <= (room_of(place.device) if room is None else room):
            self.placed = {name: _placed(getattr(packed, name), place.device) for name in MAPPED}

    def take(self, chosen: NDArray[np.intp]) -> tuple[Tensor, Tensor]:
        """Return films and masks uint8 [n, h, w] on the device."""
        if self.placed:
            index = torch.from_numpy(chosen).to(self.place.device)
            return self.placed["films"][index], self.placed["masks"][index]
        return self._sent(self.packed.films[chosen]), self._sent(self.packed.masks[chosen])

    def _sent(self, values: NDArray[np.uint8]) -> Tensor:
        tensor = torch.from_numpy(values)
        if self.place.device.type == "cuda":
            tensor = tensor.pin_memory()  # so that the copy need not be waited for
        return tensor.to(self.place.device, non_blocking=True)


def room_of(device: torch.device) -> int:
    """Return how many bytes of films a device may hold; films for the processor stay on disk."""
    if device.type != "cuda":
        return -1
    free, _ = torch.cuda.mem_get_info(device)
    return int(SHARE_FOR_FILMS * free)


def _placed(values: NDArray[np.uint8], device: torch.device) -> Tensor:
    tensor = torch.empty(values.shape, dtype=torch.uint8, device=device)
    for start in range(0, len(values), FILMS_AT_ONCE):
        some = slice(start, start + FILMS_AT_ONCE)
        tensor[some] = torch.from_numpy(np.array(values[some]))
    return tensor


def on(device: torch.device, values: dict[str, Any]) -> dict[str, Any]:
    """Return a state dict whose tensors are on a device."""
    return {key: value.to(device) for key, value in values.items()}
