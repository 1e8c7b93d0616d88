"""Several processes that train one network: started by torchrun, each with a share of every batch.

All hold the same weights. A batch is dealt film by film to the processes; each works out its part
of the loss and the gradients are added up, so that a step is the step of one process with the whole
batch. One thing differs: normalisation. GPUs normalise with the statistics of the whole batch
(SyncBatchNorm); processors, for which torch has no such layer, each with those of their own share,
and the running statistics are averaged.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import torch
from torch import Tensor, distributed, nn

from app.problems import Problem
from app.training.places import Asked

PATIENCE = timedelta(hours=1)  # the first process may read films, or tune, while the others wait


class TeamRefused(Problem):
    """Processes that cannot train together: more than films in a batch, or at different steps."""

    code = "training-team"


@dataclass(frozen=True)
class Team:
    """This process's place among those that train together; alone unless said otherwise."""

    rank: int = 0
    size: int = 1
    local_rank: int = 0  # among the processes of this machine

    @property
    def leads(self) -> bool:
        """Say whether this is the one process that writes and prints."""
        return self.rank == 0

    @property
    def share(self) -> slice:
        """Return this process's films of a batch: every ``size``-th."""
        return slice(self.rank, None, self.size)

    def add_up(self, tensors: Sequence[Tensor]) -> None:
        """Put into each tensor, in place, its sum over all processes."""
        if self.size == 1:
            return
        flat = torch.cat([tensor.detach().reshape(-1) for tensor in tensors])
        distributed.all_reduce(flat)
        parts = flat.split([tensor.numel() for tensor in tensors])
        with torch.no_grad():
            for tensor, part in zip(tensors, parts, strict=True):
                tensor.copy_(part.view(tensor.shape))

    def any(self, said: bool) -> bool:
        """Say whether any process says so; all must ask."""
        if self.size == 1:
            return said
        votes = torch.tensor(float(said))
        distributed.all_reduce(votes)
        return bool(votes > 0)

    def assert_together(self, step: int, films_a_batch: int) -> None:
        """Raise TeamRefused unless all begin at the same step and each has a film of a batch."""
        if films_a_batch < self.size:
            raise TeamRefused(
                f"{self.size} processes cannot share a batch of {films_a_batch} films.",
                cure="Start fewer, or give the configuration a larger batch.",
            )
        if self.size == 1:
            return
        steps = torch.tensor([step, -step])
        distributed.all_reduce(steps, distributed.ReduceOp.MAX)
        if steps.sum() != 0:
            raise TeamRefused(
                "The processes found different checkpoints.",
                cure="Let --out be a folder that all machines share.",
            )

    @contextmanager
    def first_alone(self) -> Iterator[None]:
        """Let the first process of each machine through; the others follow when it is done."""
        if self.size > 1 and self.local_rank:
            distributed.barrier()
        try:
            yield
        finally:
            if self.size > 1 and not self.local_rank:
                distributed.barrier()

    def normalised_together(self, network: nn.Module, device: torch.device) -> nn.Module:
        """Return the network with SyncBatchNorm where that exists: on GPUs."""
        if self.size == 1 or device.type != "cuda":
            return network
        return nn.SyncBatchNorm.convert_sync_batchnorm(network)


@contextmanager
def assembled(asked: Asked) -> Iterator[Team]:
    """Join the processes that torchrun started, or be alone."""
    if "RANK" not in os.environ or "WORLD_SIZE" not in os.environ:
        yield Team()
        return
    team = Team(*(int(os.environ.get(key, 0)) for key in ("RANK", "WORLD_SIZE", "LOCAL_RANK")))
    gpus = asked != "cpu" and torch.cuda.is_available()
    distributed.init_process_group("cpu:gloo,cuda:nccl" if gpus else "gloo", timeout=PATIENCE)
    yield team
    # Not after an error: the others may be waiting in the middle of a step, and torchrun ends them.
    distributed.destroy_process_group()
