"""A classifier on the light encoder: is there infection on the film, yes or no.

It is trained for one purpose: to see what its activation maps are worth beside infection maps. The
head is EfficientNet's own (Tan and Le 2019, table 1, stage 9): a 1 × 1 convolution to 1,280
channels, global average pooling, one linear unit.
"""

from __future__ import annotations

from torch import Tensor, nn

from app.training.config import Architecture
from app.training.efficientnet_lite import conv_norm
from app.training.encoders import build_encoder, channels_of

HEAD_CHANNELS = 1280

# Where activation maps are taken, by stride: rectified features, as both methods suppose them. The
# first is the last convolutional map; the second the finest one that still is 16 pixels apart.
MAP_LAYERS = {32: "head.2", 16: "encoder.stages.5.0.layers.2"}


class Classifier(nn.Module):
    """Film [N, 1, h, w] in [0, 1] to one logit a film, [N, 1]."""

    def __init__(self, architecture: Architecture) -> None:
        super().__init__()
        self.encoder, self.begun_from = build_encoder(architecture)
        deepest = channels_of(self.encoder)[-1]
        self.head = nn.Sequential(*conv_norm(deepest, HEAD_CHANNELS), nn.ReLU6(inplace=True))
        self.score = nn.Linear(HEAD_CHANNELS, 1)

    def forward(self, film: Tensor) -> Tensor:
        """Return the logits [N, 1] of "there is infection"; h and w must be multiples of 32."""
        deepest = self.encoder(film)[-1]
        logits: Tensor = self.score(self.head(deepest).mean((2, 3)))
        return logits
