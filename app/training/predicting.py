"""Logits of a torch network for the films of a pack."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from app.training.batches import as_tensor

FILMS_AT_ONCE = 32


def logits(network: nn.Module, films: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return logits float32 [n, h, w] of films uint8 [n, h, w], by a network in eval mode."""
    device = next(network.parameters()).device
    found = np.empty(films.shape, np.float32)
    with torch.inference_mode():
        for start in range(0, len(films), FILMS_AT_ONCE):
            some = slice(start, start + FILMS_AT_ONCE)
            found[some] = network(as_tensor(films[some]).to(device))[:, 0].cpu().numpy()
    return found
