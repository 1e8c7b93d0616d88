"""EfficientNet-Lite0, Lite1 and Lite2: the light encoders that are trained fastest on a processor.

EfficientNet (Tan and Le 2019, table 1) without squeeze-and-excitation and with ReLU6, as Google's
"lite" variants state. They scale width and depth as EfficientNet's compound scaling does (section
3.3), but leave the stem as it is, and do not repeat the first and the last stage more often. The
head above the last stage is left out: a decoder reads the stages.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from torch import Tensor, nn

# expand ratio, channels, repeats, stride, kernel (EfficientNet, table 1: width and depth 1.0).
STAGES = (
    (1, 16, 1, 1, 3),
    (6, 24, 2, 2, 3),
    (6, 40, 2, 2, 5),
    (6, 80, 3, 2, 3),
    (6, 112, 3, 1, 5),
    (6, 192, 4, 2, 5),
    (6, 320, 1, 1, 3),
)
LAST_STAGE_OF_A_STRIDE = (0, 1, 2, 4, 6)
STEM = 32
# Width and depth of each variant, as Google's lite variants state them.
SCALES = {0: (1.0, 1.0), 1: (1.0, 1.1), 2: (1.1, 1.2)}


def conv_norm(
    inside: int, outside: int, *, kernel: int = 1, stride: int = 1, groups: int = 1
) -> list[nn.Module]:
    """Return a convolution without bias and the normalisation that follows it."""
    convolution = nn.Conv2d(inside, outside, kernel, stride, kernel // 2, groups=groups, bias=False)
    return [convolution, nn.BatchNorm2d(outside, eps=1e-3, momentum=0.03)]


def eights(channels: float) -> int:
    """Round to a multiple of 8, and never down by more than a tenth (as EfficientNet does)."""
    near = max(8, int(channels + 4) // 8 * 8)
    return near + 8 if near < 0.9 * channels else near


def scaled_stages(width: float, depth: float) -> list[tuple[int, int, int, int, int]]:
    """Return the rows of STAGES with scaled channels and repeats (not those of both ends)."""
    ends = (0, len(STAGES) - 1)
    return [
        (
            expand,
            eights(channels * width),
            repeats if number in ends else math.ceil(repeats * depth),
            stride,
            kernel,
        )
        for number, (expand, channels, repeats, stride, kernel) in enumerate(STAGES)
    ]


class InvertedResidual(nn.Module):
    """Expand, filter each channel, project (Sandler et al. 2018, figure 3)."""

    def __init__(self, inside: int, outside: int, *, expand: int, kernel: int, stride: int) -> None:
        super().__init__()
        wide = inside * expand
        layers: list[nn.Module] = []
        if expand > 1:
            layers += [*conv_norm(inside, wide), nn.ReLU6(inplace=True)]
        layers += conv_norm(wide, wide, kernel=kernel, stride=stride, groups=wide)
        layers += [nn.ReLU6(inplace=True), *conv_norm(wide, outside)]
        self.layers = nn.Sequential(*layers)
        self.shortcut = stride == 1 and inside == outside

    def forward(self, features: Tensor) -> Tensor:
        """Map features [N, inside, h, w] to [N, outside, h / stride, w / stride]."""
        out: Tensor = self.layers(features)
        return features + out if self.shortcut else out


class EfficientNetLite(nn.Module):
    """Five feature maps of a grey film in [0, 1]; ``channels`` lists their depths."""

    def __init__(self, variant: int) -> None:
        super().__init__()
        rows = scaled_stages(*SCALES[variant])
        self.channels = tuple(rows[last][1] for last in LAST_STAGE_OF_A_STRIDE)
        self.stem = nn.Sequential(*conv_norm(1, STEM, kernel=3, stride=2), nn.ReLU6(inplace=True))
        self.stages = nn.ModuleList()
        inside = STEM
        for expand, outside, repeats, stride, kernel in rows:
            blocks = nn.Sequential()
            for repeat in range(repeats):
                first = repeat == 0
                blocks.append(
                    InvertedResidual(
                        inside if first else outside,
                        outside,
                        expand=expand,
                        kernel=kernel,
                        stride=stride if first else 1,
                    )
                )
            self.stages.append(blocks)
            inside = outside

    def forward(self, film: Tensor) -> list[Tensor]:
        """Return feature maps at strides 2, 4, 8, 16, 32 of film [N, 1, h, w] in [0, 1]."""
        features = self.stem(film * 2 - 1)
        maps = []
        for number, stage in enumerate(self.stages):
            features = stage(features)
            if number in LAST_STAGE_OF_A_STRIDE:
                maps.append(features)
        return maps

    def renamed(self, published: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Return the published ImageNet weights under the names of this module, head left out."""
        below_head = [
            (key, value)
            for key, value in published.items()
            if not key.startswith(("_conv_head", "_bn1", "_fc"))
        ]
        # Both list their layers in the order of the forward pass, under other names.
        own = self.state_dict()
        if len(own) != len(below_head):
            return dict(below_head)
        return {key: value for key, (_, value) in zip(own, below_head, strict=True)}
