"""Random changes of a batch that leave a film a film: turn, shift, scale, mirror, grey curve."""

from __future__ import annotations

import math

import torch
from torch import Generator, Tensor
from torch.nn.functional import affine_grid, grid_sample

from app.training.config import Augmentation


def augment(
    films: Tensor, masks: Tensor, settings: Augmentation, generator: Generator
) -> tuple[Tensor, Tensor]:
    """Return changed films in [0, 1] and masks in {0, 1}, both float32 [N, 1, h, w].

    Films and masks move together; the grey curve is for films only. What a film is moved away from
    becomes black, as the collimated border of a film is.
    """
    grid = affine_grid(
        _movements(len(films), settings, generator), list(films.shape), align_corners=False
    )
    moved = grid_sample(films, grid, align_corners=False)
    moved_masks = grid_sample(masks, grid, align_corners=False)
    return _grey_curve(moved, settings, generator), (moved_masks > 0.5).float()


def _spread(count: int, amount: float, generator: Generator) -> Tensor:
    """Return count numbers, uniform in [-amount, amount]."""
    return (torch.rand(count, generator=generator) * 2 - 1) * amount


def _movements(count: int, settings: Augmentation, generator: Generator) -> Tensor:
    angle = _spread(count, math.radians(settings.rotation_degrees), generator)
    scale = torch.exp(_spread(count, math.log1p(settings.scale), generator))
    mirror = torch.rand(count, generator=generator) < settings.flip
    side = torch.where(mirror, -1.0, 1.0)
    cosine, sine = angle.cos() * scale, angle.sin() * scale
    # The grid spans [-1, 1], so a shift by a fraction of the film is twice that number.
    across = _spread(count, 2 * settings.shift, generator)
    down = _spread(count, 2 * settings.shift, generator)
    first = torch.stack([cosine * side, -sine, across], 1)
    second = torch.stack([sine * side, cosine, down], 1)
    return torch.stack([first, second], 1)


def _grey_curve(films: Tensor, settings: Augmentation, generator: Generator) -> Tensor:
    count = len(films)
    gamma = torch.exp(_spread(count, math.log1p(settings.gamma), generator)).view(-1, 1, 1, 1)
    contrast = 1 + _spread(count, settings.contrast, generator).view(-1, 1, 1, 1)
    brightness = _spread(count, settings.brightness, generator).view(-1, 1, 1, 1)
    curved = films.clamp(1e-4, 1) ** gamma
    return ((curved - 0.5) * contrast + 0.5 + brightness).clamp(0, 1)
