"""The networks a configuration can name, from MONAI where it has them, else from this package."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from monai.networks.nets.basic_unet import BasicUNet
from monai.networks.nets.segresnet import SegResNet
from torch import Tensor, nn

from app.training.classifier import Classifier
from app.training.config import Architecture
from app.training.decoders import (
    AggregationDecoder,
    NestedDecoder,
    PyramidDecoder,
    UNetDecoder,
)
from app.training.encoders import EfficientNetLite0

DECODERS: dict[str, Callable[[Sequence[int], Sequence[int]], nn.Module]] = {
    "unet": UNetDecoder,
    "unetpp": NestedDecoder,
    "dla": AggregationDecoder,
    "fpn": PyramidDecoder,
}


class EncoderDecoder(nn.Module):
    """A light encoder and one of the decoders: film [N, 1, h, w] in [0, 1] to logits."""

    def __init__(self, architecture: Architecture) -> None:
        super().__init__()
        self.encoder = EfficientNetLite0()
        self.decoder = DECODERS[architecture.kind](self.encoder.channels, architecture.widths)
        if architecture.pretrained:
            self.encoder.load_imagenet()

    def forward(self, film: Tensor) -> Tensor:
        """Return logits [N, 1, h, w]; h and w must be multiples of 32."""
        logits: Tensor = self.decoder(self.encoder(film))
        return logits


def build(architecture: Architecture) -> nn.Module:
    """Return the network with fresh weights, drawn from torch's global generator."""
    widths = architecture.widths
    match architecture.kind:
        case "segresnet":
            return SegResNet(
                spatial_dims=2,
                init_filters=widths[0],
                out_channels=1,
                norm="batch",
                blocks_down=(1, 2, 2, 2),
                blocks_up=(1, 1, 1),
            )
        case "basic":
            return BasicUNet(
                spatial_dims=2, in_channels=1, out_channels=1, features=widths, norm="batch"
            )
        case "classifier":
            return Classifier(architecture)
        case _:
            return EncoderDecoder(architecture)
