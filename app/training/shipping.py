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

from app.masks.measures import dice
from app.networks.scoring import Evaluation, ScoredFilm, evaluate
from app.problems import Problem
from app.training import checkpoints, manifest_file, onnx_files
from app.training.cards import TUNING, card
from app.training.checkpoints import Checkpoint
from app.training.config import TrainingConfig
from app.training.evaluation import measure
from app.training.loop import with_weights
from app.training.operating import OperatingPoint, choose, masks_at, probability
from app.training.packing import Pack
from app.training.runs import Prepared, checkpoint_of, inside, scored_at

FILMS_TO_COMPARE = 400
BOOTSTRAP_SEED = 1
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
    parts = prepared.parts
    chosen = parts.tune if packed.masks[parts.tune].any() else parts.train
    chosen = chosen[:: max(1, len(chosen) // FILMS_TO_COMPARE)]
    films = packed.films[chosen]
    logits = onnx_files.logits_of(whole, films)
    small = onnx_files.halved(whole)
    small_logits = onnx_files.logits_of(small, films)
    agreement = _agreement(logits, small_logits)
    if agreement < onnx_files.LEAST_AGREEMENT:
        small, small_logits, agreement = whole, logits, 1.0
    if len(small) > LARGEST_FILE:
        raise ShippingRefused(f"The file would have {len(small) / 1e6:.1f} MB; 15 are allowed.")
    return Shipped(prepared, state, grid, small, agreement, chosen, small_logits)


def _agreement(first: NDArray[np.float32], second: NDArray[np.float32]) -> float:
    pairs = zip(masks_at(first, 0, 0), masks_at(second, 0, 0), strict=True)
    return float(np.mean([dice(one, other) for one, other in pairs]))


def ship(
    files: Sequence[Shipped],
    *,
    models: Path,
    stages: tuple[int, ...] | None,
    replace: bool,
    command: str,
    after_film: Callable[[], None] = lambda: None,
) -> Evaluation:
    """Measure the files on their test films and write folder, card and manifest entry."""
    config = files[0].prepared.config
    target = models / config.name
    _refuse_taken(target, replace=replace)
    point = choose(
        np.concatenate([file.tune_logits for file in files]),
        np.concatenate([inside(file.packed, file.tune) for file in files]),
    )
    tuned = [score for file in files for score in _tuned(file, point)]
    tested = _tested(files, point, after_film)
    unseen = _tested(files[:1], point, after_film, unseen=True)
    measured = _evaluated([score for scores in tested.values() for score in scores] or tuned, point)
    text = card(
        config,
        states=[file.state for file in files],
        prepared=[file.prepared for file in files],
        grid=files[0].grid,
        agreement=min(file.agreement for file in files),
        point=point,
        measures={TUNING: _evaluated(tuned, point)}
        | {f"{name}, test": _evaluated(scores, point) for name, scores in tested.items()}
        | {f"{name}, never seen": _evaluated(scores, point) for name, scores in unseen.items()},
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
        measured=measured,
        files=[
            (file.file_name, hashlib.sha256(file.data).hexdigest(), file.prepared.fold)
            for file in files
        ],
    )
    manifest_file.put(models / "manifest.toml", entry)
    return measured


def _refuse_taken(target: Path, *, replace: bool) -> None:
    if target.exists() and not replace:
        raise ShippingRefused(
            f"{target} is there already.", cure="Give --replace to put the new one in its place."
        )


def _evaluated(scores: Sequence[ScoredFilm], point: OperatingPoint) -> Evaluation:
    return evaluate(scores, detection_threshold=point.detection_threshold, seed=BOOTSTRAP_SEED)


def _tuned(file: Shipped, point: OperatingPoint) -> list[ScoredFilm]:
    probabilities = probability(file.tune_logits, point.temperature)
    masks = masks_at(probabilities, point.threshold, point.specks)
    return scored_at(file.packed, file.tune, masks)


def _tested(
    files: Sequence[Shipped],
    point: OperatingPoint,
    after_film: Callable[[], None],
    *,
    unseen: bool = False,
) -> dict[str, list[ScoredFilm]]:
    """Return the scores of the test films by folder, or of the folders kept unseen as a whole."""
    scores: dict[str, list[ScoredFilm]] = {}
    for file in files:
        prepared = file.prepared
        sources = [prepared.sources[index] for index in prepared.parts.test]
        if unseen:
            sources = prepared.kept_unseen
        for folder in dict.fromkeys(source.folder for source in sources):
            scores.setdefault(folder or "exported set", []).extend(
                measure(
                    file.data,
                    [source for source in sources if source.folder == folder],
                    config=prepared.config,
                    grid=file.grid,
                    point=point,
                    after_film=after_film,
                )
            )
    return scores


def trained_on(files: Sequence[Shipped]) -> str:
    """Return the CSV of the films that taught or tuned: pixels_sha256, fold (empty: every file)."""
    folds_made = {file.prepared.fold for file in files}
    rows: dict[str, str] = {}
    for file in files:
        parts = file.prepared.parts
        for index in np.concatenate([parts.train, parts.tune]):
            fold = int(parts.fold[index])
            rows[str(file.packed.pixels_sha256[index])] = str(fold) if fold in folds_made else ""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["pixels_sha256", "fold"])
    writer.writerows(sorted(rows.items()))
    return text.getvalue()


def films_to_measure(files: Sequence[Shipped]) -> int:
    """Return of how many films `ship` will report."""
    tested = sum(len(file.prepared.parts.test) for file in files)
    return tested + len(files[0].prepared.kept_unseen)


def averages(measured: Evaluation) -> dict[str, float]:
    """Return both averages of Dice by name; none where no film has a mask."""
    scores = measured.scores
    both = {"Dice per film": scores.dice_per_film, "Dice pooled": scores.dice_pooled}
    return {name: average.value for name, average in both.items() if average}


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
