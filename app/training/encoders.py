"""Encoders: a film in, feature maps at strides 2, 4, 8, 16 and 32 out.

All can start from random weights. Some have a package of ImageNet weights, and all can take what
fits from a file; the card says which was used. A frozen encoder keeps its weights and the
statistics of its normalisation.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn

from app.training.config import WEIGHTS_PACKAGES, Architecture
from app.training.efficientnet_lite import EfficientNetLite
from app.training.inception import InceptionV3
from app.training.library_encoders import DenseNetEncoder, EfficientNetEncoder, ResNetEncoder
from app.training.mobilenet import LARGE, SMALL, MobileNetV3
from app.training.weights import load_file, load_imagenet

ENCODERS: dict[str, Callable[[], nn.Module]] = {
    "efficientnet-lite0": partial(EfficientNetLite, 0),
    "efficientnet-lite1": partial(EfficientNetLite, 1),
    "efficientnet-lite2": partial(EfficientNetLite, 2),
    "efficientnet-b0": EfficientNetEncoder,
    "mobilenetv3-small": partial(MobileNetV3, SMALL),
    "mobilenetv3-large": partial(MobileNetV3, LARGE),
    "resnet18": partial(ResNetEncoder, 18),
    "resnet50": partial(ResNetEncoder, 50),
    "densenet121": DenseNetEncoder,
    "inception-v3": InceptionV3,
}


def build_encoder(architecture: Architecture) -> tuple[nn.Module, str]:
    """Return the encoder that an architecture names, and what it was begun from.

    It maps film [N, 1, h, w] in [0, 1] to five maps; its ``channels`` lists their depths.
    """
    encoder = ENCODERS[architecture.encoder]()
    begun_from = ""
    if architecture.pretrained:
        load_imagenet(encoder, WEIGHTS_PACKAGES[architecture.encoder])
        begun_from = "the encoder starts from ImageNet weights"
    elif architecture.weights:
        begun_from = load_file(encoder, Path(architecture.weights))
    if architecture.frozen:
        encoder.requires_grad_(requires_grad=False)
    return encoder, begun_from


def channels_of(encoder: nn.Module) -> tuple[int, ...]:
    """Return the depths of an encoder's five maps, from fine to coarse."""
    channels: tuple[int, ...] = encoder.channels  # type: ignore[assignment]
    return channels


def maps_of(encoder: nn.Module, film: Tensor, *, frozen: bool) -> list[Tensor]:
    """Return the encoder's maps; a frozen one keeps nothing for a backward pass."""
    with torch.set_grad_enabled(torch.is_grad_enabled() and not frozen):
        maps: list[Tensor] = encoder(film)
    return maps
