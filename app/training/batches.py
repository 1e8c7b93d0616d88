"""Batches of a run: which films stand in step n, decided by the seed and n alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from app.training.augment import changed, draw
from app.training.config import TrainingConfig
from app.training.packing import Pack
from app.training.places import Place, Shelf


@dataclass(frozen=True)
class Batches:
    """The films that are learned from, those with a mask apart from those known to have none."""

    packed: Pack
    positives: NDArray[np.intp]
    negatives: NDArray[np.intp]
    config: TrainingConfig
    negatives_a_batch: int

    @property
    def positives_a_batch(self) -> int:
        """Return how many films with a mask stand in a batch."""
        spare = self.negatives_a_batch if len(self.negatives) else 0
        return min(self.config.batch, len(self.positives) + spare) - spare

    @property
    def steps_an_epoch(self) -> int:
        """Return the batches in which every film with a mask stands once (a remainder waits)."""
        return max(1, len(self.positives) // self.positives_a_batch)

    def films_of(self, step: int) -> NDArray[np.intp]:
        """Return the pack indices of batch number step, whatever was asked before."""
        spare = self.config.batch - self.positives_a_batch if len(self.negatives) else 0
        chosen = self._round(self.positives, self.positives_a_batch, step)
        return np.concatenate([chosen, self._round(self.negatives, spare, step)])

    def _round(self, films: NDArray[np.intp], count: int, step: int) -> NDArray[np.intp]:
        """Deal count films a step from a pile that is shuffled anew when it is used up."""
        if not count:
            return films[:0]
        steps = max(1, len(films) // count)
        shuffle = np.random.default_rng([self.config.seed, len(films), step // steps])
        start = step % steps * count
        return shuffle.permutation(films)[start : start + count]

    def batch(
        self, step: int, *, shelf: Shelf | None = None, share: slice = slice(None)
    ) -> tuple[Tensor, Tensor]:
        """Return augmented films in [0, 1] and masks in {0, 1} of a step, float32 [N, 1, h, w].

        They are on the shelf's device. With a share, only those films of the step, changed as they
        are in the whole batch.
        """
        chosen = self.films_of(step)
        generator = Generator().manual_seed(self.config.seed * 1_000_003 + step)
        changes = draw(len(chosen), self.config.augmentation, generator)
        films, masks = (shelf or Shelf(self.packed, Place())).take(chosen[share])
        return changed(scaled(films), scaled(masks), changes.of(share))


def batches(
    packed: Pack, train: NDArray[np.intp], config: TrainingConfig, *, negatives_a_batch: int
) -> Batches:
    """Return the batches of the films with the given pack indices."""
    inside = packed.has_mask(train)
    positives = train[inside]
    times = [config.data.repeat.get(str(folder), 1) for folder in packed.folder[positives]]
    positives = np.repeat(positives, times)
    return Batches(packed, positives, train[~inside], config, negatives_a_batch)


def as_tensor(values: NDArray[np.uint8]) -> Tensor:
    """Return uint8 [n, h, w] as float32 [n, 1, h, w] in [0, 1], channels last."""
    # A pack's own array is mapped read-only, of which torch would warn.
    return scaled(torch.from_numpy(values if values.flags.writeable else values.copy()))


def scaled(values: Tensor) -> Tensor:
    """Return a tensor uint8 [n, h, w] as float32 [n, 1, h, w] in [0, 1], channels last."""
    tensor = values.unsqueeze(1).float().div(255)
    return tensor.contiguous(memory_format=torch.channels_last)
