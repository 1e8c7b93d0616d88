"""Intervals by drawing films' patients, and readers, with replacement. Pure.

Two-way: patients and readers are drawn each for themselves and a vote weighs the product of how
often both were drawn (the pigeonhole bootstrap: Owen 2007, *The pigeonhole bootstrap*, Annals of
Applied Statistics 1). Its spread is not quite what it should be; `TwoWay.spread` says by how much.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import sparse, stats

from app.evaluation.bootstrap import interval
from app.networks.scoring import RESAMPLES, Estimate
from app.statistics.votes import Floats, Ints

MANY, RESAMPLES_OF_MANY = 20_000, 400
AT_ONCE = 100


@dataclass(frozen=True)
class Draws:
    """How often each cluster was drawn: uint16[resamples, clusters]."""

    counts: NDArray[np.uint16]

    def __len__(self) -> int:
        return len(self.counts)


@lru_cache(maxsize=4)
def draws(clusters: int, *, seed: int, resamples: int | None = None) -> Draws:
    """Draw ``clusters`` of ``clusters`` with replacement, again and again.

    1000 times, 400 times where there are more than 20,000; a single cluster stays as it is.
    """
    times = resamples or (RESAMPLES if clusters <= MANY else RESAMPLES_OF_MANY)
    rng = np.random.default_rng(seed)
    counts = np.ones((times, clusters), np.uint16)
    if clusters > 1:
        for row in counts:
            row[:] = np.bincount(rng.integers(clusters, size=clusters), minlength=clusters)
    counts.setflags(write=False)
    return Draws(counts)


class TwoWay:
    """The same draws of patients and readers for everything that is told of a study."""

    def __init__(self, patient: Ints, reader: Ints, *, seed: int, readers: bool = True) -> None:
        """Take the patient and the reader of each vote, numbers from 0.

        ``readers=False`` draws patients alone: the answer to “how sure, with these readers?”
        """
        self.patients = int(patient.max()) + 1 if patient.size else 0
        self.readers = int(reader.max()) + 1 if reader.size else 0
        self._patient, self._reader = patient, reader
        self._of_patients = draws(self.patients, seed=seed)
        times = len(self._of_patients)
        self.draws_readers = readers
        drawn = draws(self.readers, seed=seed + 1, resamples=times)
        self._of_readers = drawn if readers else Draws(np.ones_like(drawn.counts))

    def counts(self, index: Ints, size: int, *, resamples: int | None = None) -> Floats:
        """Return [resamples, size]: how many votes have each ``index`` int[n], weighted.

        Votes with a negative index are left out.
        """
        kept = index >= 0
        return self._weighed(kept, index[kept], np.ones(int(kept.sum())), size, resamples)

    def sums(self, parts: Floats) -> Floats:
        """Return [resamples, p]: the weighted sums of ``parts`` float[n, p]."""
        vote, column = np.nonzero(parts)
        return self._weighed(vote, column, parts[vote, column], parts.shape[1], None)

    def spread(self, parts: Floats) -> float:
        """Return `spread_of` for the ratio of the sums of ``parts`` float[n, 2]."""
        above, below = parts.sum(axis=0)
        if below <= 0:
            return 1.0
        rest: Floats = (parts[:, 0] - above / below * parts[:, 1]) / below
        return self.spread_of(rest)

    def spread_of(self, rest: Floats) -> float:
        """Return the draws' spread of an estimate in units of what it should be.

        ``rest`` float[n] is what each vote moves the estimate by. Drawing both ways counts what
        belongs to neither films nor readers three times (Owen 2007, §4). F sums the squares by
        patient, R by reader (times n/(n − 1), for readers are few) and B by both: two-way
        clustering says F + (R − B) (Cameron, Gelbach & Miller 2011, eq. 2.8), the draws say
        F + R + B. R − B, what readers differ, rests on n readers: it has Student's quantile with
        n − 1 degrees of freedom; it is never below 0.
        """
        if self.readers < 2 or not self.draws_readers:
            return 1.0
        both = np.unique(self._patient * self.readers + self._reader, return_inverse=True)[1]
        by_patient, by_reader, by_both = (
            float((np.bincount(cluster, weights=rest) ** 2).sum())
            for cluster in (self._patient, self._reader, both)
        )
        few = self.readers / (self.readers - 1)
        student = stats.t.ppf(0.975, self.readers - 1) / stats.norm.ppf(0.975)
        wanted = by_patient + student**2 * max(0.0, few * by_reader - by_both)
        drawn = by_patient + by_reader + by_both
        return float(np.sqrt(drawn / wanted)) if wanted > 0 else 1.0

    def _weighed(
        self, votes: NDArray[np.generic], row: Ints, values: Floats, size: int, times: int | None
    ) -> Floats:
        patient, reader = self._patient[votes], self._reader[votes]
        shape = (size * self.readers, self.patients)
        table = sparse.csr_array((values, (row * self.readers + reader, patient)), shape=shape)
        times = min(times or len(self._of_patients), len(self._of_patients))
        found = np.zeros((times, size))
        if not len(patient):
            return found
        for start in range(0, times, AT_ONCE):
            part = slice(start, min(start + AT_ONCE, times))
            by_reader = table @ self._of_patients.counts[part].T.astype(np.float64)
            weights = self._of_readers.counts[part].T.astype(np.float64)
            found[part] = np.einsum(
                "srb,rb->bs", by_reader.reshape(size, self.readers, -1), weights
            )
        return found


def ratio(parts: Floats, drawn: Floats) -> Estimate | None:
    """Return the sum of parts[:, 0] over that of parts[:, 1] with the interval of ``drawn``.

    ``drawn`` is [resamples, 2]. None where there is nothing to divide by.
    """
    above, below = parts.sum(axis=0)
    if below <= 0:
        return None
    return interval(above / below, divided(drawn[:, 0], drawn[:, 1]))


def divided(above: Floats, below: Floats) -> Floats:
    """Return above / below, nan where there is nothing to divide by."""
    found: Floats = np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0)
    return found
