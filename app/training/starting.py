"""Going on from a network that is shipped already: its weights, and the films it learnt from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor

from app.networks.folds import TrainedOn, default_file
from app.networks.manifest import inside, read_manifest
from app.networks.registry import entry_of, read_trained_on
from app.problems import Problem
from app.training.architectures import build
from app.training.config import TrainingConfig
from app.training.manifest_file import AVERAGED, HALF

NOT_IN_FILES = "num_batches_tracked"  # counts for a mean that this package does not use


class StartRefused(Problem):
    """The network that a run shall go on from does not fit it."""

    code = "training-start"


@dataclass(frozen=True)
class Start:
    """A shipped network as a beginning; ``seen`` holds the films that taught it."""

    weights: Mapping[str, Tensor]
    seen: TrainedOn


def read_start(config: TrainingConfig, models: Path) -> Start | None:
    """Return what the configuration's ``start`` names in the folder ``models``; None without one.

    Raises StartRefused where its weights do not fit, NetworkUnknown where there is none.
    """
    if not config.start:
        return None
    entry = entry_of(read_manifest(models), config.start)
    file = default_file(entry)
    weights = weights_of(inside(models, file.path).read_bytes(), config, name=config.start)
    return Start(weights, read_trained_on(models, entry))


def weights_of(data: bytes, config: TrainingConfig, *, name: str) -> dict[str, Tensor]:
    """Return the weights and running statistics that an ONNX file of ours holds, by their names."""
    held = {_plain(tensor.name): tensor for tensor in onnx.load_from_string(data).graph.initializer}
    wanted = build(config.architecture.bare).state_dict()
    found = {}
    for key, value in wanted.items():
        if key.endswith(NOT_IN_FILES):
            found[key] = value
            continue
        if key not in held or tuple(held[key].dims) != tuple(value.shape):
            raise StartRefused(
                f"The network {name} has no weights {key} of the shape {tuple(value.shape)}.",
                cure="Name a network of the same architecture, made by to-onnx of this version.",
            )
        numbers: NDArray[np.float32] = numpy_helper.to_array(held[key]).astype(np.float32)
        found[key] = torch.from_numpy(numbers.copy())
    return found


def _plain(name: str) -> str:
    """Return a weight's name in the network of the name in the file (see onnx_files)."""
    return name.removeprefix(AVERAGED).removesuffix(HALF)
