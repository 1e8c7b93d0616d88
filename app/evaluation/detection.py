"""Told apart: films with infection and films without, by one score a film. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.evaluation.bootstrap import Bootstrap, interval
from app.networks.scoring import Estimate

AT_SPECIFICITY = (0.95, 0.98)
AT_SENSITIVITY = (0.90, 0.95)
ROUNDING = 1e-9
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Detection:
    """How well a score tells infected films from clear ones.

    ``sensitivity`` and ``specificity`` are those at ``threshold``; the others look for the best
    threshold on these very films, so they are optimistic. ``curve`` holds (share of clear films
    called infected, share of infected films called so), from the strictest threshold on.
    """

    infected: int
    clear: int
    patients: int
    threshold: float
    sensitivity: Estimate
    specificity: Estimate
    auc: Estimate
    sensitivity_at_specificity: dict[str, Estimate]
    specificity_at_sensitivity: dict[str, Estimate]
    curve: list[tuple[float, float]]


def called(scores: Values, threshold: float) -> NDArray[np.bool_]:
    """Return which films are called infected: where nothing is claimed, none is."""
    return (scores > 0) & (scores >= threshold)


def detect(
    scores: Sequence[float],
    infected: Sequence[bool],
    patients: Sequence[str],
    *,
    threshold: float,
    seed: int,
) -> Detection | None:
    """Return the detection; None unless there are films of both kinds."""
    ill = np.array(infected, np.bool_)
    if not ill.any() or ill.all():
        return None
    values, bootstrap = np.array(scores, np.float64), Bootstrap(patients, seed=seed)
    one, drawn = _rates(values, ill, bootstrap)
    sensitivity, specificity = rates_at(called(values, threshold), ill, bootstrap)
    assert sensitivity is not None
    assert specificity is not None
    return Detection(
        infected=int(np.count_nonzero(ill)),
        clear=int(np.count_nonzero(~ill)),
        patients=bootstrap.patients,
        threshold=threshold,
        sensitivity=sensitivity,
        specificity=specificity,
        auc=interval(float(_area(one)[0]), _area(drawn)),
        sensitivity_at_specificity={
            f"{wanted:g}": interval(float(_most(one, wanted)[0]), _most(drawn, wanted))
            for wanted in AT_SPECIFICITY
        },
        specificity_at_sensitivity={
            f"{wanted:g}": interval(float(_spared(one, wanted)[0]), _spared(drawn, wanted))
            for wanted in AT_SENSITIVITY
        },
        curve=[(float(alarms), float(found)) for alarms, found in one[0]],
    )


def rates_at(
    called: NDArray[np.bool_], infected: NDArray[np.bool_], bootstrap: Bootstrap
) -> tuple[Estimate | None, Estimate | None]:
    """Return sensitivity and specificity of films [n] called infected; None without such films."""
    parts = np.stack([_among(called, infected), _among(~called, ~infected)], axis=1)
    sensitivity, specificity = bootstrap.ratios(parts)
    return sensitivity, specificity


def area_under_curve(
    scores: Values, infected: NDArray[np.bool_], bootstrap: Bootstrap
) -> Estimate | None:
    """Return the share of pairs in which the infected film has the higher score; ties count half.

    None unless there are films of both kinds.
    """
    if not infected.any() or infected.all():
        return None
    one, drawn = _rates(scores, infected, bootstrap)
    return interval(float(_area(one)[0]), _area(drawn))


def _rates(
    scores: Values, infected: NDArray[np.bool_], bootstrap: Bootstrap
) -> tuple[Values, Values]:
    """Return the curve of all films, and that of each draw (see `_Ranking.rates`)."""
    ranking = _Ranking(scores, infected)
    return ranking.rates(np.ones((1, infected.size))), ranking.rates(bootstrap.weights())


class _Ranking:
    """Films from the highest score to the lowest; films of one score are called together."""

    def __init__(self, scores: Values, infected: NDArray[np.bool_]) -> None:
        self._order = np.argsort(-scores, kind="stable")
        ranked = scores[self._order]
        self._ends = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True))
        self._infected = infected[self._order]

    def rates(self, weights: Values) -> Values:
        """Return [draws, thresholds + 1, 2]: false alarms and sensitivity, both from 0 to 1.

        ``weights`` are [draws, films]. A draw without films of one kind gives no numbers.
        """
        ranked = weights[:, self._order]
        rates = []
        for kind in (~self._infected, self._infected):
            sums = np.cumsum(ranked * kind, axis=1)[:, self._ends]
            total = sums[:, -1:]
            share = np.divide(sums, total, out=np.full(sums.shape, np.nan), where=total > 0)
            rates.append(np.concatenate([np.zeros((len(share), 1)), share], axis=1))
        return np.stack(rates, axis=-1)


def _among(chosen: NDArray[np.bool_], group: NDArray[np.bool_]) -> Values:
    return np.stack([chosen & group, group], axis=-1).astype(np.float64)


def _area(rates: Values) -> Values:
    """Return the area under each curve by trapezoids: equal scores count half (Bamber 1975)."""
    return np.asarray(np.trapezoid(rates[..., 1], rates[..., 0], axis=1))


def _most(rates: Values, specificity: float) -> Values:
    """Return the highest sensitivity at that specificity or a better one."""
    allowed = rates[..., 0] <= 1 - specificity + ROUNDING
    return _known(rates, np.where(allowed, rates[..., 1], 0.0).max(axis=1))


def _spared(rates: Values, sensitivity: float) -> Values:
    """Return the highest specificity at that sensitivity or a better one."""
    reached = rates[..., 1] >= sensitivity - ROUNDING
    return _known(rates, 1 - np.where(reached, rates[..., 0], 1.0).min(axis=1))


def _known(rates: Values, found: Values) -> Values:
    return np.where(np.isfinite(rates).all(axis=(1, 2)), found, np.nan)
