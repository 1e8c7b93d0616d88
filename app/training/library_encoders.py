"""Encoders that MONAI has: DenseNet-121, ResNet-18 and ResNet-50, EfficientNet-B0.

Each keeps the names of its parts as MONAI gives them and leaves out the layers behind the last map.
Films are scaled as the weights that are published for these networks expect it.
"""

from __future__ import annotations

import re

from monai.networks.nets.densenet import DenseNet
from monai.networks.nets.efficientnet import EfficientNetBN, MBConvBlock
from monai.networks.nets.resnet import ResNet
from torch import Tensor, nn

from app.training.efficientnet_lite import LAST_STAGE_OF_A_STRIDE

# Means over the three colours of ImageNet's mean and standard deviation.
GREY_MEAN, GREY_DEVIATION = 0.449, 0.226


def as_imagenet(film: Tensor) -> Tensor:
    """Scale a film in [0, 1] to the grey range that networks trained on ImageNet know."""
    return (film - GREY_MEAN) / GREY_DEVIATION


class DenseNetEncoder(DenseNet):
    """DenseNet-121 (Huang et al. 2017, table 1); a map is what a transition has normalised."""

    channels = (64, 256, 512, 1024, 1024)

    def __init__(self) -> None:
        super().__init__(spatial_dims=2, in_channels=1, out_channels=1)
        del self.class_layers

    def forward(self, film: Tensor) -> list[Tensor]:  # type: ignore[override]
        """Return feature maps at strides 2, 4, 8, 16, 32 of film [N, 1, h, w] in [0, 1]."""
        maps = [self._through(as_imagenet(film), "conv0", "norm0", "relu0")]
        features = self._through(maps[0], "pool0")
        for block, transition in ((f"denseblock{n}", f"transition{n}") for n in (1, 2, 3)):
            maps.append(
                self._through(features, block, f"{transition}.norm", f"{transition}.relu"),
            )
            features = self._through(maps[-1], f"{transition}.conv", f"{transition}.pool")
        return [*maps, self._through(features, "denseblock4", "norm5").relu()]

    def _through(self, features: Tensor, *names: str) -> Tensor:
        for name in names:
            features = self.features.get_submodule(name)(features)
        return features

    @staticmethod
    def published_name(key: str) -> str:
        """Return the name that torchvision gives to a weight of this module."""
        return key.replace(".layers.", ".")


class ResNetEncoder(ResNet):
    """ResNet-18 or ResNet-50 (He et al. 2016, table 1); a map ends each group of blocks."""

    def __init__(self, depth: int) -> None:
        block, layers = {18: ("basic", [2, 2, 2, 2]), 50: ("bottleneck", [3, 4, 6, 3])}[depth]
        super().__init__(
            block,
            layers,
            [64, 128, 256, 512],
            spatial_dims=2,
            n_input_channels=1,
            conv1_t_stride=2,
            bias_downsample=False,
            feed_forward=False,
        )
        expansion = {18: 1, 50: 4}[depth]
        self.channels = (64, *(expansion * planes for planes in (64, 128, 256, 512)))

    def forward(self, film: Tensor) -> list[Tensor]:  # type: ignore[override]
        """Return feature maps at strides 2, 4, 8, 16, 32 of film [N, 1, h, w] in [0, 1]."""
        maps = [self.act(self.bn1(self.conv1(as_imagenet(film))))]
        features = self.maxpool(maps[0])
        for layer in (self.layer1, self.layer2, self.layer3, self.layer4):
            features = layer(features)
            maps.append(features)
        return maps


class EfficientNetEncoder(EfficientNetBN):
    """EfficientNet-B0 (Tan and Le 2019, table 1), without drop connect.

    Blocks dropped by chance would differ between devices and between counts of processes.
    """

    channels = (16, 24, 40, 112, 320)

    def __init__(self) -> None:
        # A running mean of 0.01 as in MONAI is made for ImageNet's millions; see efficientnet_lite.
        norm = ("batch", {"eps": 1e-3, "momentum": 0.03})
        super().__init__(
            "efficientnet-b0", pretrained=False, spatial_dims=2, in_channels=1, norm=norm
        )
        del self._conv_head, self._conv_head_padding, self._bn1, self._dropout, self._fc
        # MONAI's own swish saves memory, but cannot be exported; torch's does both.
        self._swish = nn.SiLU()
        for module in self.modules():
            if isinstance(module, MBConvBlock):
                module._swish = nn.SiLU()
                module.drop_connect_rate = None

    def forward(self, film: Tensor) -> list[Tensor]:
        """Return feature maps at strides 2, 4, 8, 16, 32 of film [N, 1, h, w] in [0, 1]."""
        stem = self._conv_stem(self._conv_stem_padding(as_imagenet(film)))
        features = self._swish(self._bn0(stem))
        maps = []
        for number, stage in enumerate(self._blocks):
            features = stage(features)
            if number in LAST_STAGE_OF_A_STRIDE:
                maps.append(features)
        return maps

    @staticmethod
    def published_name(key: str) -> str:
        """Return the name that EfficientNet-PyTorch gives to a weight: blocks are not in stages."""
        return re.sub(r"^_blocks\.\d+\.", "_blocks.", key)
