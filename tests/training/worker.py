"""Trains in a process of its own, for tests that start several, or kill one.

``python -m tests.training.worker hasty WORDS…``: the command line, with a checkpoint each step.
``torchrun … -m tests.training.worker team FOLDER``: three steps; the second process is asked to
stop during the third. Each process leaves what it saw and what it has learnt in FOLDER.
"""

import os
import signal
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn

from app.cli.main import run as run_command
from app.training import loop, teams
from app.training.batches import batches
from app.training.checkpoints import Checkpoint
from app.training.config import Architecture
from app.training.loop import Run, Stretch
from app.training.teams import Team
from tests.training.extra import phantom_pack, tiny_config

STEPS = 3


def plain_network(architecture: Architecture) -> nn.Module:
    """Return a network without normalisation: its step must not depend on who has which film."""
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.Dropout2d(0.0), nn.Conv2d(8, 1, 3, padding=1)
    )


def run_of(team: Team | None = None) -> Run:
    """Return a run on 22 phantoms, in batches of 5: no two processes have as many."""
    config = tiny_config(batch=5)
    dealt = batches(phantom_pack(22, without=4), np.arange(22), config, negatives_a_batch=1)
    state = Checkpoint(config=config.model_dump_json(), films="")
    return Run(config, [Stretch(config.phase[0], dealt, 0)], state, team=team)


def team(folder: Path) -> None:
    """Be one of a team."""
    loop.build = plain_network
    with teams.assembled("cpu") as ours:
        run = run_of(ours)
        losses = []

        def report(step: int, total: int, loss: float) -> None:
            losses.append(loss)
            if ours.rank == 1 and step == STEPS:
                os.kill(os.getpid(), signal.SIGINT)

        ended = loop.train(run, folder / "checkpoint.pt", seconds=600, report=report)
        dealt = run.stretches[0].batches
        seen = [dealt.films_of(step)[ours.share].tolist() for step in range(run.state.step)]
        left = {"ended": ended, "step": run.state.step, "losses": losses, "seen": seen}
        left["weights"] = run.network.state_dict()
        torch.save(left, folder / f"rank-{ours.rank}.pt")


def hasty(words: list[str]) -> int:
    """Run a command of which each step leaves a checkpoint."""
    loop.SECONDS_BETWEEN_CHECKPOINTS = -1.0
    return run_command(words)


if __name__ == "__main__":
    torch.set_num_threads(1)
    if sys.argv[1] == "team":
        team(Path(sys.argv[2]))
    else:
        sys.exit(hasty(sys.argv[2:]))
