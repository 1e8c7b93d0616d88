"""Agreement beyond chance: Krippendorff's alpha (nominal) and Gwet's AC1. Pure.

Ratings are ``float[n, C]``: one row a rating, its weight over C categories summing to 1. A whole
answer puts 1 on one category. A tie of m puts 1/m on each: two ratings v and w agree with
Σ_c v_c·w_c, what breaking the ties at random gives on average. ``unit`` int[n] says what was rated.
Units with one rating tell nothing about agreement and are left out, but for the shares of AC1.
"""

from dataclasses import dataclass

import numpy as np

from app.evaluation.bootstrap import interval
from app.networks.scoring import Estimate
from app.statistics.resampling import divided, draws
from app.statistics.votes import Floats, Ints


@dataclass(frozen=True)
class Agreement:
    """How well ratings agree; each number is 1 at full agreement, alpha and AC1 are 0 at chance."""

    units: int
    ratings: int
    observed: Estimate
    alpha: Estimate | None
    ac1: Estimate | None


class Table:
    """Ratings summed by unit: all that the coefficients need."""

    def __init__(self, ratings: Floats, unit: Ints) -> None:
        """Sum ``ratings`` float[n, C] by ``unit`` int[n]."""
        names, place = np.unique(unit, return_inverse=True)
        self.units = names
        self.counts = np.zeros((len(names), ratings.shape[1]))
        np.add.at(self.counts, place, ratings)
        self.own = np.zeros_like(self.counts)
        np.add.at(self.own, place, ratings**2)
        self.ratings = np.bincount(place, minlength=len(names)).astype(np.float64)
        self.paired = self.ratings >= 2

    @property
    def agreeing(self) -> Floats:
        """float[U]: the number of ordered pairs of a unit's ratings that agree."""
        pairs: Floats = (self.counts**2 - self.own).sum(axis=1)
        return pairs

    @property
    def agreement(self) -> Floats:
        """float[U]: the share of a unit's pairs of ratings that agree; nan where there are none."""
        return divided(self.agreeing, self.ratings * (self.ratings - 1))


def alpha_parts(table: Table) -> Floats:
    """Return float[U, 2 + 2C], whose sums give alpha: agreement, ratings, counts, own squares."""
    weight = table.paired.astype(np.float64)
    agreeing = np.where(table.paired, table.agreeing / np.maximum(table.ratings - 1, 1), 0.0)
    return np.column_stack(
        [
            agreeing,
            table.ratings * weight,
            table.counts * weight[:, None],
            table.own * weight[:, None],
        ]
    )


def alpha_of(sums: Floats) -> Floats:
    """Return alpha = 1 − D_o/D_e of ``sums`` [..., 2 + 2C] (Krippendorff 2011, §A, nominal).

    D_o = 1 − Σ_u Σ_c n_uc(n_uc − 1)/(m_u − 1)/n, D_e = 1 − Σ_c n_c(n_c − 1)/(n(n − 1)).
    nan where only one category was ever used: alpha is not defined there.
    """
    categories = (sums.shape[-1] - 2) // 2
    number = sums[..., 1]
    counts, own = sums[..., 2 : 2 + categories], sums[..., 2 + categories :]
    observed = 1 - divided(sums[..., 0], number)
    expected = 1 - divided((counts**2 - own).sum(axis=-1), number * (number - 1))
    # Below rounding, disagreement by chance is none at all.
    return 1 - divided(observed, np.where(expected > 1e-12, expected, 0.0))


def ac1_parts(table: Table) -> Floats:
    """Return float[U, 3 + C], whose sums give AC1."""
    agreement = np.where(table.paired, table.agreement, 0.0)
    shares = table.counts / np.maximum(table.ratings, 1)[:, None]
    ones = np.ones(len(table.ratings))
    return np.column_stack([agreement, table.paired.astype(np.float64), ones, shares])


def ac1_of(sums: Floats, categories: int) -> Floats:
    """Return AC1 = (p_a − p_e)/(1 − p_e) of ``sums`` [..., 3 + C] (Gwet 2008, eqs. 5 to 7).

    p_a is the mean over units of the share of agreeing pairs, p_e = Σ_c π_c(1 − π_c)/(q − 1) with
    π_c the mean share of category c and q = ``categories``, the number of those in use.
    """
    observed = divided(sums[..., 0], sums[..., 1])
    shares = sums[..., 3:] / sums[..., 2:3]
    chance = (shares * (1 - shares)).sum(axis=-1) / max(categories - 1, 1)
    return divided(observed - chance, 1 - chance)


def agreement(
    ratings: Floats, unit: Ints, cluster: Ints, *, seed: int, resamples: int | None = None
) -> Agreement | None:
    """Return how well ``ratings`` float[n, C] of the same ``unit`` int[n] agree.

    Intervals by drawing ``cluster`` int[n] (the patient of each rating's film) with replacement.
    None where no unit has two ratings.
    """
    table = Table(ratings, unit)
    if not table.paired.any():
        return None
    for_alpha, for_ac1 = alpha_parts(table), ac1_parts(table)
    used = int((table.counts.sum(axis=0) > 0).sum())
    drawn = _drawn(np.hstack([for_alpha, for_ac1]), table, unit, cluster, seed, resamples)
    split = for_alpha.shape[1]
    sums_alpha, sums_ac1 = for_alpha.sum(axis=0), for_ac1.sum(axis=0)
    observed = divided(sums_ac1[0:1], sums_ac1[1:2])[0]
    return Agreement(
        units=int(table.paired.sum()),
        ratings=int(table.ratings[table.paired].sum()),
        observed=interval(observed, divided(drawn[:, split], drawn[:, split + 1])),
        alpha=_estimate(alpha_of(sums_alpha), alpha_of(drawn[:, :split])),
        ac1=_estimate(ac1_of(sums_ac1, used), ac1_of(drawn[:, split:], used)),
    )


def _drawn(
    parts: Floats, table: Table, unit: Ints, cluster: Ints, seed: int, resamples: int | None
) -> Floats:
    """Return [resamples, p]: sums of the units' parts, their clusters drawn with replacement."""
    first = np.unique(unit, return_index=True)[1]
    names, of_unit = np.unique(cluster[first], return_inverse=True)
    by_cluster = np.zeros((len(names), parts.shape[1]))
    np.add.at(by_cluster, of_unit, parts)
    times = draws(len(names), seed=seed, resamples=resamples).counts
    return np.vstack(
        [part.astype(np.float64) @ by_cluster for part in np.array_split(times, 10) if len(part)]
    )


def _estimate(value: Floats, drawn: Floats) -> Estimate | None:
    return interval(float(value), drawn) if np.isfinite(value) else None
