"""A shipped file measured on films as the product runs it: native sizes, ONNX Runtime."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from app.films.voi import luminance
from app.masks.measures import confusion
from app.networks.scaling import to_input, to_native
from app.networks.scoring import ScoredFilm
from app.training.config import TrainingConfig
from app.training.onnx_files import run_each
from app.training.operating import OperatingPoint, probability
from app.training.sources import Source, read_mask, read_pixels


def measure(
    data: bytes,
    sources: Sequence[Source],
    *,
    config: TrainingConfig,
    grid: tuple[int, int],
    point: OperatingPoint,
    after_film: Callable[[], None] = lambda: None,
) -> list[ScoredFilm]:
    """Return a score per film of the masks that an ONNX file makes at an operating point.

    Each mask is made at the film's native size and compared with the drawn one there; a film
    without a drawn mask has an empty truth.
    """
    shapes: list[tuple[int, int]] = []

    def inputs() -> Iterator[NDArray[np.float32]]:
        for source in sources:
            film = read_pixels(source)
            shapes.append(film.shape)
            grey = luminance(film)
            yield to_input(grey, grid=grid, low=config.low, high=config.high)[np.newaxis]

    scores: list[ScoredFilm] = []
    for source, logits in zip(sources, run_each(data, inputs()), strict=True):
        shape = shapes[-1]
        native = to_native(probability(logits[0, 0], point.temperature), shape)
        truth = read_mask(source, shape)
        scores.append(scored(source.name, source.patient, point.mask(native), truth))
        after_film()
    return scores


def scored(
    name: str, patient: str, mask: NDArray[np.bool_], truth: NDArray[np.bool_]
) -> ScoredFilm:
    """Return the score of one mask [h, w]; a film of an unknown patient is a patient of its own."""
    return ScoredFilm(name, patient or name, confusion(mask, truth))
