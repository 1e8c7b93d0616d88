"""Encoders: a film in, feature maps at strides 2, 4, 8, 16 and 32 out.

All can start from random weights. Those for which a package carries ImageNet weights can start from
them if it is installed; both work, and the card says which was used.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn

from app.problems import Problem
from app.training.config import WEIGHTS_PACKAGES, Architecture
from app.training.efficientnet_lite import EfficientNetLite

ENCODERS: dict[str, Callable[[], nn.Module]] = {
    "efficientnet-lite0": partial(EfficientNetLite, 0),
    "efficientnet-lite1": partial(EfficientNetLite, 1),
    "efficientnet-lite2": partial(EfficientNetLite, 2),
}


class WeightsMissing(Problem):
    """Pretrained weights were asked for and the package that carries them is not installed."""

    code = "weights-missing"


def build_encoder(architecture: Architecture) -> nn.Module:
    """Return the encoder that an architecture names, with the weights that it asks for.

    It maps film [N, 1, h, w] in [0, 1] to five maps; its ``channels`` lists their depths.
    """
    encoder = ENCODERS[architecture.encoder]()
    if architecture.pretrained:
        load_imagenet(encoder, _published(WEIGHTS_PACKAGES[architecture.encoder]))
    return encoder


def load_imagenet(encoder: nn.Module, published: Mapping[str, Tensor]) -> None:
    """Start from ImageNet weights; the three colour filters of the stem are added up."""
    assert isinstance(encoder, EfficientNetLite)
    own = encoder.state_dict()
    given = encoder.renamed(published)
    if own.keys() != given.keys():
        raise WeightsMissing("The pretrained weights do not fit this encoder.")
    given["stem.0.weight"] = given["stem.0.weight"].sum(1, keepdim=True)
    for key, mine in own.items():
        if mine.shape != given[key].shape:
            raise WeightsMissing(f"The pretrained weights differ in shape at {key}.")
    encoder.load_state_dict(given)


def _published(package_name: str) -> Mapping[str, Tensor]:
    try:
        package = importlib.import_module(package_name)
    except ModuleNotFoundError as missing:
        raise WeightsMissing(
            f"This configuration starts from the ImageNet weights of {package_name}, "
            "which is not installed.",
            cure="Run `make env EXTRAS=train`, or set pretrained = false in the configuration.",
        ) from missing
    (path,) = (Path(package.__path__[0]) / "models").glob("*.pth")
    weights: Mapping[str, Tensor] = torch.load(path, map_location="cpu", weights_only=True)
    return weights
