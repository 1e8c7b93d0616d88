"""The networks a configuration can name, from MONAI where it has them, else from this package."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from monai.networks.nets.basic_unet import BasicUNet
from monai.networks.nets.segresnet import SegResNet
from torch import Tensor, nn

from app.training.attention import GatedDecoder, MultiScaleAttentionDecoder
from app.training.config import Architecture
from app.training.decoders import (
    AggregationDecoder,
    NestedDecoder,
    PyramidDecoder,
    UNetDecoder,
)
from app.training.encoders import build_encoder, channels_of, maps_of

DECODERS: dict[str, Callable[[Sequence[int], Sequence[int]], nn.Module]] = {
    "unet": UNetDecoder,
    "unetpp": NestedDecoder,
    "dla": AggregationDecoder,
    "fpn": PyramidDecoder,
    "manet": MultiScaleAttentionDecoder,
    "attention": GatedDecoder,
}


class EncoderDecoder(nn.Module):
    """An encoder and one of the decoders: film [N, 1, h, w] in [0, 1] to logits.

    ``begun_from`` says in words which weights the encoder was given, if any.
    """

    def __init__(self, architecture: Architecture) -> None:
        super().__init__()
        self.frozen = architecture.frozen
        self.encoder, self.begun_from = build_encoder(architecture)
        channels = channels_of(self.encoder)
        self.decoder = DECODERS[architecture.kind](channels, architecture.widths)

    def forward(self, film: Tensor) -> Tensor:
        """Return logits [N, 1, h, w]; h and w must be multiples of 32."""
        logits: Tensor = self.decoder(maps_of(self.encoder, film, frozen=self.frozen))
        return logits

    def train(self, mode: bool = True) -> EncoderDecoder:
        """Switch to training, or back; the statistics of a frozen encoder stay as they are."""
        super().train(mode)
        if self.frozen:
            self.encoder.eval()
        return self


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
        case _:
            return EncoderDecoder(architecture)
