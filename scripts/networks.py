"""Train and ship every network of ``models/``, end to end; stopped and started again, it goes on.

    python -m scripts.networks --data FOLDER [--models work/networks] [--only NAME …] [--minutes M]

FOLDER holds the collections that the recipes of app/training/configs name. Runs are kept in
``work/runs``. A network is shipped when its runs have ended; ``--models models`` replaces the
shipped ones.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from app.networks.folds import FOLDS
from app.settings import REPOSITORY

CONFIGS = REPOSITORY / "app" / "training" / "configs"
# In the order of the manifest; the families of stage I are trained in folds.
FOLDED = ("stage1-unet", "stage1-unetpp", "stage1-dla")
WITH_FILES = ("stage1-unet",)  # of the others only the folds' predictions are shipped
WHOLE = ("lungs-unet", "unet", "unetpp", "dla", "fpn", "manet")
RUNS = REPOSITORY / "work" / "runs"


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, train and ship."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--models", type=Path, default=REPOSITORY / "work" / "networks")
    parser.add_argument("--only", nargs="+", choices=[*WHOLE, *FOLDED], default=[*WHOLE, *FOLDED])
    parser.add_argument("--minutes", type=float, default=0, help="0: to the end")
    parser.add_argument("--threads", type=int, default=0)
    asked = parser.parse_args(arguments)
    end = time.monotonic() + (asked.minutes * 60 or float("inf"))
    for name in asked.only:
        left = (end - time.monotonic()) / 60
        if left <= 0 or not train(name, asked.data, minutes=left, threads=asked.threads):
            print(f"The time is up at {name}; the same command goes on.")
            return
        ship(name, asked.data, models=asked.models)


def train(name: str, data: Path, *, minutes: float, threads: int) -> bool:
    """Train a recipe's run, or its folds and the run on all films; return whether all ended."""
    command = "cross-validate" if name in FOLDED else "train"
    said = maskballot(
        command,
        CONFIGS / f"{name}.toml",
        *("--data", data),
        *("--threads", threads),
        *(() if minutes == float("inf") else ("--minutes", f"{minutes:.2f}")),
    )
    return "Finished" in said


def ship(name: str, data: Path, *, models: Path) -> None:
    """Write a recipe's ended runs into the folder of networks."""
    runs = [name]
    if name in FOLDED:
        runs += [f"{name}-fold{fold}" for fold in range(FOLDS)]
    folds = "--fold-files" if name in WITH_FILES else "--fold-predictions"
    folders = [RUNS / run for run in runs]
    maskballot("to-onnx", *folders, "--data", data, "--models", models, "--replace", folds)


def maskballot(*words: object) -> str:
    """Run a command of ours and return what it said; its progress is shown as it goes."""
    command = [sys.executable, "-m", "app", *map(str, words)]
    done = subprocess.run(command, cwd=REPOSITORY, check=True, stdout=subprocess.PIPE, text=True)
    print(done.stdout, end="")
    return done.stdout


if __name__ == "__main__":
    main()
