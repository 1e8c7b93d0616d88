"""Random changes that leave a film a film: turn, shift, scale, mirror, grey curve, traces.

The numbers are drawn on the processor whatever device changes the films, so that the same step
changes the same film in the same way everywhere.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Generator, Tensor
from torch.nn.functional import affine_grid, grid_sample

from app.training.config import Augmentation
from app.training.traces import compressed, sharpened

QUALITIES = (50, 95)  # of the JPEG whose traces a film may get


@dataclass(frozen=True)
class Changes:
    """What is done to each film of a batch: movements [N, 2, 3], all other numbers [N]."""

    movements: Tensor
    gamma: Tensor
    contrast: Tensor
    brightness: Tensor
    sharpness: Tensor
    quality: Tensor  # of JPEG; 0: no traces of it

    def of(self, share: slice) -> Changes:
        """Return the changes of some of the films."""
        return Changes(*(values[share] for values in vars(self).values()))

    def to(self, device: torch.device) -> Changes:
        """Return the changes on a device."""
        return Changes(*(values.to(device) for values in vars(self).values()))


def draw(count: int, settings: Augmentation, generator: Generator) -> Changes:
    """Return random changes of so many films."""
    movements = _movements(count, settings, generator)
    gamma = torch.exp(_spread(count, math.log1p(settings.gamma), generator))
    contrast = 1 + _spread(count, settings.contrast, generator)
    brightness = _spread(count, settings.brightness, generator)
    sharpness = _spread(count, settings.sharpness, generator)
    quality = _qualities(count, settings.compression, generator)
    return Changes(movements, gamma, contrast, brightness, sharpness, quality)


def changed(films: Tensor, masks: Tensor, changes: Changes) -> tuple[Tensor, Tensor]:
    """Return changed films in [0, 1] and masks in {0, 1}, both float32 [N, 1, h, w].

    Films and masks move together; grey curve and traces are for films only. What a film is
    moved away from becomes black, as the collimated border of a film is.
    """
    here = changes.to(films.device)
    grid = affine_grid(here.movements, list(films.shape), align_corners=False)
    moved = grid_sample(films, grid, align_corners=False)
    moved_masks = grid_sample(masks, grid, align_corners=False)
    seen = _grey_curve(sharpened(moved, here.sharpness), here)
    return compressed(seen, here.quality), (moved_masks > 0.5).float()


def augment(
    films: Tensor, masks: Tensor, settings: Augmentation, generator: Generator
) -> tuple[Tensor, Tensor]:
    """Draw changes and make them."""
    return changed(films, masks, draw(len(films), settings, generator))


def _spread(count: int, amount: float, generator: Generator) -> Tensor:
    """Return count numbers, uniform in [-amount, amount]."""
    return (torch.rand(count, generator=generator) * 2 - 1) * amount


def _qualities(count: int, share: float, generator: Generator) -> Tensor:
    """Return count qualities of JPEG; all but a share of them are 0."""
    lowest, highest = QUALITIES
    quality = torch.randint(lowest, highest + 1, (count,), generator=generator)
    return torch.where(torch.rand(count, generator=generator) < share, quality, 0)


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


def _grey_curve(films: Tensor, changes: Changes) -> Tensor:
    curved = films.clamp(1e-4, 1) ** changes.gamma.view(-1, 1, 1, 1)
    contrast, brightness = changes.contrast.view(-1, 1, 1, 1), changes.brightness.view(-1, 1, 1, 1)
    return ((curved - 0.5) * contrast + 0.5 + brightness).clamp(0, 1)
