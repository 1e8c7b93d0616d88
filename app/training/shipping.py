"""From finished runs to a network in ``models/``: file, operating point, measures, card, entry."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np

from app.networks.scoring import Evaluation, ScoredFilm, evaluate
from app.training import manifest_file
from app.training.cards import TUNING, card
from app.training.evaluation import measure
from app.training.exporting import ExportedRun, ShippingRefused, trained_on
from app.training.operating import OperatingPoint, choose, masks_at, probability
from app.training.runs import inside, scored_at

BOOTSTRAP_SEED = 1


def ship(
    runs: Sequence[ExportedRun],
    *,
    models: Path,
    stages: tuple[int, ...] | None,
    replace: bool,
    command: str,
    after_film: Callable[[], None] = lambda: None,
) -> Evaluation:
    """Choose the operating point, measure, and write folder, card and manifest entry.

    Several runs (one on all films, one a fold) become one network with several files.
    """
    config = runs[0].prepared.config
    target = models / config.name
    if target.exists() and not replace:
        raise ShippingRefused(
            f"{target} is there already.", cure="Give --replace to put the new one in its place."
        )
    point = choose(
        np.concatenate([run.tune_logits for run in runs]),
        np.concatenate([inside(run.packed, run.tune) for run in runs]),
    )
    tuned = [score for run in runs for score in _tuned(run, point)]
    tested = _tested(runs, point, after_film)
    measured = [score for scores in tested.values() for score in scores] or tuned
    unseen = _tested(runs[:1], point, after_film, unseen=True)
    text = card(
        runs,
        point=point,
        measures={TUNING: _evaluated(tuned, point)}
        | {f"{name}, test": _evaluated(scores, point) for name, scores in tested.items()}
        | {f"{name}, never seen": _evaluated(scores, point) for name, scores in unseen.items()},
        command=command,
    )
    contents = {run.file_name: run.data for run in runs}
    contents |= {"card.md": text.encode(), "trained-on.csv": trained_on(runs).encode()}
    _write_folder(target, contents)
    entry = manifest_file.entry(
        config,
        stages=config.stages if stages is None else stages,
        grid=runs[0].grid,
        point=point,
        measured=_evaluated(measured, point),
        files=[(run.file_name, sha256(run.data).hexdigest(), run.prepared.fold) for run in runs],
    )
    manifest_file.put(models / "manifest.toml", entry)
    return _evaluated(measured, point)


def _evaluated(scores: Sequence[ScoredFilm], point: OperatingPoint) -> Evaluation:
    return evaluate(scores, detection_threshold=point.detection_threshold, seed=BOOTSTRAP_SEED)


def _tuned(run: ExportedRun, point: OperatingPoint) -> list[ScoredFilm]:
    probabilities = probability(run.tune_logits, point.temperature)
    masks = masks_at(probabilities, point.threshold, point.specks)
    return scored_at(run.packed, run.tune, masks)


def _tested(
    runs: Sequence[ExportedRun],
    point: OperatingPoint,
    after_film: Callable[[], None],
    *,
    unseen: bool = False,
) -> dict[str, list[ScoredFilm]]:
    """Return the scores of the test films by folder, or of the folders kept unseen as a whole."""
    scores: dict[str, list[ScoredFilm]] = {}
    for run in runs:
        prepared = run.prepared
        sources = [prepared.sources[index] for index in prepared.parts.test]
        if unseen:
            sources = prepared.kept_unseen
        for folder in dict.fromkeys(source.folder for source in sources):
            scores.setdefault(folder or "exported set", []).extend(
                measure(
                    run.data,
                    [source for source in sources if source.folder == folder],
                    config=prepared.config,
                    grid=run.grid,
                    point=point,
                    after_film=after_film,
                )
            )
    return scores


def films_to_measure(runs: Sequence[ExportedRun]) -> int:
    """Return of how many films `ship` will report."""
    tested = sum(len(run.prepared.parts.test) for run in runs)
    return tested + len(runs[0].prepared.kept_unseen)


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
