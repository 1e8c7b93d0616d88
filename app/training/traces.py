"""What a film's way to the file leaves in it: sharper or softer pixels, and the traces of JPEG.

Collections differ in both, and where one brings the infected films and another those without
finding, a network learns to tell the two by them: one taught on JPEGs of 224² found nothing on a
third of another collection's films until these were sharpened or compressed (models/LOG.md). So
training gives every film such traces by lot.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn.functional import conv2d, pad

# Of luminance at quality 50: ITU-T T.81, annex K, table K.1.
QUANTISER = (
    (16, 11, 10, 16, 24, 40, 51, 61),
    (12, 12, 14, 19, 26, 58, 60, 55),
    (14, 13, 16, 24, 40, 57, 69, 56),
    (14, 17, 22, 29, 51, 87, 80, 62),
    (18, 22, 37, 56, 68, 109, 103, 77),
    (24, 35, 55, 64, 81, 104, 113, 92),
    (49, 64, 78, 87, 103, 121, 120, 101),
    (72, 92, 95, 98, 112, 100, 103, 99),
)
SIDE = 8  # of JPEG's blocks, pixels
BINOMIAL = (1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16)  # a bell of one pixel's standard deviation


def sharpened(films: Tensor, by: Tensor) -> Tensor:
    """Return films [N, 1, h, w] in [0, 1] with their fine detail times 1 + by, ``by`` [N].

    Fine detail is what a binomial blur of one pixel takes away (unsharp masking), so -1 leaves the
    blurred film.
    """
    bell = torch.tensor(BINOMIAL, device=films.device)
    soft = conv2d(pad(films, (2, 2, 0, 0), mode="replicate"), bell.view(1, 1, 1, 5))
    soft = conv2d(pad(soft, (0, 0, 2, 2), mode="replicate"), bell.view(1, 1, 5, 1))
    return (films + by.view(-1, 1, 1, 1) * (films - soft)).clamp(0, 1)


def compressed(films: Tensor, quality: Tensor) -> Tensor:
    """Return films [N, 1, h, w] in [0, 1] as JPEG of a quality in 1 … 100 brings them, [N].

    Sides must be multiples of 8. Quantising is that of a baseline JPEG with the tables of annex K,
    scaled by quality as libjpeg does it; a quality of 0 leaves a film untouched.
    """
    count, _, height, width = films.shape
    cosines = _cosines().to(films.device)
    blocks = films.reshape(count, height // SIDE, SIDE, width // SIDE, SIDE).transpose(2, 3)
    waves = cosines @ (blocks * 255 - 128) @ cosines.T
    steps = _steps(quality).to(films.device).view(count, 1, 1, SIDE, SIDE)
    kept = cosines.T @ ((waves / steps).round() * steps) @ cosines
    pixels = ((kept + 128).round().clamp(0, 255) / 255).transpose(2, 3).reshape(films.shape)
    return torch.where(quality.to(films.device).view(-1, 1, 1, 1) > 0, pixels, films)


def _cosines() -> Tensor:
    """Return the orthonormal cosine transform [frequency, pixel] of eight pixels."""
    pixel = torch.arange(SIDE) + 0.5
    waves = torch.cos(torch.arange(SIDE).view(-1, 1) * pixel * math.pi / SIDE)
    return waves * torch.where(torch.arange(SIDE) == 0, 1 / SIDE, 2 / SIDE).sqrt().view(-1, 1)


def _steps(quality: Tensor) -> Tensor:
    """Return the quantiser's steps [N, 8, 8] at qualities [N], in grey values."""
    asked = quality.clamp(1, 100)
    percent = torch.where(asked < 50, 5000 / asked, 200 - 2 * asked)
    table = torch.tensor(QUANTISER).float()
    return ((table * percent.view(-1, 1, 1) + 50) / 100).floor().clamp(1, 255)
