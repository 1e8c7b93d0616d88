"""What the tests of training share: the skip with its cure, and tiny films to learn from."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
import typer
from numpy.typing import NDArray
from PIL import Image
from typer.testing import CliRunner

from app.training.config import Augmentation, TrainingConfig
from app.training.needed import INSTALL, missing
from app.training.packing import Pack

SIDE = 64

STILL = Augmentation.model_validate(dict.fromkeys(Augmentation.model_fields, 0))
"""No change of a film."""


def need_training_extra() -> None:
    """Skip a module whose subject needs torch; called before such a subject is imported."""
    if absent := missing():
        pytest.skip(f"{', '.join(absent)} not installed. {INSTALL}", allow_module_level=True)


def ask(commands: Mapping[str, Callable[..., None]], *words: object) -> str:
    """Run one of the commands, named first; return what it said, or raise what it raised."""
    typed = typer.Typer()
    for name, command in commands.items():
        typed.command(name)(command)
    result = CliRunner().invoke(typed, [str(word) for word in words])
    if result.exception:
        raise result.exception
    return result.output


def phantom(seed: int, *, infected: bool = True) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return a film of two dark fields, and the bright blob in one of them as a mask, uint8."""
    chance = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:SIDE, 0:SIDE]
    grey = np.full((SIDE, SIDE), 170.0)
    for centre in (18, 46):
        grey[((rows - 32) / 24) ** 2 + ((columns - centre) / 11) ** 2 < 1] = 60
    row, column = chance.integers(18, 46), chance.choice([18, 46])
    blob = (rows - row) ** 2 + (columns - column) ** 2 < chance.integers(30, 60)
    if infected:
        grey[blob] = 130
    noisy = np.clip(grey + chance.normal(0, 8, grey.shape), 0, 255).astype(np.uint8)
    return noisy, (blob & infected).astype(np.uint8) * 255


def phantom_pack(count: int, *, without: int = 0) -> Pack:
    """Return a pack of phantoms, the last of them without infection."""
    pairs = [phantom(n, infected=n < count - without) for n in range(count)]
    words = {key: np.array([""] * count) for key in ("view", "split", "note", "fold")}
    return Pack(
        films=np.stack([film for film, _ in pairs]),
        masks=np.stack([mask for _, mask in pairs]),
        marked=np.arange(count) < count - without,
        folder=np.array(["phantoms"] * count),
        name=np.array([f"films/{n}.png" for n in range(count)]),
        pixels_sha256=np.array([f"{n:064x}" for n in range(count)]),
        patient=np.array([f"p{n // 2}" for n in range(count)]),
        **words,
    )


def phantom_folder(folder: Path, count: int, *, without: int = 0) -> Path:
    """Write phantoms as an exported training set, the last of them without infection.

    films.csv, films/, infection/.
    """
    lines = ["file,infection,patient_id,fold"]
    for kind in ("films", "infection"):
        (folder / kind).mkdir(parents=True)
    for number in range(count):
        infected = number < count - without
        pictures = zip(("films", "infection"), phantom(number, infected=infected), strict=True)
        for kind, values in pictures:
            if infected or kind == "films":
                Image.fromarray(values).save(folder / kind / f"{number}.png")
        fold = number // 2 % 5
        mask = f"infection/{number}.png" if infected else ""
        lines.append(f"films/{number}.png,{mask},p{number // 2},{fold}")
    (folder / "films.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def tiny_config(**changes: object) -> TrainingConfig:
    """Return a recipe that learns phantoms within seconds."""
    values: dict[str, object] = {
        "name": "tiny",
        "title": "Tiny",
        "stages": [2],
        "batch": 4,
        "average_decay": 0.9,
        "architecture": {"kind": "basic", "widths": [8, 8, 16, 16, 32, 8]},
        "augmentation": {"rotation_degrees": 5, "shift": 0.02, "scale": 0.05},
        "phase": [{"grid": [SIDE, SIDE], "epochs": 20, "rate": 0.02}],
    }
    return TrainingConfig.model_validate(values | changes)
