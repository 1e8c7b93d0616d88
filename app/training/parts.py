"""Who learns, who tunes, who is tested: the part each film of a pack plays in a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.training.alike import twin_pairs
from app.training.config import TrainingConfig
from app.training.folds import fold_of, group_names, groups, lot
from app.training.packing import Pack


@dataclass(frozen=True)
class Parts:
    """Indices into a pack. ``left_out`` films take no part at all."""

    train: NDArray[np.intp]
    tune: NDArray[np.intp]
    test: NDArray[np.intp]
    out_of_fold: NDArray[np.intp]  # tested too: what the run's fold keeps out of its training
    left_out: NDArray[np.intp]
    fold: NDArray[np.intp]  # of every film of the pack, 0…4


def divide(
    packed: Pack,
    config: TrainingConfig,
    *,
    kept_unseen: Pack | None = None,
    fold: int | None = None,
    cache: Path | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Parts:
    """Divide a pack by the configuration's rules; twins of kept_unseen do not teach.

    The search for near-identical films takes minutes for thousands; what it found is kept in
    ``cache``.

    Films of a split named "valid" or "test" are tested on. Folders without splits give
    ``test_share`` of their groups to the test. Of the rest, ``tune_share`` of the groups choose
    thresholds and epochs, and are not trained on. With a fold, the films of that fold are kept
    out too; the pack's own fold column is followed where it is filled. ``only`` and ``sample``
    choose among the films with a mask, by group; they leave the splits' test films alone.
    """
    names = [f"{a}/{b}" for a, b in zip(packed.folder, packed.name, strict=True)]
    numbers = groups(packed.patient.tolist(), twin_pairs(packed, cache=cache, progress=progress))
    group = group_names(numbers, names)
    splits = packed.split.tolist()
    tested = np.array(
        [_is_tested(split, name, config) for split, name in zip(splits, group, strict=True)]
    )
    folds = np.array(
        [
            int(own) if own else fold_of(name, seed=config.seed)
            for own, name in zip(packed.fold.tolist(), group, strict=True)
        ]
    )
    tuned = np.array([_draws("tune", name, config) for name in group])
    # A group with a tested film teaches nothing: its other films would tell.
    teaches = ~np.isin(numbers, numbers[tested]) & ~_unwanted(packed, config)
    if kept_unseen is not None:
        teaches[twin_pairs(packed, kept_unseen, cache=cache, progress=progress)[:, 0]] = False
    teaches &= _chosen(packed, config, group, teaches)
    held_out = teaches & (folds == fold)
    teaches &= ~held_out
    tested &= packed.note == ""
    return Parts(
        train=np.flatnonzero(teaches & ~tuned),
        tune=np.flatnonzero(teaches & tuned),
        test=np.flatnonzero(tested),
        out_of_fold=np.flatnonzero(held_out),
        left_out=np.flatnonzero(~teaches & ~tested & ~held_out),
        fold=folds,
    )


def _chosen(
    packed: Pack, config: TrainingConfig, group: list[str], teaches: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Say which films the configuration chooses: those without a mask, and its sample of others."""
    named = np.array([fnmatchcase(name, config.data.only) for name in packed.name.tolist()])
    chosen = ~packed.marked | named
    candidates = packed.marked & named & teaches
    if 0 < config.data.sample < np.count_nonzero(candidates):
        draws = np.array([lot(name, seed=config.seed, purpose="sample") for name in group])
        last = np.sort(draws[candidates])[config.data.sample - 1]  # its group comes whole
        chosen &= ~packed.marked | (draws <= last)
    return chosen


def _is_tested(split: str, group: str, config: TrainingConfig) -> bool:
    return split in ("valid", "test") or (not split and _draws("test", group, config))


def _draws(purpose: str, group: str, config: TrainingConfig) -> bool:
    shares = {"test": config.data.test_share, "tune": config.data.tune_share}
    return lot(group, seed=config.seed, purpose=purpose) < shares[purpose]


def _unwanted(packed: Pack, config: TrainingConfig) -> NDArray[np.bool_]:
    """Say which films may not teach: views left out, and films with a note."""
    return np.isin(packed.view, config.data.leave_out_views) | (packed.note != "")
