"""The states of a study. Pure.

draft -> open -> locked -> settled. A locked study may be opened again until it is settled;
films and members can be added while it is a draft or open.
"""

from enum import StrEnum

from app.problems import Problem


class State(StrEnum):
    """Where a study stands."""

    DRAFT = "draft"
    OPEN = "open"
    LOCKED = "locked"
    SETTLED = "settled"


STEPS: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.OPEN}),
    State.OPEN: frozenset({State.LOCKED}),
    State.LOCKED: frozenset({State.OPEN, State.SETTLED}),
    State.SETTLED: frozenset(),
}


class WrongState(Problem):
    """The study does not stand where this can be done."""

    code = "wrong-state"
    status = 409


def step(present: State, to: State) -> State:
    """Return ``to``. Raises `WrongState` if no step leads there."""
    if to not in STEPS[present]:
        raise WrongState("A study that is {present} cannot become {to}.", present=present, to=to)
    return to


def require(present: str, *allowed: State) -> None:
    """Raise `WrongState` unless the study stands in one of ``allowed``."""
    if present not in allowed:
        raise WrongState(
            "The study is {present}; for this it must be {wanted}.",
            present=State(present),
            wanted=allowed,
        )
