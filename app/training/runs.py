"""A training run from its configuration and a folder of films: prepare, train, predict."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.networks.scoring import ScoredFilm, evaluate
from app.problems import Problem
from app.training import packing
from app.training.batches import batches
from app.training.checkpoints import load_or_new
from app.training.config import Task, TrainingConfig
from app.training.evaluation import scored
from app.training.loop import Run, Stretch
from app.training.operating import masks_at
from app.training.packing import Pack
from app.training.parts import Parts, divide
from app.training.places import Place
from app.training.predicting import film_logits, logits
from app.training.presence import ScoredFilms, detection
from app.training.sources import Source, find_sources
from app.training.starting import Start, StartRefused, read_start
from app.training.teams import Team

Progress = Callable[[int, int], None]  # how many films are read, of how many


class NothingToLearn(Problem):
    """No film with a mask is left for training."""

    code = "nothing-to-learn"


@dataclass(frozen=True)
class Prepared:
    """The films of a run, read at each size of its schedule, and the part each film plays."""

    config: TrainingConfig
    sources: list[Source]
    packs: dict[tuple[int, int], Pack]
    parts: Parts
    fold: int | None
    kept_unseen: list[Source]  # films whose twins do not teach
    start: Start | None = None

    @property
    def stretches(self) -> list[Stretch]:
        """Return the schedule's phases, each with its films and its first step."""
        stretches: list[Stretch] = []
        for phase in self.config.phase:
            start = stretches[-1].start + stretches[-1].steps if stretches else 0
            films = batches(
                self.packs[phase.grid],
                self.parts.train,
                self.config,
                negatives_a_batch=phase.negatives_a_batch,
            )
            stretches.append(Stretch(phase, films, start))
        return stretches

    @property
    def training_films(self) -> list[str]:
        """Return folder/name of the films that are learned from."""
        packed = next(iter(self.packs.values()))
        chosen = self.parts.train
        return [
            f"{folder}/{name}"
            for folder, name in zip(packed.folder[chosen], packed.name[chosen], strict=True)
        ]


def prepare(
    config: TrainingConfig,
    data: Path,
    *,
    cache: Path,
    fold: int | None = None,
    models: Path = Path("models"),
    progress: Progress = lambda done, total: None,
) -> Prepared:
    """Read the configuration's films below data, or find them read already in cache.

    ``models`` holds the network that the configuration goes on from, if it names one.
    """

    def read(folders: Sequence[str], grid: tuple[int, int]) -> tuple[list[Source], Pack]:
        sources = find_sources(data, folders, config.task)
        return sources, _packed(config, sources, grid=grid, cache=cache, progress=progress)

    grids = list(dict.fromkeys(phase.grid for phase in config.phase))
    unseen: list[Source] = []
    kept_unseen: Pack | None = None
    if config.data.leave_out_twins_of:
        unseen, kept_unseen = read(config.data.leave_out_twins_of, grids[0])
    packs = {}
    for grid in grids:
        sources, packs[grid] = read(config.data.folders, grid)
    parts = divide(
        packs[grids[0]],
        config,
        kept_unseen=kept_unseen,
        fold=fold,
        cache=cache,
        progress=progress,
    )
    if not packs[grids[0]].has_mask(parts.train).any():
        raise NothingToLearn(f"No film with a mask of {config.task} is left to learn from.")
    start = read_start(config, models)
    if start:
        _assert_unseen(start, packs[grids[0]], parts, name=config.start)
    return Prepared(config, sources, packs, parts, fold, unseen, start)


def _assert_unseen(start: Start, packed: Pack, parts: Parts, *, name: str) -> None:
    """Raise StartRefused if the network to go on from has learnt from a film that shall test."""
    tested = np.concatenate([parts.test, parts.out_of_fold])
    known = sum(str(packed.pixels_sha256[film]) in start.seen for film in tested)
    if known:
        raise StartRefused(
            f"The network {name} has learnt from {known} of the films that this run is tested on.",
            cure="Go on from a network that never saw them, or begin with fresh weights.",
        )


def _packed(
    config: TrainingConfig,
    sources: list[Source],
    *,
    grid: tuple[int, int],
    cache: Path,
    progress: Progress,
) -> Pack:
    path = cache / _key(config, sources, grid)
    if not path.exists():
        packing.pack_into(
            path, sources, grid=grid, percentiles=(config.low, config.high), progress=progress
        )
    return packing.load(path)


def _key(config: TrainingConfig, sources: list[Source], grid: tuple[int, int]) -> str:
    """Return a name for a pack that changes with whatever its content depends on."""
    task: Task = config.task
    digest = hashlib.sha256(f"2 {task} {grid} {config.low} {config.high}".encode())
    for source in sources:
        digest.update(repr(replace(source, path=Path(), mask=None)).encode())
        for path in (source.path, source.mask):
            stamp = path.stat() if path else None
            digest.update(f"{stamp and (stamp.st_size, stamp.st_mtime_ns)}".encode())
    return digest.hexdigest()[:20]


def open_run(
    prepared: Prepared, folder: Path, *, place: Place | None = None, team: Team | None = None
) -> Run:
    """Begin a run in folder, or take it up where it was left; unless said, on the processor."""
    state = load_or_new(
        checkpoint_of(folder), prepared.config, prepared.training_films, fold=prepared.fold
    )
    run = Run(prepared.config, prepared.stretches, state, place=place, team=team)
    if prepared.start and not state.step:
        run.begin_with(prepared.start.weights)
    return run


def checkpoint_of(folder: Path) -> Path:
    """Return where a run keeps its state."""
    return folder / "checkpoint.pt"


def tune_scores(prepared: Prepared, run: Run) -> dict[str, float]:
    """Return Dice of the averaged network on the tuning films at its present size, at p ≥ ½."""
    packed = prepared.packs[run.stretch.phase.grid]
    chosen = prepared.parts.tune
    if not len(chosen):
        return {}
    if prepared.config.architecture.kind == "classifier":
        return _presence_scores(packed, chosen, film_logits(run.averaged(), packed.films[chosen]))
    masks = masks_at(logits(run.averaged(), packed.films[chosen]), 0.0, 0.0)
    scores = evaluate(scored_at(packed, chosen, masks), detection_threshold=1.0, seed=1).scores
    averages = {"dice_per_film": scores.dice_per_film, "dice_pooled": scores.dice_pooled}
    return {name: average.value for name, average in averages.items() if average}


def out_of_fold_scores(prepared: Prepared, run: Run) -> list[ScoredFilm]:
    """Return the scores of the films that the run's fold held out, at p ≥ ½ on the last grid."""
    packed, chosen = prepared.packs[run.stretch.phase.grid], prepared.parts.out_of_fold
    if not len(chosen):
        return []
    masks = masks_at(logits(run.averaged(), packed.films[chosen]), 0.0, 0.0)
    return scored_at(packed, chosen, masks)


def _presence_scores(
    packed: Pack, chosen: NDArray[np.intp], scores: NDArray[np.float32]
) -> dict[str, float]:
    """Return what a classifier's logits tell at p ≥ ½, and the area under the curve."""
    infected = np.asarray(packed.masks[chosen].any((1, 2)))
    films = ScoredFilms(scores.astype(np.float64), infected, tuple(packed.name[chosen]))
    found = detection(films, threshold=0.0, seed=1)
    figures = {"sensitivity": found.sensitivity, "specificity": found.specificity, "auc": found.auc}
    return {name: figure.value for name, figure in figures.items() if figure}


def scored_at(packed: Pack, chosen: NDArray[np.intp], masks: NDArray[np.bool_]) -> list[ScoredFilm]:
    """Return a score per chosen film of a pack, on the pack's grid."""
    films = zip(chosen, masks, inside(packed, chosen), strict=True)
    return [
        scored(str(packed.name[film]), str(packed.patient[film]), mask, truth)
        for film, mask, truth in films
    ]


def inside(packed: Pack, chosen: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Return the masks bool [n, h, w] of a pack: cells that are more than half inside."""
    return packed.masks[chosen] > 127
