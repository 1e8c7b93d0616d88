"""Decoders: five feature maps in, logits of a mask at the size of the film out.

All three end at stride 2 and are brought to full size by bilinear interpolation of the logits:
hand-drawn outlines of infection are no sharper than that, and the layers left out are the dearest
on a processor.

- ``UNetDecoder``: Ronneberger et al. 2015, one skip per level.
- ``NestedDecoder``: UNet++, Zhou et al. 2018, figure 1a: every level is also decoded from the
  level below it, and joins all its earlier selves (dense skips).
- ``AggregationDecoder``: deep layer aggregation, Yu et al. 2018, section 4.2: the iterative
  aggregation that they interpolate for dense prediction, with added instead of joined inputs.
- ``PyramidDecoder``: feature pyramid, Lin et al. 2017 with the summed head of Kirillov 2019.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate


class Fuse(nn.Sequential):
    """A 3 × 3 convolution with normalisation and ReLU that joins concatenated features."""

    def __init__(self, inside: int, outside: int) -> None:
        super().__init__(
            nn.Conv2d(inside, outside, 3, padding=1, bias=False),
            nn.BatchNorm2d(outside),
            nn.ReLU(inplace=True),
        )


class Squeeze(nn.Sequential):
    """A 1 × 1 convolution with normalisation and ReLU that brings features to a width."""

    def __init__(self, inside: int, outside: int) -> None:
        super().__init__(
            nn.Conv2d(inside, outside, 1, bias=False),
            nn.BatchNorm2d(outside),
            nn.ReLU(inplace=True),
        )


def twice(features: Tensor) -> Tensor:
    """Double height and width of [N, C, h, w]."""
    return interpolate(features, scale_factor=2.0, mode="bilinear", align_corners=False)


class UNetDecoder(nn.Module):
    """Up, join the skip, two convolutions; four times."""

    def __init__(self, channels: Sequence[int], widths: Sequence[int]) -> None:
        super().__init__()
        self.steps = nn.ModuleList()
        below = channels[-1]
        for skip, width in zip(reversed(channels[:-1]), reversed(widths), strict=True):
            self.steps.append(nn.Sequential(Fuse(below + skip, width), Fuse(width, width)))
            below = width
        self.head = nn.Conv2d(below, 1, 1)

    def forward(self, maps: Sequence[Tensor]) -> Tensor:
        """Return logits [N, 1, h, w] at stride 1 from maps at strides 2, 4, 8, 16, 32."""
        features = maps[-1]
        for step, skip in zip(self.steps, reversed(maps[:-1]), strict=True):
            features = step(torch.cat([twice(features), skip], 1))
        return twice(self.head(features))


class NestedDecoder(nn.Module):
    """The triangle of UNet++: node (level, column) joins its row so far and the one below."""

    def __init__(self, channels: Sequence[int], widths: Sequence[int]) -> None:
        super().__init__()
        all_widths = [*widths, widths[-1]]
        self.entries = nn.ModuleList(map(Squeeze, channels, all_widths))
        self.order = [
            (level, column)
            for column in range(1, len(widths) + 1)
            for level in range(len(widths) - column + 1)
        ]
        self.nodes = nn.ModuleList(
            Fuse(widths[level] * column + all_widths[level + 1], widths[level])
            for level, column in self.order
        )
        self.heads = nn.ModuleList(nn.Conv2d(widths[0], 1, 1) for _ in widths)

    def forward(self, maps: Sequence[Tensor]) -> Tensor:
        """Return the mean of the logits [N, 1, h, w] of the finest level's nodes."""
        rows = [[entry(features)] for entry, features in zip(self.entries, maps, strict=True)]
        for (level, column), node in zip(self.order, self.nodes, strict=True):
            joined = [*rows[level], twice(rows[level + 1][column - 1])]
            rows[level].append(node(torch.cat(joined, 1)))
        heads = zip(self.heads, rows[0][1:], strict=True)
        return twice(torch.stack([head(features) for head, features in heads]).mean(0))


class AggregationDecoder(nn.Module):
    """Iterative deep aggregation: each pass brings all coarser levels one stride further up."""

    def __init__(self, channels: Sequence[int], widths: Sequence[int]) -> None:
        super().__init__()
        all_widths = [*widths, widths[-1]]
        self.entries = nn.ModuleList(map(Squeeze, channels, all_widths))
        coarsest = len(widths)
        self.order = [
            (finest, level)
            for finest in reversed(range(coarsest))
            for level in range(finest, coarsest)
        ]
        self.nodes = nn.ModuleList(
            AggregationNode(all_widths[finest + 1], all_widths[finest]) for finest, _ in self.order
        )
        self.head = nn.Conv2d(widths[0], 1, 1)

    def forward(self, maps: Sequence[Tensor]) -> Tensor:
        """Return logits [N, 1, h, w] at stride 1 from maps at strides 2, 4, 8, 16, 32."""
        levels = [entry(features) for entry, features in zip(self.entries, maps, strict=True)]
        for (_, level), node in zip(self.order, self.nodes, strict=True):
            # After a pass, every level from its finest on stands at the finest one's stride.
            levels[level + 1] = node(levels[level + 1], levels[level])
        return twice(self.head(levels[-1]))


class AggregationNode(nn.Module):
    """Bring the coarser map to the finer one's width and stride, add, convolve."""

    def __init__(self, coarse: int, fine: int) -> None:
        super().__init__()
        self.project = Squeeze(coarse, fine)
        self.join = Fuse(fine, fine)

    def forward(self, coarse: Tensor, fine: Tensor) -> Tensor:
        """Return [N, fine, h, w] from coarse [N, coarse, h / 2, w / 2] and fine [N, fine, h, w]."""
        joined: Tensor = self.join(twice(self.project(coarse)) + fine)
        return joined


class PyramidDecoder(nn.Module):
    """Feature pyramid: one width for all levels, summed from coarse to fine, then all joined."""

    def __init__(self, channels: Sequence[int], widths: Sequence[int]) -> None:
        super().__init__()
        width = widths[0]
        self.entries = nn.ModuleList(Squeeze(depth, width) for depth in channels)
        self.smooth = nn.ModuleList(Fuse(width, width) for _ in channels)
        self.head = nn.Conv2d(width, 1, 1)

    def forward(self, maps: Sequence[Tensor]) -> Tensor:
        """Return logits [N, 1, h, w] at stride 1 from maps at strides 2, 4, 8, 16, 32."""
        entered = [entry(features) for entry, features in zip(self.entries, maps, strict=True)]
        pyramid = [entered[-1]]
        for features in reversed(entered[:-1]):
            pyramid.insert(0, features + twice(pyramid[0]))
        size = pyramid[0].shape[-2:]
        levels = zip(self.smooth, pyramid, strict=True)
        joined = sum(
            interpolate(smooth(level), size=size, mode="bilinear", align_corners=False)
            for smooth, level in levels
        )
        return twice(self.head(joined))
