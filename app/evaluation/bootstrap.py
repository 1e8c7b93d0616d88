"""Intervals by drawing patients with replacement, each with all films (Efron 1979). Pure.

Films of one patient are alike: drawing films instead would make the intervals too narrow.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.networks.scoring import RESAMPLES, Estimate

Values = NDArray[np.float64]


class Bootstrap:
    """The same draws of patients for everything that is told about one group of films."""

    def __init__(self, patients: Sequence[str], *, seed: int) -> None:
        """Take the patient of each film; ``seed`` makes the draws the same again."""
        numbers = {patient: number for number, patient in enumerate(dict.fromkeys(patients))}
        self.patients = len(numbers)
        self._of_film = np.array([numbers[patient] for patient in patients], np.intp)
        self._drawn = (
            np.random.default_rng(seed)
            .multinomial(self.patients, np.full(self.patients, 1 / self.patients), size=RESAMPLES)
            .astype(np.float64)
            if self.patients
            else np.empty((RESAMPLES, 0))
        )

    def ratios(self, parts: Values) -> list[Estimate | None]:
        """Return, for each k, the sum of parts[:, k, 0] over that of parts[:, k, 1].

        ``parts`` is [films, k, 2]. None where nothing is to be divided by.
        """
        totals = parts.sum(axis=0)
        drawn = np.tensordot(self._drawn, self._by_patient(parts), axes=1)
        return [
            _estimate(_quotient(total), _quotient(drawn[:, k])) if total[1] > 0 else None
            for k, total in enumerate(totals)
        ]

    def ratio(self, numerators: Values, denominators: Values) -> Estimate | None:
        """Return the sum of the films' numerators over that of their denominators."""
        return self.ratios(np.stack([numerators, denominators], axis=-1)[:, np.newaxis])[0]

    def mean(self, values: Values) -> Estimate | None:
        """Return the mean of one value a film; films where it is not a number are left out."""
        known = np.isfinite(values)
        return self.ratio(np.where(known, values, 0.0), known.astype(np.float64))

    def resampled(self, parts: Values) -> Values:
        """Return [resamples, …]: the sums of parts [films, …] in each draw."""
        return np.tensordot(self._drawn, self._by_patient(parts), axes=1)

    def weights(self) -> Values:
        """Return [resamples, films]: how often each film was drawn."""
        return self._drawn[:, self._of_film]

    def _by_patient(self, parts: Values) -> Values:
        sums = np.zeros((self.patients, *parts.shape[1:]))
        np.add.at(sums, self._of_film, parts)
        return sums


def interval(value: float, drawn: Values) -> Estimate:
    """Return the value with the 2.5 and 97.5 percentiles of what the draws gave."""
    return _estimate(np.float64(value), drawn)


def _quotient(parts: Values) -> Values:
    divisor = parts[..., 1]
    found: Values = np.divide(
        parts[..., 0], divisor, out=np.full(divisor.shape, np.nan), where=divisor > 0
    )
    return found


def _estimate(value: Values | np.float64, drawn: Values) -> Estimate:
    known = drawn[np.isfinite(drawn)]
    low, high = np.percentile(known, [2.5, 97.5]) if known.size else (value, value)
    return Estimate(float(value), float(low), float(high))
