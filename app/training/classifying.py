"""A classifier's finished run opened again: its films by their part, and the maps it makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.problems import Problem
from app.training import checkpoints, packing
from app.training.activation_maps import ActivationMapper
from app.training.alike import prints_of
from app.training.config import TrainingConfig
from app.training.exporting import config_of
from app.training.film_maps import MapRoom, map_room
from app.training.loop import with_weights
from app.training.packing import Pack
from app.training.runs import Prepared, Progress, checkpoint_of, prepare
from app.training.sources import Source, find_sources
from app.twins.fingerprint import SIDE
from app.twins.search import twins_between


class NoClassifier(Problem):
    """A run of another kind was given, or one that has not begun."""

    code = "no-classifier"


@dataclass(frozen=True)
class FilmParts:
    """The films that choose thresholds, those that are measured, and what the run has learnt."""

    tune: list[Source]
    test: list[Source]
    packed: Pack
    learnt: NDArray[np.intp]  # the films of the pack that taught or tuned
    config: TrainingConfig


def open_room(
    run: Path,
    *,
    network: str,
    models: Path,
    data: Path,
    cache: Path,
    threads: int,
    progress: Progress = lambda done, total: None,
) -> tuple[MapRoom, FilmParts]:
    """Return the networks that make maps, and the films of the run."""
    config, fold = config_of(run)
    if config.architecture.kind != "classifier":
        raise NoClassifier(
            f"The run in {run} makes masks (kind {config.architecture.kind!r}).",
            cure="Train app/training/configs/classifier.toml first.",
        )
    prepared = prepare(config, data, cache=cache, fold=fold, progress=progress)
    state = checkpoints.load(checkpoint_of(run))
    checkpoints.assert_same_run(state, config, prepared.training_films, where=run)
    if not state.step:
        raise NoClassifier(f"The run in {run} has not made a step yet.", cure="Train it first.")
    started = [stretch for stretch in prepared.stretches if stretch.start < state.step]
    room = map_room(
        models,
        network,
        config=config,
        grid=started[-1].phase.grid,
        mapper=ActivationMapper(with_weights(config, state.average)),
        threads=threads,
    )
    return room, _parts(prepared)


def _parts(prepared: Prepared) -> FilmParts:
    packed, parts = prepared.packs[prepared.config.phase[0].grid], prepared.parts
    return FilmParts(
        tune=[prepared.sources[index] for index in parts.tune],
        test=[prepared.sources[index] for index in parts.test],
        packed=packed,
        learnt=np.concatenate([parts.train, parts.tune]),
        config=prepared.config,
    )


def unseen(folder: Path, parts: FilmParts, *, progress: Progress) -> list[Source]:
    """Return the films of a layout that nearly equal none that the classifier learnt from."""
    config = parts.config
    sources = find_sources(folder, (), config.task)
    percentiles = (config.low, config.high)
    small = packing.pack(sources, grid=(SIDE, SIDE), percentiles=percentiles, progress=progress)
    known = prints_of(parts.packed, parts.learnt)
    seen = {twin.first for twin in twins_between(prints_of(small), known)}
    return [source for index, source in enumerate(sources) if index not in seen]


def drawn_by_lot(sources: Sequence[Source], count: int, *, seed: int) -> list[Source]:
    """Return the films without a mask and count of those with one, in order; 0: all."""
    marked = [index for index, source in enumerate(sources) if source.marked]
    if not 0 < count < len(marked):
        return list(sources)
    kept = set(np.random.default_rng(seed).choice(marked, count, replace=False).tolist())
    return [source for index, source in enumerate(sources) if index in kept or not source.marked]
