"""How often each source would be chosen: Luce's choice model with slot bias and ties. Pure.

Of the slots on a ballot, the set T is chosen (one slot, or a tie of several) with probability
proportional to δ_|T| · (Π_{j ∈ T} π_source(j) · σ_j)^(1/|T|): Luce 1959 for one choice, Davidson
1970 for ties of two, Firth, Kosmidis & Turner 2019 (the Davidson–Luce model) for ties of more.
σ_j is what slot j attracts by itself. A holding of merged near-twins has the geometric mean of its
members' strengths. All is linear in the logarithms, so the likelihood has one maximum, which
Newton's method finds.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.linalg import null_space

from app.evaluation.bootstrap import interval
from app.networks.scoring import Estimate
from app.statistics.proportions import moved
from app.statistics.resampling import TwoWay
from app.statistics.votes import MISSING, Bools, Floats, Ints, Votes

RIDGE = 1e-3
"""Holds a source that was never chosen at a small finite strength; moves others by nothing seen."""
STEPS, SMALL = 60, 1e-9
RESAMPLES = 200


@dataclass(frozen=True)
class Strengths:
    """``sources``: the share of choices each would get if all stood on one ballot without slot
    bias (sums to 1). ``slots``: what each slot would draw if all masks were alike (sums to 1).
    ``ties``: δ of a tie of 2, of 3… against a single choice.
    """

    choices: int
    sources: list[Estimate]
    slots: list[Estimate]
    ties: list[float]


@dataclass(frozen=True)
class Model:
    """The model's outcomes: U ballots by what stood where, A subsets of slots, D parameters.

    ``features`` float[U, A, D]; ``possible`` bool[U, A]; ``source_basis`` float[S, S−1] and
    ``slot_basis`` float[K, K−1] turn parameters into logarithms that sum to 0.
    """

    features: Floats
    possible: Bools
    source_basis: Floats
    slot_basis: Floats
    outcome: Ints
    """int[n]: the cell u·A + a of each vote, −1 for a vote that chose no slot."""


def model_of(votes: Votes) -> Model:
    """Return the outcomes of ``votes``, those that chose slots and those that did not."""
    patterns, pattern = np.unique(votes.slots, axis=0, return_inverse=True)
    width = patterns.shape[1]
    largest = max(int(votes.chosen.sum(axis=1).max(initial=1)), 1)
    subsets = [
        subset for size in range(1, largest + 1) for subset in combinations(range(width), size)
    ]
    sizes = sorted({len(subset) for subset in subsets} - {1})
    members = votes.members / votes.members.sum(axis=1, keepdims=True)
    source_basis, slot_basis = _basis(len(votes.sources)), _basis(width)
    stands = patterns != MISSING
    # float[U, K, D]: what each slot brings; a subset has the mean of its slots.
    each = np.concatenate(
        [
            members[patterns] @ source_basis,
            np.broadcast_to(slot_basis, (*patterns.shape, width - 1)),
        ],
        axis=-1,
    )
    features = np.stack([each[:, list(subset)].mean(axis=1) for subset in subsets], axis=1)
    ties = np.array([[float(len(subset) == size) for size in sizes] for subset in subsets])
    ties = np.broadcast_to(
        ties.reshape(1, len(subsets), len(sizes)), (*features.shape[:2], len(sizes))
    )
    possible = np.stack([stands[:, list(subset)].all(axis=1) for subset in subsets], axis=1)
    return Model(
        features=np.concatenate([features, ties], axis=-1),
        possible=possible,
        source_basis=source_basis,
        slot_basis=slot_basis,
        outcome=_outcomes(votes.chosen, pattern.reshape(-1), subsets),
    )


def _basis(size: int) -> Floats:
    """Return float[size, size − 1]: orthonormal columns that each sum to 0."""
    found: Floats = null_space(np.ones((1, size)))
    return found


def _outcomes(chosen: Bools, pattern: Ints, subsets: list[tuple[int, ...]]) -> Ints:
    powers = 1 << np.arange(chosen.shape[1])
    place = np.full(1 << chosen.shape[1], MISSING)
    for number, subset in enumerate(subsets):
        place[powers[list(subset)].sum()] = number
    subset_of = place[chosen @ powers]
    return np.where(subset_of >= 0, pattern * len(subsets) + subset_of, MISSING)


def fit(model: Model, counts: Floats) -> Floats:
    """Return the parameters float[B, D] that make ``counts`` float[B, U·A] likeliest.

    All B by Newton's method at once, with a ridge of `RIDGE`.
    """
    shape = model.possible.shape
    observed = counts.reshape(-1, *shape)
    totals = observed.sum(axis=2)
    found = np.zeros((len(observed), model.features.shape[-1]))
    seen = np.einsum("bua,uad->bd", observed, model.features)
    for _ in range(STEPS):
        share, mean = _expected(model, found)
        slope = seen - np.einsum("bu,bud->bd", totals, mean) - RIDGE * found
        curve = _curve(model, totals, share, mean)
        step = np.linalg.solve(curve, slope[..., None])[..., 0]
        # A step of more than 2 on the scale of logarithms overshoots where a source never won.
        step *= np.minimum(1, 2 / np.maximum(np.abs(step).max(axis=1, keepdims=True), SMALL))
        found += step
        if np.abs(step).max(initial=0) < SMALL:
            break
    return found


def _expected(model: Model, found: Floats) -> tuple[Floats, Floats]:
    """Return the chance float[B, U, A] of each subset, and the mean float[B, U, D] of features."""
    logits = np.einsum("uad,bd->bua", model.features, found)
    logits = np.where(model.possible, logits, -np.inf)
    odds = np.exp(logits - logits.max(axis=2, keepdims=True))
    share = odds / odds.sum(axis=2, keepdims=True)
    return share, np.einsum("bua,uad->bud", share, model.features)


def _curve(model: Model, totals: Floats, share: Floats, mean: Floats) -> Floats:
    """Return the negative second derivative float[B, D, D] of the likelihood with its ridge."""
    square = np.einsum("bua,uad,uae->bude", share, model.features, model.features, optimize=True)
    square -= mean[..., :, None] * mean[..., None, :]
    curve: Floats = np.einsum("bu,bude->bde", totals, square) + RIDGE * np.eye(mean.shape[-1])
    return curve


def influence(model: Model, found: Floats) -> Floats:
    """Return float[n, D]: by what each vote moves the parameters ``found``, to first order.

    The inverse of the second derivative times the vote's score; 0 for votes that chose no slot.
    """
    subsets = model.possible.shape[1]
    kept = model.outcome >= 0
    ballot, subset = np.divmod(model.outcome[kept], subsets)
    totals = np.bincount(ballot, minlength=len(model.possible)).astype(np.float64)
    share, mean = _expected(model, found[None])
    scores = model.features[ballot, subset] - mean[0, ballot]
    moves = np.zeros((len(model.outcome), len(found)))
    moves[kept] = np.linalg.solve(_curve(model, totals[None], share, mean)[0], scores.T).T
    return moves


def strengths(votes: Votes, drawing: TwoWay) -> Strengths | None:
    """Return the sources' strengths with intervals; None where no vote chose a slot.

    ``drawing`` draws the patients and readers of the same votes. The ends of the intervals are
    moved to the spread that two-way clustering gives (`TwoWay.spread_of`).
    """
    if not tellable(votes):
        return None
    model = model_of(votes)
    size = model.possible.size
    whole = np.bincount(model.outcome[model.outcome >= 0], minlength=size).astype(np.float64)
    drawn = drawing.counts(model.outcome, size, resamples=RESAMPLES)
    found = fit(model, np.vstack([whole, drawn]))
    moves = influence(model, found[0])
    split = model.source_basis.shape[1]
    to_ties = split + model.slot_basis.shape[1]
    return Strengths(
        choices=int(whole.sum()),
        sources=_estimates(model.source_basis, found[:, :split], moves[:, :split], drawing),
        slots=_estimates(
            model.slot_basis, found[:, split:to_ties], moves[:, split:to_ties], drawing
        ),
        ties=[float(value) for value in np.exp(found[0, to_ties:])],
    )


def tellable(votes: Votes) -> bool:
    """Say whether any vote chose among two slots or more."""
    return bool(votes.choice_made.any() and len(votes.sources) >= 2 and votes.slots.shape[1] >= 2)


def _estimates(basis: Floats, found: Floats, moves: Floats, drawing: TwoWay) -> list[Estimate]:
    """Return the shares of the parameters' first row with the interval of the other rows."""
    values = shares_of(found @ basis.T)
    logs = moves @ basis.T
    rest = values[0] * (logs - (logs @ values[0])[:, None])
    return [
        moved(interval(own[0], own[1:]), drawing.spread_of(moving))
        for own, moving in zip(values.T, rest.T, strict=True)
    ]


def shares_of(logs: Floats) -> Floats:
    """Return the shares float[B, S] of what has these logarithms; rows sum to 1."""
    odds = np.exp(logs - logs.max(axis=1, keepdims=True))
    shares: Floats = odds / odds.sum(axis=1, keepdims=True)
    return shares
