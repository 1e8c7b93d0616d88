"""Simulated readers: what they choose, given habits that are stated. Pure.

One answer comes about so, and the order matters: with chance ``slot_bias`` the reader takes slot A,
whatever stands there; else with the reader's own home bias the home source (number 0, the
hand-drawn mask); else with the reader's own skill the film's best mask; else any other, each alike.
On hard films nobody sees which is best, and skill is 1/K. These are readers of paper: they show
what a design can find out, and say nothing about physicians.
"""

from dataclasses import dataclass

import numpy as np

from app.statistics.votes import Floats, Ints

HOME = 0


@dataclass(frozen=True)
class Habits:
    """How the readers of a simulated study choose among ``masks``.

    Each reader's skill lies evenly within ``skill`` ± ``skill_spread``, the home bias within
    ``home_bias`` ± ``home_spread``, both kept between 0 and 1. ``hard`` is the share of hard films.
    """

    masks: int = 4
    skill: float = 0.7
    skill_spread: float = 0.1
    slot_bias: float = 0.0
    home_bias: float = 0.0
    home_spread: float = 0.05
    hard: float = 0.0


@dataclass(frozen=True)
class Answers:
    """``choice`` int[studies, films, answers] and ``best`` int[studies, films] are sources."""

    choice: Ints
    best: Ints
    reader: Ints


def answers(
    habits: Habits, *, studies: int, films: int, readers: int, each: int, rng: np.random.Generator
) -> Answers:
    """Return ``each`` answers a film, by different readers where there are as many."""
    shape = (studies, films, each)
    first = rng.integers(readers, size=(studies, films, 1))
    reader = (first + np.arange(each)) % readers
    best = rng.integers(habits.masks, size=(studies, films))
    skill = _spread(rng, (studies, readers), habits.skill, habits.skill_spread)
    home = _spread(rng, (studies, readers), habits.home_bias, habits.home_spread)
    study = np.arange(studies)[:, None, None]
    hard = rng.random((studies, films, 1)) < habits.hard
    own_skill = np.where(hard, 1 / habits.masks, skill[study, reader])
    other = (best[..., None] + rng.integers(1, max(habits.masks, 2), size=shape)) % habits.masks
    choice = np.where(rng.random(shape) < own_skill, best[..., None], other)
    choice = np.where(rng.random(shape) < home[study, reader], HOME, choice)
    in_first_slot = rng.integers(habits.masks, size=shape)
    choice = np.where(rng.random(shape) < habits.slot_bias, in_first_slot, choice)
    return Answers(choice, best, reader)


def _spread(
    rng: np.random.Generator, shape: tuple[int, int], middle: float, spread: float
) -> Floats:
    found: Floats = np.clip(middle + spread * rng.uniform(-1, 1, shape), 0, 1)
    return found


def guesses(
    *, masks: int, tell: float, studies: int, number: int, rng: np.random.Generator
) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Return bool[studies, number]: whether each guess found the hand-drawn mask.

    With chance ``tell`` the reader sees what gives it away; else the guess is any of ``masks``.
    """
    seen = rng.random((studies, number)) < tell
    lucky = rng.random((studies, number)) < 1 / masks
    return seen | lucky
