"""Decoders that weigh what they join: MA-Net and Attention U-Net.

- ``MultiScaleAttentionDecoder``: MA-Net, Fan et al. 2020 ("A multi-scale attention network for
  liver and tumor segmentation"): position-wise attention at the coarsest map (figure 3), and
  attention over channels where a coarse and a fine map meet (figure 4). Two changes keep it light
  enough for a processor: the coarsest map is brought to the decoder's width before its positions
  attend to each other, and the coarse map is convolved before it is enlarged, not after.
- ``GatedDecoder``: Attention U-Net, Oktay et al. 2018, figure 2: the coarse map decides at each
  position how much of a skip comes through. MONAI's has instance normalisation, which does not
  survive the export with a free number of films.

Like the others, they end at stride 2 and enlarge the logits.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from app.training.decoders import Fuse, Squeeze, twice

REDUCTION = 16  # of the channels inside a squeeze-and-excitation (Hu et al. 2018)


class PositionAttention(nn.Module):
    """Each position of a map becomes itself and a weighted mean of all positions."""

    def __init__(self, width: int) -> None:
        super().__init__()
        inner = max(8, width // 4)
        self.query = nn.Conv2d(width, inner, 1)
        self.key = nn.Conv2d(width, inner, 1)
        self.value = Fuse(width, width)
        self.out = Fuse(width, width)
        self.scale = inner**-0.5  # as Vaswani et al. 2017, section 3.2.1: keeps the softmax soft

    def forward(self, features: Tensor) -> Tensor:
        """Return [N, width, h, w]; costs (h · w)² products, so it belongs to a coarse map."""
        query = self.query(features).flatten(2).transpose(1, 2)
        weights = torch.softmax(query @ self.key(features).flatten(2) * self.scale, -1)
        seen = self.value(features).flatten(2) @ weights.transpose(1, 2)
        out: Tensor = self.out(features + seen.view_as(features))
        return out


class ChannelWeights(nn.Sequential):
    """Weights [N, C, 1, 1] in (0, 1) from the means of the channels (Hu et al. 2018)."""

    def __init__(self, width: int) -> None:
        inner = max(4, width // REDUCTION)
        super().__init__(
            nn.AdaptiveAvgPool2d(1),
            nn.Conv2d(width, inner, 1),
            nn.ReLU(inplace=True),
            nn.Conv2d(inner, width, 1),
            nn.Sigmoid(),
        )


class FusionAttention(nn.Module):
    """Bring the coarse map to the skip's channels, weigh them by both, join, convolve."""

    def __init__(self, below: int, skip: int, width: int) -> None:
        super().__init__()
        self.project = nn.Sequential(Fuse(below, below), Squeeze(below, skip))
        self.coarse_weights = ChannelWeights(skip)
        self.fine_weights = ChannelWeights(skip)
        self.join = Fuse(2 * skip, width)

    def forward(self, below: Tensor, skip: Tensor) -> Tensor:
        """Return [N, width, h, w] from below [N, below, h / 2, w / 2] and skip [N, skip, h, w]."""
        coarse = self.project(below)
        weighed = coarse * (self.coarse_weights(coarse) + self.fine_weights(skip))
        joined: Tensor = self.join(torch.cat([twice(weighed), skip], 1))
        return joined


class MultiScaleAttentionDecoder(nn.Module):
    """Attend between positions, then fuse with each finer map under channel attention."""

    def __init__(self, channels: Sequence[int], widths: Sequence[int]) -> None:
        super().__init__()
        below = widths[-1]
        self.entry = Squeeze(channels[-1], below)
        self.positions = PositionAttention(below)
        self.steps = nn.ModuleList()
        for skip, width in zip(reversed(channels[:-1]), reversed(widths), strict=True):
            self.steps.append(FusionAttention(below, skip, width))
            below = width
        self.head = nn.Conv2d(below, 1, 1)

    def forward(self, maps: Sequence[Tensor]) -> Tensor:
        """Return logits [N, 1, h, w] at stride 1 from maps at strides 2, 4, 8, 16, 32."""
        features = self.positions(self.entry(maps[-1]))
        for step, skip in zip(self.steps, reversed(maps[:-1]), strict=True):
            features = step(features, skip)
        return twice(self.head(features))


class Gate(nn.Module):
    """Multiply a skip by weights in (0, 1) that it and the coarse map agree on (equation 1)."""

    def __init__(self, below: int, skip: int) -> None:
        super().__init__()
        inner = max(8, skip // 2)
        self.from_skip = nn.Conv2d(skip, inner, 2, 2, bias=False)  # to the coarse map's size
        self.from_below = nn.Conv2d(below, inner, 1)
        self.weigh = nn.Conv2d(inner, 1, 1)

    def forward(self, below: Tensor, skip: Tensor) -> Tensor:
        """Return skip [N, skip, h, w], weighed as below [N, below, h / 2, w / 2] says."""
        both = torch.relu(self.from_skip(skip) + self.from_below(below))
        return skip * twice(torch.sigmoid(self.weigh(both)))


class GatedDecoder(nn.Module):
    """Up, join what the gate lets through of the skip, two convolutions; four times."""

    def __init__(self, channels: Sequence[int], widths: Sequence[int]) -> None:
        super().__init__()
        self.gates = nn.ModuleList()
        self.steps = nn.ModuleList()
        below = channels[-1]
        for skip, width in zip(reversed(channels[:-1]), reversed(widths), strict=True):
            self.gates.append(Gate(below, skip))
            self.steps.append(nn.Sequential(Fuse(below + skip, width), Fuse(width, width)))
            below = width
        self.head = nn.Conv2d(below, 1, 1)

    def forward(self, maps: Sequence[Tensor]) -> Tensor:
        """Return logits [N, 1, h, w] at stride 1 from maps at strides 2, 4, 8, 16, 32."""
        features = maps[-1]
        for gate, step, skip in zip(self.gates, self.steps, reversed(maps[:-1]), strict=True):
            features = step(torch.cat([twice(features), gate(features, skip)], 1))
        return twice(self.head(features))
