"""How well a map of a film points at what was drawn: thresholds, pixels, hits. Pure.

A map is float32 [H, W] in 0 … 1 at native size; the truth is the drawn mask, bool [H, W].
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from app.masks.components import EIGHT_NEIGHBOURS, without_specks
from app.masks.measures import Confusion, confusion
from app.networks.scoring import Estimate, ScoredFilm, ratio

Map = NDArray[np.float32]
Mask = NDArray[np.bool_]

THRESHOLDS = np.round(np.arange(0.02, 0.985, 0.02), 2)


@dataclass(frozen=True)
class ScoredMap:
    """One map of one film: the pixels of its mask, and where it points.

    ``hit``: the map's maximum lies in the drawn mask (the pointing game, Zhang et al. 2018).
    ``components`` were drawn, ``touched`` of them meet the map's mask.
    """

    film: ScoredFilm
    hit: bool
    components: int
    touched: int


@dataclass(frozen=True)
class MapScores:
    """Of films with a drawn mask. *Per film*: mean of films; *pooled*: all pixels together.

    Precision per film is the mean of the films on which anything is claimed. ``touched`` counts the
    drawn components of all films together. ``behind`` is the per-film Dice that the reference map
    has more on the same films.
    """

    films: int
    patients: int
    dice_per_film: Estimate | None
    dice_pooled: Estimate | None
    iou_per_film: Estimate | None
    iou_pooled: Estimate | None
    sensitivity_per_film: Estimate | None
    sensitivity_pooled: Estimate | None
    precision_per_film: Estimate | None
    precision_pooled: Estimate | None
    hit: Estimate | None
    touched: Estimate | None
    behind: Estimate | None


@dataclass
class ThresholdSearch:
    """Collects Dice at each of `THRESHOLDS`, film by film."""

    dice: list[NDArray[np.float64]] = field(default_factory=list)

    def add(self, values: Map, truth: Mask) -> None:
        """Take a film with a drawn mask into account."""
        self.dice.append(dice_by_threshold(values, truth))

    @property
    def best(self) -> float:
        """The threshold with the best mean Dice per film; of equal ones the lowest."""
        return float(THRESHOLDS[int(np.argmax(np.mean(self.dice, axis=0)))])


def dice_by_threshold(values: Map, truth: Mask) -> NDArray[np.float64]:
    """Return the Dice of ``values >= t`` with the truth for every t of `THRESHOLDS`."""
    edges = THRESHOLDS.astype(np.float32)
    # How many thresholds a pixel reaches; then how many pixels reach each.
    reached = np.searchsorted(edges, values.ravel(), side="right")
    claimed = _reaching(reached)
    overlap = _reaching(reached[truth.ravel()])
    together: NDArray[np.float64] = claimed + np.count_nonzero(truth)
    return 2 * overlap / np.maximum(together, 1)


def _reaching(reached: NDArray[np.intp]) -> NDArray[np.float64]:
    counts = np.bincount(reached, minlength=len(THRESHOLDS) + 1)
    return counts[::-1].cumsum()[::-1][1:].astype(np.float64)


def score_map(
    values: Map, truth: Mask, *, threshold: float, specks: float, name: str, patient: str
) -> ScoredMap:
    """Return the score of a map at a threshold, components below ``specks`` of the film dropped."""
    mask = without_specks(values >= np.float32(threshold), fraction=specks)
    labels, count = ndimage.label(truth, EIGHT_NEIGHBOURS)
    touched = np.unique(labels[mask])
    return ScoredMap(
        film=ScoredFilm(name, patient or name, confusion(mask, truth)),
        hit=hit(values, truth),
        components=count,
        touched=int(np.count_nonzero(touched)),
    )


def hit(values: Map, truth: Mask) -> bool:
    """Say whether the map's maximum lies in the truth; of several, the middle one in reading order.

    A map that is 0 everywhere points nowhere and misses.
    """
    highest = values.max()
    if highest <= 0:
        return False
    places = np.flatnonzero(values == highest)
    return bool(truth.ravel()[places[len(places) // 2]])


def sum_up(scored: Sequence[ScoredMap], *, reference: Sequence[ScoredMap], seed: int) -> MapScores:
    """Return the scores of one map over films with a drawn mask, with 95 % intervals."""
    films = [one.film for one in scored]
    by_name = {one.film.name: one for one in scored}
    better = {one.film.name: one.film.counts.dice for one in reference}
    claiming = [film for film in films if film.area > 0]

    def mean(of: Callable[[ScoredFilm], float], group: list[ScoredFilm]) -> Estimate | None:
        return ratio(group, lambda film: (of(film), 1.0), seed=seed)

    def pooled(
        part: Callable[[Confusion], float], whole: Callable[[Confusion], float]
    ) -> Estimate | None:
        return ratio(films, lambda film: (part(film.counts), whole(film.counts)), seed=seed)

    def found(counts: Confusion) -> float:
        return float(counts.true_positive)

    return MapScores(
        films=len(films),
        patients=len({film.patient for film in films}),
        dice_per_film=mean(lambda film: film.counts.dice, films),
        dice_pooled=pooled(
            lambda c: 2.0 * c.true_positive,
            lambda c: 2.0 * c.true_positive + c.false_positive + c.false_negative,
        ),
        iou_per_film=mean(lambda film: film.counts.iou, films),
        iou_pooled=pooled(found, lambda c: c.true_positive + c.false_positive + c.false_negative),
        sensitivity_per_film=mean(lambda film: film.counts.sensitivity, films),
        sensitivity_pooled=pooled(found, lambda c: c.true_positive + c.false_negative),
        precision_per_film=mean(lambda film: film.counts.precision, claiming),
        precision_pooled=pooled(found, lambda c: c.true_positive + c.false_positive),
        hit=mean(lambda film: float(by_name[film.name].hit), films),
        touched=ratio(
            films,
            lambda film: (by_name[film.name].touched, by_name[film.name].components),
            seed=seed,
        ),
        behind=mean(lambda film: better[film.name] - film.counts.dice, films),
    )


def evenly_chosen(scored: Iterable[ScoredMap], count: int) -> list[ScoredMap]:
    """Return films at evenly spaced quantiles of Dice, worst first: the first and the last too."""
    ordered = sorted(scored, key=lambda one: (one.film.counts.dice, one.film.name))
    if len(ordered) <= count:
        return ordered
    places = np.linspace(0, len(ordered) - 1, count).round().astype(int)
    return [ordered[place] for place in places]
