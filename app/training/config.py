"""What a training run is told: one TOML file per network, checked here."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from app.problems import Problem

Task = Literal["infection", "lungs"]
Kind = Literal["unet", "unetpp", "dla", "fpn", "segresnet", "basic", "classifier"]


class ConfigRefused(Problem):
    """A training configuration is missing, is not TOML, or holds a wrong value."""

    code = "training-config"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Architecture(_Part):
    """Which network; ``widths`` are the decoder's channels from fine to coarse."""

    kind: Kind
    widths: tuple[int, ...] = (16, 32, 64, 96)
    pretrained: bool = False


class Data(_Part):
    """Which films are learned from, and which are kept out."""

    folders: tuple[str, ...] = ()  # below the folder given as --data; none: that folder itself
    leave_out_views: tuple[str, ...] = ("LL",)
    leave_out_twins_of: tuple[str, ...] = ()  # folders whose films must stay unseen
    licence: str = ""  # of the films, a sentence for the card
    test_share: float = Field(default=0.0, ge=0, lt=1)  # of the groups of a folder without splits
    tune_share: float = Field(default=0.05, ge=0, lt=1)  # of the training groups, for thresholds


class Augmentation(_Part):
    """Largest changes: degrees, or fractions of the film, its grey range, or 1 (see augment)."""

    rotation_degrees: float = 10
    shift: float = 0.1
    scale: float = 0.15
    flip: float = Field(default=0.5, ge=0, le=1)
    gamma: float = 0.3
    contrast: float = 0.15
    brightness: float = 0.1


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
    seed: int = 1
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
