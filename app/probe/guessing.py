"""How often an adversary finds the hand-drawn mask on patients it has not met. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.evaluation.bootstrap import Bootstrap
from app.networks.scoring import Estimate
from app.probe.adversary import Ballots, log_chances

Values = NDArray[np.float64]
FOLDS = 5


@dataclass(frozen=True)
class Seen:
    """What an adversary is shown of one ballot: ``values`` [masks, numbers], and the answer."""

    patient: str
    values: Values
    found: int


@dataclass(frozen=True)
class Finding:
    """How often the hand-drawn mask was found; ``chance`` is the mean of 1/K."""

    found: Estimate
    chance: float
    ballots: int
    patients: int

    @property
    def alarm(self) -> bool:
        """Say whether the interval lies above chance."""
        return self.found.low > self.chance


def guess(seen: Sequence[Seen], *, seed: int) -> Finding:
    """Train on four fifths of the patients, guess on the last, in turn; the interval is by patient.

    A ballot on which several masks are equally likely counts as the share that luck would find.
    """
    patients = [one.patient for one in seen]
    folds = _folds(patients, seed=seed)
    ballots = Ballots.of([one.values for one in seen], [one.found for one in seen])
    hits = np.zeros(len(seen))
    for fold in range(FOLDS):
        held = folds == fold
        if held.any() and not held.all():
            asked = ballots.only(held)
            hits[held] = shares(asked, log_chances(ballots.only(~held), asked))
    bootstrap = Bootstrap(patients, seed=seed)
    found = bootstrap.mean(hits)
    assert found is not None
    return Finding(found, float((1 / ballots.sizes).mean()), len(seen), bootstrap.patients)


def shares(asked: Ballots, scores: Values) -> Values:
    """Return [ballots]: 1 where the likeliest is hand-drawn, 1/n where n tie, else 0."""
    highest = np.maximum.reduceat(scores, asked.starts)
    best = (scores >= np.repeat(highest, asked.sizes) - 1e-9).astype(np.float64)
    ties = np.add.reduceat(best, asked.starts)
    return np.asarray(best[asked.starts + asked.found] / ties)


def _folds(patients: Sequence[str], *, seed: int) -> NDArray[np.intp]:
    """Return the fold of each ballot: whole patients, the largest first to the emptiest fold."""
    names, counts = np.unique(np.array(patients), return_counts=True)
    order = np.random.default_rng(seed).permutation(len(names))
    order = order[np.argsort(-counts[order], kind="stable")]
    filled = np.zeros(FOLDS)
    fold_of: dict[str, int] = {}
    for place in order:
        fold = int(filled.argmin())
        fold_of[str(names[place])] = fold
        filled[fold] += counts[place]
    return np.array([fold_of[patient] for patient in patients], np.intp)
