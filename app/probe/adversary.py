"""Two guessers that share one answer: a conditional logit and boosted stumps. Pure.

Both say P(i is the hand-drawn one) = softmax over the masks of one ballot (McFadden 1974; boosting
after Friedman 2001). The logit finds what is more or less on a whole; stumps find thresholds. Their
mean of log probabilities is what the probe guesses with.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Values = NDArray[np.float64]
Places = NDArray[np.intp]

PENALTY = 0.03
TURNS = 250
POWERS = 20
ROUNDS = 80
RATE = 0.15
BINS = 16
SHRINKAGE = 4.0
LARGEST = 5.0


@dataclass(frozen=True)
class Ballots:
    """Rows of numbers, ballot after ballot: ``values`` [rows, numbers], ``sizes`` [ballots].

    ``found`` [ballots] is the row within its ballot that is hand-drawn.
    """

    values: Values
    sizes: Places
    found: Places

    @classmethod
    def of(cls, looks: Sequence[Values], found: Sequence[int]) -> Self:
        """Take one array [masks, numbers] a ballot."""
        sizes = np.array([len(look) for look in looks], np.intp)
        return cls(np.concatenate([relative(look) for look in looks]), sizes, np.array(found))

    @property
    def starts(self) -> Places:
        """The first row of each ballot."""
        return np.concatenate(([0], np.cumsum(self.sizes)[:-1])).astype(np.intp)

    def only(self, wanted: NDArray[np.bool_]) -> "Ballots":
        """Return the ballots that ``wanted`` [ballots] says."""
        rows = np.repeat(wanted, self.sizes)
        return Ballots(self.values[rows], self.sizes[wanted], self.found[wanted])

    def softmax(self, scores: Values) -> Values:
        """Return the probabilities [rows] within each ballot."""
        highest = np.maximum.reduceat(scores, self.starts)
        risen = np.exp(scores - np.repeat(highest, self.sizes))
        return np.asarray(risen / np.repeat(np.add.reduceat(risen, self.starts), self.sizes))

    @property
    def truth(self) -> Values:
        """One [rows] for the hand-drawn masks, else zero."""
        truth = np.zeros(len(self.values))
        truth[self.starts + self.found] = 1
        return truth


def relative(look: Values) -> Values:
    """Return [masks, 3 · numbers]: each number, less its ballot's mean, and its rank, -1 to 1.

    The logit sees only differences within a ballot; a stump may ask for either.
    """
    below = (look[:, np.newaxis] > look[np.newaxis]).sum(axis=1)
    above = (look[:, np.newaxis] < look[np.newaxis]).sum(axis=1)
    ranks = (below - above) / max(1, len(look) - 1)
    return np.concatenate([look, look - look.mean(axis=0), ranks], axis=1)


class Logit:
    """A conditional logit with a ridge; each number is scaled as in the ballots it learnt from."""

    def __init__(self, ballots: Ballots, *, penalty: float = PENALTY) -> None:
        self._mean = ballots.values.mean(axis=0)
        spread = ballots.values.std(axis=0)
        self._spread = np.where(spread > 1e-9, spread, np.inf)
        scaled, truth = self._scaled(ballots), ballots.truth
        count = len(ballots.sizes)
        # The curvature of a softmax is at most 1/2, so this step never overshoots (Nesterov 1983).
        step = 1 / (_largest_square(scaled) / (2 * count) + penalty)
        weights = ahead = np.zeros(scaled.shape[1])
        for turn in range(TURNS):
            chances = ballots.softmax(_times(scaled, ahead))
            slope = _times(scaled.T, chances - truth) / count + penalty * ahead
            before, weights = weights, ahead - step * slope
            ahead = weights + turn / (turn + 3) * (weights - before)
        self._weights = weights

    def _scaled(self, ballots: Ballots) -> Values:
        scaled = (ballots.values - self._mean) / self._spread
        return np.asarray(np.clip(scaled, -LARGEST, LARGEST))

    def log_chances(self, ballots: Ballots) -> Values:
        """Return log P [rows]."""
        scores = _times(self._scaled(ballots), self._weights)
        return np.log(np.maximum(ballots.softmax(scores), 1e-12))


def _largest_square(matrix: Values) -> float:
    """Return the largest eigenvalue of matrixᵀ · matrix, a little too large rather than small."""
    vector = np.ones(matrix.shape[1])
    for _ in range(POWERS):
        vector = _times(matrix.T, _times(matrix, vector / np.sqrt((vector**2).sum() + 1e-30)))
    return 1.1 * float(np.sqrt((vector**2).sum())) + 1e-9


def _times(matrix: Values, vector: Values) -> Values:
    """Return matrix · vector without BLAS: its threads wait for each other on a busy machine."""
    return np.asarray(np.einsum("rn,n->r", matrix, vector))


class Stumps:
    """Gradient boosting on one threshold of one number at a time."""

    def __init__(self, ballots: Ballots) -> None:
        inner = np.linspace(0, 1, BINS + 1)[1:-1]
        self._edges = np.quantile(ballots.values, inner, axis=0)  # [BINS - 1, numbers]
        self._steps: list[tuple[int, int, float, float]] = []
        bins, truth = self._bins(ballots), ballots.truth
        numbers = bins.shape[1]
        member = sparse.csr_array(
            (
                np.ones(bins.size),
                (bins + np.arange(numbers) * BINS).ravel(),
                np.arange(len(bins) + 1) * numbers,
            ),
            shape=(len(bins), numbers * BINS),
        ).T.tocsr()
        scores = np.zeros(len(truth))
        for _ in range(ROUNDS):
            chances = ballots.softmax(scores)
            pull, bend = truth - chances, chances * (1 - chances)
            sums = [(member @ part).reshape(numbers, BINS) for part in (pull, bend)]
            step = _best_split(*sums)
            self._steps.append(step)
            scores += RATE * _lifted(step, bins)

    def _bins(self, ballots: Ballots) -> Places:
        columns = [
            np.searchsorted(edges, column, side="left")
            for edges, column in zip(self._edges.T, ballots.values.T, strict=True)
        ]
        return np.stack(columns, axis=1)

    def log_chances(self, ballots: Ballots) -> Values:
        """Return log P [rows]."""
        bins = self._bins(ballots)
        scores = np.zeros(len(bins))
        for step in self._steps:
            scores += RATE * _lifted(step, bins)
        return np.log(np.maximum(ballots.softmax(scores), 1e-12))


def _best_split(pull: Values, bend: Values) -> tuple[int, int, float, float]:
    """Return (number, last bin below, step below, step above) of the largest gain."""
    low, low_bend = pull.cumsum(axis=1)[:, :-1], bend.cumsum(axis=1)[:, :-1]
    high = pull.sum(axis=1, keepdims=True) - low
    high_bend = bend.sum(axis=1, keepdims=True) - low_bend
    gain = low**2 / (low_bend + SHRINKAGE) + high**2 / (high_bend + SHRINKAGE)
    number, at = np.unravel_index(int(gain.argmax()), gain.shape)
    below = float(low[number, at] / (low_bend[number, at] + SHRINKAGE))
    above = float(high[number, at] / (high_bend[number, at] + SHRINKAGE))
    return int(number), int(at), below, above


def _lifted(step: tuple[int, int, float, float], bins: Places) -> Values:
    number, at, below, above = step
    return np.where(bins[:, number] <= at, below, above)


def log_chances(learnt_from: Ballots, asked: Ballots) -> Values:
    """Return log P [rows] of both guessers together."""
    logit = Logit(learnt_from).log_chances(asked)
    return (logit + Stumps(learnt_from).log_chances(asked)) / 2
