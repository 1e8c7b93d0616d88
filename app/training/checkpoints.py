"""A run's state on disk: written whole or not at all, so that a run can be stopped anywhere."""

from __future__ import annotations

import hashlib
import io
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from app.problems import Problem
from app.training.config import TrainingConfig

FORMAT = 1


class CheckpointRefused(Problem):
    """A checkpoint belongs to another configuration or other films."""

    code = "checkpoint"


class CheckpointUnwritten(Problem):
    """The disk does not take a checkpoint; the one before it is still there."""

    code = "checkpoint-unwritten"

    @classmethod
    def at(cls, path: Path, step: int, fault: OSError) -> CheckpointUnwritten:
        """Return the problem of a step's checkpoint that could not be put at path."""
        kept = "the one before it is kept" if path.exists() else "there is none before it"
        return cls(
            f"The checkpoint of step {step} could not be written to {path.parent}: "
            f"{fault.strerror}; {kept}.",
            cure="Make room there and run the same command again: it goes on from what is kept.",
        )


@dataclass
class Checkpoint:
    """Everything the next step depends on besides the configuration and the films."""

    config: str  # the configuration as JSON
    films: str  # digest of the training films' names
    fold: int | None = None
    step: int = 0
    network: dict[str, Any] = field(default_factory=dict)
    average: dict[str, Any] = field(default_factory=dict)
    optimizer: dict[str, Any] = field(default_factory=dict)
    scaler: dict[str, Any] = field(default_factory=dict)  # of float16 gradients; else empty
    history: list[dict[str, float]] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)  # of the epoch under way
    seconds: float = 0.0


def films_digest(names: list[str]) -> str:
    """Return a digest of the films a run learns from, in order."""
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


def save(checkpoint: Checkpoint, path: Path) -> None:
    """Write a checkpoint beside path and put it in its place in one step.

    Raises CheckpointUnwritten if the disk does not take it; what was at path is untouched then.
    """
    # In memory first: what torch makes of a full disk is an error without the reason.
    content = io.BytesIO()
    torch.save({"format": FORMAT, **vars(checkpoint)}, content)
    unfinished = path.with_suffix(f".{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with unfinished.open("wb") as file:
            file.write(content.getbuffer())
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        for left_behind in path.parent.glob(f"{path.stem}.*.part"):  # by a process that was killed
            left_behind.unlink()
    except OSError as fault:
        unfinished.unlink(missing_ok=True)
        raise CheckpointUnwritten.at(path, checkpoint.step, fault) from fault


def load(path: Path) -> Checkpoint:
    """Read a checkpoint; only tensors and plain values are accepted from the file."""
    values = torch.load(path, map_location="cpu", weights_only=True)
    if values.pop("format", None) != FORMAT:
        raise CheckpointRefused(f"{path} is not a checkpoint of this version.")
    return Checkpoint(**values)


def load_or_new(
    path: Path, config: TrainingConfig, names: list[str], *, fold: int | None = None
) -> Checkpoint:
    """Go on from path if it is there and belongs to this run, else begin."""
    if path.exists():
        found = load(path)
        assert_same_run(found, config, names, where=path.parent)
        return found
    return Checkpoint(config=config.model_dump_json(), films=films_digest(names), fold=fold)


def assert_same_run(
    state: Checkpoint, config: TrainingConfig, names: list[str], *, where: Path
) -> None:
    """Raise CheckpointRefused unless the state was made with this configuration and films."""
    # Compared as read, not as text: a setting that is new since then has its default in both.
    made_with = TrainingConfig.model_validate_json(state.config)
    if (made_with, state.films) != (config, films_digest(names)):
        raise CheckpointRefused(
            f"The run in {where} was made with another configuration or other films.",
            cure="Give the same ones, or another --out folder to begin again. A run "
            "from before near-identical films were told by fingerprints is begun again.",
        )
