"""From finished runs to a network in ``models/``: file, operating point, measures, card, entry."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np

from app.networks import stored
from app.networks.scoring import Evaluation, ScoredFilm, evaluate
from app.networks.stored import Prediction
from app.training import manifest_file, onnx_files
from app.training.cards import TUNING, card
from app.training.evaluation import measure
from app.training.exporting import ExportedRun, ShippingRefused, trained_on
from app.training.operating import OperatingPoint, choose, masks_at, probability
from app.training.runs import inside, scored_at
from app.training.sources import Source

BOOTSTRAP_SEED = 1
OUT_OF_FOLD = "out-of-fold.zip"


def ship(
    runs: Sequence[ExportedRun],
    *,
    models: Path,
    stages: tuple[int, ...] | None,
    replace: bool,
    command: str,
    keep_folds: bool = True,
    after_film: Callable[[], None] = lambda: None,
) -> Evaluation:
    """Choose the operating point, measure, and write folder, card and manifest entry.

    Several runs (one on all films, one a fold) become one network with several files. Without
    ``keep_folds`` the folds' files are not written, only what each says of the films it never saw.
    """
    runs = sorted(runs, key=lambda run: -1 if run.prepared.fold is None else run.prepared.fold)
    config = runs[0].prepared.config
    target = models / config.name
    _assert_room(target, runs, replace=replace, keep_folds=keep_folds)
    point = choose(
        np.concatenate([run.tune_logits for run in runs]),
        np.concatenate([inside(run.packed, run.tune) for run in runs]),
    )
    measures, measured = _measures(runs, point, after_film)
    shipped = [run for run in runs if keep_folds or run.prepared.fold is None]
    contents = {run.file_name: run.data for run in shipped}
    contents["card.md"] = card(runs, point=point, measures=measures, command=command).encode()
    contents["trained-on.csv"] = trained_on(runs).encode()
    if len(shipped) < len(runs):
        contents[OUT_OF_FOLD] = stored.write(_predictions(runs, point))
    _write_folder(target, contents)
    entry = manifest_file.entry(
        config,
        stages=config.stages if stages is None else stages,
        grid=runs[0].grid,
        point=point,
        measured=measured,
        files=[(run.file_name, sha256(run.data).hexdigest(), run.prepared.fold) for run in shipped],
        out_of_fold=(OUT_OF_FOLD, contents[OUT_OF_FOLD]) if OUT_OF_FOLD in contents else None,
    )
    manifest_file.put(models / "manifest.toml", entry)
    return measured


def _assert_room(
    target: Path, runs: Sequence[ExportedRun], *, replace: bool, keep_folds: bool
) -> None:
    if target.exists() and not replace:
        raise ShippingRefused(
            f"{target} is there already.", cure="Give --replace to put the new one in its place."
        )
    if not keep_folds and runs[0].prepared.fold is not None:
        raise ShippingRefused(
            "Without the folds' files there must be a run on all films.",
            cure="Name that run too, or keep the folds' files.",
        )


def _measures(
    runs: Sequence[ExportedRun], point: OperatingPoint, after_film: Callable[[], None]
) -> tuple[dict[str, Evaluation], Evaluation]:
    """Return the evaluations by the films they were taken on, and the one that counts."""
    tuned = [score for run in runs for score in _tuned(run, point)]
    tested = _scores(runs, point, after_film, _tested)
    out_of_fold = _scores(runs, point, after_film, _out_of_fold)
    unseen = _scores(runs[:1], point, after_film, _kept_unseen)
    held_back = [score for scores in (tested or out_of_fold).values() for score in scores]
    scores = {TUNING: tuned}
    scores |= {f"{name}, test": each for name, each in tested.items()}
    scores |= {f"{name}, out of fold": each for name, each in out_of_fold.items()}
    scores |= {f"{name}, never seen": each for name, each in unseen.items()}
    counts = _evaluated(held_back or tuned, point)
    return {name: _evaluated(each, point) for name, each in scores.items()}, counts


def _evaluated(scores: Sequence[ScoredFilm], point: OperatingPoint) -> Evaluation:
    return evaluate(scores, detection_threshold=point.detection_threshold, seed=BOOTSTRAP_SEED)


def _tuned(run: ExportedRun, point: OperatingPoint) -> list[ScoredFilm]:
    probabilities = probability(run.tune_logits, point.temperature)
    masks = masks_at(probabilities, point.threshold, point.specks)
    return scored_at(run.packed, run.tune, masks)


def _scores(
    runs: Sequence[ExportedRun],
    point: OperatingPoint,
    after_film: Callable[[], None],
    films: Callable[[Sequence[ExportedRun], ExportedRun], list[Source]],
) -> dict[str, list[ScoredFilm]]:
    """Return the scores of each run's films, by folder."""
    scores: dict[str, list[ScoredFilm]] = {}
    for run in runs:
        sources = films(runs, run)
        for folder in dict.fromkeys(source.folder for source in sources):
            scores.setdefault(folder or "exported set", []).extend(
                measure(
                    run.data,
                    [source for source in sources if source.folder == folder],
                    config=run.prepared.config,
                    grid=run.grid,
                    point=point,
                    after_film=after_film,
                )
            )
    return scores


def _tested(runs: Sequence[ExportedRun], run: ExportedRun) -> list[Source]:
    """Return the films held back from all runs; the default file answers for the network."""
    prepared = run.prepared
    return [prepared.sources[film] for film in prepared.parts.test] if run is runs[0] else []


def _out_of_fold(runs: Sequence[ExportedRun], run: ExportedRun) -> list[Source]:
    """Return the films that this run's fold held out, and the others taught."""
    return [run.prepared.sources[film] for film in run.prepared.parts.out_of_fold]


def _kept_unseen(runs: Sequence[ExportedRun], run: ExportedRun) -> list[Source]:
    return run.prepared.kept_unseen


def _predictions(runs: Sequence[ExportedRun], point: OperatingPoint) -> Iterator[Prediction]:
    """Yield what each fold's file says of the films that it never saw."""
    for run in runs:
        chosen, fold = run.prepared.parts.out_of_fold, run.prepared.fold
        if fold is None or not len(chosen):
            continue
        digest = sha256(run.data).hexdigest()
        logits = onnx_files.logits_of(run.data, run.packed.films[chosen])
        said = probability(logits, point.temperature)
        for film, values in zip(chosen, said, strict=True):
            yield Prediction(str(run.packed.pixels_sha256[film]), fold, digest, values)


def films_to_measure(runs: Sequence[ExportedRun]) -> int:
    """Return of how many films `ship` will report."""
    kinds = (_tested, _out_of_fold)
    films = sum(len(kind(runs, run)) for run in runs for kind in kinds)
    return films + len(_kept_unseen(runs, runs[0]))


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
