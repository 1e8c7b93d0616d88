"""MobileNetV3, small and large (Howard et al. 2019, tables 1 and 2), as an encoder.

Written from the paper, since torchvision's cannot be had here. Parts have the names torchvision
gives them, so that weights published under those names can be loaded. The last rows of the tables
(the 1 × 1 convolution to 576 or 960 channels and what follows) serve the classification and are
left out.
"""

from __future__ import annotations

from torch import Tensor, nn

from app.training.efficientnet_lite import eights
from app.training.library_encoders import as_imagenet

STEM = 16
# kernel, expanded channels, channels, squeeze-and-excitation, hard swish, stride
Row = tuple[int, int, int, bool, bool, int]
LARGE: tuple[Row, ...] = (
    (3, 16, 16, False, False, 1),
    (3, 64, 24, False, False, 2),
    (3, 72, 24, False, False, 1),
    (5, 72, 40, True, False, 2),
    (5, 120, 40, True, False, 1),
    (5, 120, 40, True, False, 1),
    (3, 240, 80, False, True, 2),
    (3, 200, 80, False, True, 1),
    (3, 184, 80, False, True, 1),
    (3, 184, 80, False, True, 1),
    (3, 480, 112, True, True, 1),
    (3, 672, 112, True, True, 1),
    (5, 672, 160, True, True, 2),
    (5, 960, 160, True, True, 1),
    (5, 960, 160, True, True, 1),
)
SMALL: tuple[Row, ...] = (
    (3, 16, 16, True, False, 2),
    (3, 72, 24, False, False, 2),
    (3, 88, 24, False, False, 1),
    (5, 96, 40, True, True, 2),
    (5, 240, 40, True, True, 1),
    (5, 240, 40, True, True, 1),
    (5, 120, 48, True, True, 1),
    (5, 144, 48, True, True, 1),
    (5, 288, 96, True, True, 2),
    (5, 576, 96, True, True, 1),
    (5, 576, 96, True, True, 1),
)


def conv_norm_act(
    inside: int,
    outside: int,
    act: type[nn.Module] | None,
    *,
    kernel: int = 1,
    stride: int = 1,
    groups: int = 1,
) -> nn.Sequential:
    """Return a convolution, its normalisation, and an activation if one is given."""
    layers: list[nn.Module] = [
        nn.Conv2d(inside, outside, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outside, eps=1e-3, momentum=0.03),
    ]
    if act:
        layers.append(act(inplace=True))
    return nn.Sequential(*layers)


class SqueezeExcitation(nn.Module):
    """Weigh channels by a hard sigmoid of their means, through a quarter of them (section 5.3)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        inner = eights(width // 4)
        self.fc1 = nn.Conv2d(width, inner, 1)
        self.fc2 = nn.Conv2d(inner, width, 1)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.act = nn.ReLU(inplace=True)
        self.gate = nn.Hardsigmoid()

    def forward(self, features: Tensor) -> Tensor:
        """Return features [N, C, h, w], each channel times its weight in [0, 1]."""
        weights = self.gate(self.fc2(self.act(self.fc1(self.pool(features)))))
        weighed: Tensor = features * weights
        return weighed


class Bottleneck(nn.Module):
    """Expand, filter each channel, squeeze and excite, project (figure 4)."""

    def __init__(self, inside: int, row: Row) -> None:
        super().__init__()
        kernel, wide, outside, excites, hard, stride = row
        act = nn.Hardswish if hard else nn.ReLU
        layers: list[nn.Module] = []
        if wide != inside:
            layers.append(conv_norm_act(inside, wide, act))
        layers.append(conv_norm_act(wide, wide, act, kernel=kernel, stride=stride, groups=wide))
        if excites:
            layers.append(SqueezeExcitation(wide))
        layers.append(conv_norm_act(wide, outside, None))
        self.block = nn.Sequential(*layers)
        self.shortcut = stride == 1 and inside == outside

    def forward(self, features: Tensor) -> Tensor:
        """Map features [N, inside, h, w] to [N, outside, h / stride, w / stride]."""
        out: Tensor = self.block(features)
        return features + out if self.shortcut else out


class MobileNetV3(nn.Module):
    """Five feature maps of a grey film in [0, 1]; a map is the last one before a stride of 2."""

    def __init__(self, rows: tuple[Row, ...]) -> None:
        super().__init__()
        widths = (STEM, *(row[2] for row in rows))
        self.features = nn.Sequential(
            conv_norm_act(1, STEM, nn.Hardswish, kernel=3, stride=2),
            *(Bottleneck(inside, row) for inside, row in zip(widths, rows, strict=False)),
        )
        strides = [row[-1] for row in rows]
        self.ends = [number for number, stride in enumerate(strides) if stride == 2]
        self.ends.append(len(rows))
        self.channels = tuple(widths[end] for end in self.ends)

    def forward(self, film: Tensor) -> list[Tensor]:
        """Return feature maps at strides 2, 4, 8, 16, 32 of film [N, 1, h, w] in [0, 1]."""
        features = as_imagenet(film)
        maps = []
        for number, part in enumerate(self.features):
            features = part(features)
            if number in self.ends:
                maps.append(features)
        return maps
