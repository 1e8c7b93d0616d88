"""From finished runs to a network in ``models/``: file, operating point, measures, card, entry."""

from __future__ import annotations

import csv
import hashlib
import io
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.problems import Problem
from app.training import checkpoints, manifest_file, onnx_files
from app.training.cards import card
from app.training.checkpoints import Checkpoint
from app.training.config import TrainingConfig
from app.training.evaluation import measure
from app.training.loop import with_weights
from app.training.operating import OperatingPoint, choose, masks_at, probability
from app.training.runs import Prepared, checkpoint_of, inside
from app.training.scores import FilmScore, Scores, score_films, summary

FILMS_TO_COMPARE = 200
LARGEST_FILE = 15_000_000  # bytes


class ShippingRefused(Problem):
    """A network cannot be put into models/ as asked."""

    code = "shipping"


@dataclass(frozen=True)
class Shipped:
    """One run's ONNX file with what is needed to judge it."""

    prepared: Prepared
    state: Checkpoint
    grid: tuple[int, int]
    data: bytes
    agreement: float  # Dice of the masks before and after halving the weights; 1 if not halved
    tune_logits: NDArray[np.float32]
    tune_truth: NDArray[np.bool_]

    @property
    def file_name(self) -> str:
        """Return the name of the file in the network's folder."""
        fold = self.prepared.fold
        return "network.onnx" if fold is None else f"network-fold{fold}.onnx"


def export_run(prepared: Prepared, folder: Path) -> Shipped:
    """Turn the averaged network of a run into an ONNX file, weights halved if no mask changes."""
    state = checkpoints.load(checkpoint_of(folder))
    checkpoints.assert_same_run(state, prepared.config, prepared.training_films, where=folder)
    if not state.step:
        raise ShippingRefused(f"The run in {folder} has not made a step yet.")
    started = [stretch for stretch in prepared.stretches if stretch.start < state.step]
    grid = started[-1].phase.grid
    whole = onnx_files.export(with_weights(prepared.config, state.average), grid=grid)
    packed = prepared.packs[grid]
    chosen = prepared.parts.tune if len(prepared.parts.tune) else prepared.parts.train
    chosen = chosen[:: max(1, len(chosen) // 400)]
    films, truth = packed.films[chosen], inside(packed, chosen)
    logits = onnx_files.logits_of(whole, films)
    small = onnx_files.halved(whole)
    small_logits = onnx_files.logits_of(small, films)
    agreement = _agreement(logits, small_logits)
    if agreement < onnx_files.LEAST_AGREEMENT:
        small, small_logits, agreement = whole, logits, 1.0
    if len(small) > LARGEST_FILE:
        raise ShippingRefused(f"The file would have {len(small) / 1e6:.1f} MB; 15 are allowed.")
    return Shipped(prepared, state, grid, small, agreement, small_logits, truth)


def _agreement(first: NDArray[np.float32], second: NDArray[np.float32]) -> float:
    scores = score_films(masks_at(first, 0, 0), masks_at(second, 0, 0))
    return float(np.mean([score.counts.dice for score in scores]))


def ship(
    files: Sequence[Shipped],
    *,
    models: Path,
    stages: tuple[int, ...] | None,
    replace: bool,
    command: str,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Scores:
    """Measure the files on their test films and write folder, card and manifest entry."""
    config = files[0].prepared.config
    target = models / config.name
    if target.exists() and not replace:
        raise ShippingRefused(
            f"{target} is there already.", cure="Give --replace to put the new one in its place."
        )
    logits = np.concatenate([file.tune_logits for file in files])
    truth = np.concatenate([file.tune_truth for file in files])
    point = choose(logits, truth)
    scores = [score for file in files for score in _measured(file, point, progress)]
    tuned = score_films(
        masks_at(probability(logits, point.temperature), point.threshold, point.specks), truth
    )
    measured = summary(scores or tuned, detection_threshold=point.detection_threshold)
    text = card(
        config,
        states=[file.state for file in files],
        parts=[file.prepared for file in files],
        grid=files[0].grid,
        agreement=min(file.agreement for file in files),
        point=point,
        tuned=summary(tuned, detection_threshold=point.detection_threshold),
        measured=summary(scores, detection_threshold=point.detection_threshold),
        command=command,
    )
    contents = {file.file_name: file.data for file in files}
    contents |= {"card.md": text.encode(), "trained-on.csv": trained_on(files).encode()}
    _write_folder(target, contents)
    entry = manifest_file.entry(
        config,
        stages=config.stages if stages is None else stages,
        grid=files[0].grid,
        point=point,
        scores=measured,
        files=[
            (file.file_name, hashlib.sha256(file.data).hexdigest(), file.prepared.fold)
            for file in files
        ],
    )
    manifest_file.put(models / "manifest.toml", entry)
    return measured


def _measured(
    file: Shipped, point: OperatingPoint, progress: Callable[[int, int], None]
) -> list[FilmScore]:
    sources = [file.prepared.sources[index] for index in file.prepared.parts.test]
    return measure(
        file.data,
        sources,
        config=file.prepared.config,
        grid=file.grid,
        point=point,
        progress=progress,
    )


def trained_on(files: Sequence[Shipped]) -> str:
    """Return the CSV of the films that taught or tuned: pixels_sha256, fold (empty: every file)."""
    folds_made = {file.prepared.fold for file in files}
    rows: dict[str, str] = {}
    for file in files:
        parts = file.prepared.parts
        packed = file.prepared.packs[file.grid]
        for index in np.concatenate([parts.train, parts.tune]):
            fold = int(parts.fold[index])
            rows[str(packed.pixels_sha256[index])] = str(fold) if fold in folds_made else ""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["pixels_sha256", "fold"])
    writer.writerows(sorted(rows.items()))
    return text.getvalue()


def _write_folder(target: Path, contents: dict[str, bytes]) -> None:
    """Write a network's folder beside its place, then put it there."""
    unfinished = target.with_name(f"{target.name}.part")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    for name, data in contents.items():
        (unfinished / name).write_bytes(data)
    if target.exists():
        shutil.rmtree(target)
    unfinished.rename(target)


def config_of(folder: Path) -> tuple[TrainingConfig, int | None]:
    """Return the configuration and the fold that a run was made with."""
    path = checkpoint_of(folder)
    if not path.exists():
        raise ShippingRefused(f"There is no training run in {folder}.")
    state = checkpoints.load(path)
    return TrainingConfig.model_validate_json(state.config), state.fold
