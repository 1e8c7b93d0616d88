"""A finished run as one ONNX file, with what is needed to judge it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.masks.measures import dice
from app.problems import Problem
from app.training import checkpoints, onnx_files
from app.training.checkpoints import Checkpoint
from app.training.config import TrainingConfig
from app.training.loop import with_weights
from app.training.operating import choose, masks_at, probability
from app.training.packing import Pack
from app.training.runs import Prepared, checkpoint_of, inside
from app.twins.fingerprint import fingerprint
from app.twins.near import near_code

FILMS_TO_COMPARE = 400
LARGEST_FILE = 15_000_000  # bytes


class ShippingRefused(Problem):
    """A network cannot be put into models/ as asked."""

    code = "shipping"


@dataclass(frozen=True)
class ExportedRun:
    """One run's ONNX file with what is needed to judge it."""

    prepared: Prepared
    state: Checkpoint
    grid: tuple[int, int]
    data: bytes
    agreement: float  # Dice of the masks before and after halving the weights; 1 if not halved
    tune: NDArray[np.intp]  # the pack's films that choose the operating point
    tune_logits: NDArray[np.float32]

    @property
    def packed(self) -> Pack:
        """Return the films at the size of the file's grid."""
        return self.prepared.packs[self.grid]

    @property
    def file_name(self) -> str:
        """Return the name of the file in the network's folder."""
        fold = self.prepared.fold
        return "network.onnx" if fold is None else f"network-fold{fold}.onnx"


def export_run(prepared: Prepared, folder: Path) -> ExportedRun:
    """Turn the averaged network of a run into an ONNX file, weights halved if no mask changes."""
    if prepared.config.architecture.kind == "classifier":
        raise ShippingRefused(
            f"The run in {folder} is a classifier, which makes no masks.",
            cure="`maskballot compare-maps` measures its activation maps.",
        )
    state = checkpoints.load(checkpoint_of(folder))
    checkpoints.assert_same_run(state, prepared.config, prepared.training_films, where=folder)
    if not state.step:
        raise ShippingRefused(f"The run in {folder} has not made a step yet.")
    started = [stretch for stretch in prepared.stretches if stretch.start < state.step]
    grid = started[-1].phase.grid
    network = with_weights(prepared.config, state.average)
    if prepared.config.averages:
        network = onnx_files.ViewsAveraged(
            network,
            grid=grid,
            mirror=prepared.config.mirror_average,
            degrees=prepared.config.turn_average,
        ).eval()
    whole = onnx_files.export(network, grid=grid)
    packed = prepared.packs[grid]
    parts = prepared.parts
    chosen = parts.tune if packed.masks[parts.tune].any() else parts.train
    chosen = chosen[:: max(1, len(chosen) // FILMS_TO_COMPARE)]
    films = packed.films[chosen]
    logits = onnx_files.logits_of(whole, films)
    small = onnx_files.halved(whole)
    small_logits = onnx_files.logits_of(small, films)
    agreement = _agreement(logits, small_logits, inside(packed, chosen))
    if agreement < onnx_files.LEAST_AGREEMENT:
        small, small_logits, agreement = whole, logits, 1.0
    if len(small) > LARGEST_FILE:
        raise ShippingRefused(f"The file would have {len(small) / 1e6:.1f} MB; 15 are allowed.")
    return ExportedRun(prepared, state, grid, small, agreement, chosen, small_logits)


def _agreement(
    first: NDArray[np.float32], second: NDArray[np.float32], truth: NDArray[np.bool_]
) -> float:
    """Return the mean Dice between the masks of two logits [n, h, w], as they would be used.

    That is at the first one's operating point: a single pixel that is dropped as a speck in use
    would count as a whole film that differs.
    """
    point = choose(first, truth)
    pairs = zip(
        *(
            masks_at(probability(logits, point.temperature), point.threshold, point.specks)
            for logits in (first, second)
        ),
        strict=True,
    )
    return float(np.mean([dice(one, other) for one, other in pairs]))


def trained_on(files: Sequence[ExportedRun]) -> str:
    """Return the CSV of the films that taught or tuned.

    Columns are pixels_sha256, fold (empty: every file), near, the film's near code, and tuned, 1
    where the film chose thresholds and taught nothing.
    """
    folds_made = {file.prepared.fold for file in files}
    rows: dict[str, str] = {}
    near: dict[str, str] = {}
    taught: set[str] = set()
    for file in files:
        if file.prepared.start:
            seen = file.prepared.start.seen
            rows |= dict.fromkeys(seen, "")
            near |= seen.near
            taught |= seen.keys() - seen.tuned
        parts = file.prepared.parts
        learnt = set(parts.train.tolist())
        for index in [*parts.train, *parts.tune]:
            fold = int(parts.fold[index])
            sha = str(file.packed.pixels_sha256[index])
            rows[sha] = str(fold) if fold in folds_made else ""
            if index in learnt:
                taught.add(sha)
            if sha not in near:
                near[sha] = near_code(fingerprint(file.packed.films[index].astype(np.float32)))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["pixels_sha256", "fold", "near", "tuned"])
    writer.writerows(
        (sha, fold, near.get(sha, ""), "" if sha in taught else 1)
        for sha, fold in sorted(rows.items())
    )
    return text.getvalue()


def config_of(folder: Path) -> tuple[TrainingConfig, int | None]:
    """Return the configuration and the fold that a run was made with."""
    path = checkpoint_of(folder)
    if not path.exists():
        raise ShippingRefused(f"There is no training run in {folder}.")
    state = checkpoints.load(path)
    return TrainingConfig.model_validate_json(state.config), state.fold
