"""Inception-v3 (Szegedy et al. 2016) as an encoder.

Written from the paper and from the network that its authors released, whose stem has a 1 × 1 and a
3 × 3 convolution where table 1 has three of 3 × 3; torchvision's cannot be had here. Parts have the
names that torchvision gives them, so that weights published under those names can be loaded. One
change: every convolution and pooling is padded, so that sides halve exactly, five times.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from app.training.library_encoders import as_imagenet

Size = int | tuple[int, int]


class Unit(nn.Module):
    """A convolution that keeps the size (or halves it), normalisation, ReLU."""

    def __init__(self, inside: int, outside: int, kernel: Size = 1, *, stride: int = 1) -> None:
        super().__init__()
        rows, columns = (kernel, kernel) if isinstance(kernel, int) else kernel
        padding = (rows // 2, columns // 2)
        self.conv = nn.Conv2d(inside, outside, (rows, columns), stride, padding, bias=False)
        self.bn = nn.BatchNorm2d(outside, eps=1e-3)

    def forward(self, features: Tensor) -> Tensor:
        """Map features [N, inside, h, w] to [N, outside, h / stride, w / stride]."""
        out: Tensor = self.bn(self.conv(features)).relu_()
        return out


def halve() -> nn.MaxPool2d:
    """Return a 3 × 3 maximum with a stride of 2 that halves even sides exactly."""
    return nn.MaxPool2d(3, 2, 1)


class Branches(nn.Module):
    """Chains of units side by side, joined by their channels.

    A chain's unit is called by the chain's name if it is the only one, else name_1, name_2, …; the
    one called branch_pool begins with a mean of 3 × 3. With a stride of 2 the maximum joins too.
    """

    def __init__(self, inside: int, chains: dict[str, list[tuple[int, Size]]], stride: int) -> None:
        super().__init__()
        self.chains: list[list[str]] = []
        self.pool = halve() if stride == 2 else nn.AvgPool2d(3, 1, 1)
        for name, units in chains.items():
            below, names = inside, []
            for number, (width, kernel) in enumerate(units, 1):
                step = stride if number == len(units) else 1
                names.append(name if len(units) == 1 else f"{name}_{number}")
                self.add_module(names[-1], Unit(below, width, kernel, stride=step))
                below = width
            self.chains.append(names)
        self.keeps_pool = stride == 2
        ends = sum(units[-1][0] for units in chains.values())
        self.channels = ends + (inside if self.keeps_pool else 0)

    def forward(self, features: Tensor) -> Tensor:
        """Map [N, inside, h, w] to [N, channels, h / stride, w / stride]."""
        joined = []
        for names in self.chains:
            out = self.pool(features) if names == ["branch_pool"] else features
            for name in names:
                out = self.get_submodule(name)(out)
            joined.append(out)
        if self.keeps_pool:
            joined.append(self.pool(features))
        return torch.cat(joined, 1)


class ForkedBranches(nn.Module):
    """The widest block (figure 7): two chains end in a row and a column filter side by side."""

    channels = 320 + 4 * 384 + 192

    def __init__(self, inside: int) -> None:
        super().__init__()
        self.branch1x1 = Unit(inside, 320)
        self.branch3x3_1 = Unit(inside, 384)
        self.branch3x3_2a = Unit(384, 384, (1, 3))
        self.branch3x3_2b = Unit(384, 384, (3, 1))
        self.branch3x3dbl_1 = Unit(inside, 448)
        self.branch3x3dbl_2 = Unit(448, 384, 3)
        self.branch3x3dbl_3a = Unit(384, 384, (1, 3))
        self.branch3x3dbl_3b = Unit(384, 384, (3, 1))
        self.branch_pool = Unit(inside, 192)
        self.pool = nn.AvgPool2d(3, 1, 1)

    def forward(self, features: Tensor) -> Tensor:
        """Map [N, inside, h, w] to [N, 2048, h, w]."""
        one = self.branch3x3_1(features)
        two = self.branch3x3dbl_2(self.branch3x3dbl_1(features))
        joined = [
            self.branch1x1(features),
            self.branch3x3_2a(one),
            self.branch3x3_2b(one),
            self.branch3x3dbl_3a(two),
            self.branch3x3dbl_3b(two),
            self.branch_pool(self.pool(features)),
        ]
        return torch.cat(joined, 1)


def small_filters(inside: int, pooled: int) -> Branches:
    """Return a block of 1 × 1, 5 × 5 and doubled 3 × 3 filters (figure 5)."""
    chains: dict[str, list[tuple[int, Size]]] = {
        "branch1x1": [(64, 1)],
        "branch5x5": [(48, 1), (64, 5)],
        "branch3x3dbl": [(64, 1), (96, 3), (96, 3)],
        "branch_pool": [(pooled, 1)],
    }
    return Branches(inside, chains, 1)


def long_filters(inside: int, width: int) -> Branches:
    """Return a block of 7 × 7 filters, each as a row and a column filter (figure 6)."""
    row, column = (1, 7), (7, 1)
    doubled: list[tuple[int, Size]] = [(width, 1), (width, column), (width, row), (width, column)]
    chains: dict[str, list[tuple[int, Size]]] = {
        "branch1x1": [(192, 1)],
        "branch7x7": [(width, 1), (width, row), (192, column)],
        "branch7x7dbl": [*doubled, (192, row)],
        "branch_pool": [(192, 1)],
    }
    return Branches(inside, chains, 1)


def first_reduction(inside: int) -> Branches:
    """Return the block that halves 288 maps (figure 10)."""
    chains: dict[str, list[tuple[int, Size]]] = {
        "branch3x3": [(384, 3)],
        "branch3x3dbl": [(64, 1), (96, 3), (96, 3)],
    }
    return Branches(inside, chains, 2)


def second_reduction(inside: int) -> Branches:
    """Return the block that halves 768 maps."""
    chains: dict[str, list[tuple[int, Size]]] = {
        "branch3x3": [(192, 1), (320, 3)],
        "branch7x7x3": [(192, 1), (192, (1, 7)), (192, (7, 1)), (192, 3)],
    }
    return Branches(inside, chains, 2)


class InceptionV3(nn.Module):
    """Five feature maps of a grey film in [0, 1]; ``channels`` lists their depths."""

    channels = (64, 192, 288, 768, 2048)

    def __init__(self) -> None:
        super().__init__()
        self.Conv2d_1a_3x3 = Unit(1, 32, 3, stride=2)
        self.Conv2d_2a_3x3 = Unit(32, 32, 3)
        self.Conv2d_2b_3x3 = Unit(32, 64, 3)
        self.maxpool1 = halve()
        self.Conv2d_3b_1x1 = Unit(64, 80)
        self.Conv2d_4a_3x3 = Unit(80, 192, 3)
        self.maxpool2 = halve()
        self.Mixed_5b = small_filters(192, 32)
        self.Mixed_5c = small_filters(256, 64)
        self.Mixed_5d = small_filters(288, 64)
        self.Mixed_6a = first_reduction(288)
        self.Mixed_6b = long_filters(768, 128)
        self.Mixed_6c = long_filters(768, 160)
        self.Mixed_6d = long_filters(768, 160)
        self.Mixed_6e = long_filters(768, 192)
        self.Mixed_7a = second_reduction(768)
        self.Mixed_7b = ForkedBranches(1280)
        self.Mixed_7c = ForkedBranches(2048)

    def forward(self, film: Tensor) -> list[Tensor]:
        """Return feature maps at strides 2, 4, 8, 16, 32 of film [N, 1, h, w] in [0, 1]."""
        features = self.Conv2d_2a_3x3(self.Conv2d_1a_3x3(as_imagenet(film)))
        maps = [self.Conv2d_2b_3x3(features)]
        maps.append(self.Conv2d_4a_3x3(self.Conv2d_3b_1x1(self.maxpool1(maps[-1]))))
        maps.append(self.Mixed_5d(self.Mixed_5c(self.Mixed_5b(self.maxpool2(maps[-1])))))
        features = self.Mixed_6c(self.Mixed_6b(self.Mixed_6a(maps[-1])))
        maps.append(self.Mixed_6e(self.Mixed_6d(features)))
        maps.append(self.Mixed_7c(self.Mixed_7b(self.Mixed_7a(maps[-1]))))
        return maps
