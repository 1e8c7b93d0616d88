"""What a kind of run consists of, and what its work is handed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from app.clock import Clock
from app.problems import Packed, Problem

Item = int | str
"""What a run counts: a film's id, a file's name."""


class Noted(Packed):
    """What a run has to say ``of`` an item, or of itself where that is empty."""

    of: str


class RunEnded(Exception):
    """The run was cancelled, failed elsewhere or is stopping: leave the work where it is."""


@dataclass(frozen=True)
class RunContext:
    """What the work of one chunk is handed.

    The work opens sessions from ``sessions``, commits after each item, and calls ``progress``
    with the number of items done so far, with no transaction open: progress commits one of its own.
    ``progress`` raises `RunEnded` when the work is no longer wanted; it is to be let through.
    ``note`` keeps for the admin what is the matter with a named item that was left out.
    """

    study_id: int | None
    arguments: dict[str, Any]
    items: Sequence[Item]
    sessions: sessionmaker[Session]
    clock: Clock
    progress: Callable[[int], None]
    note: Callable[[Problem, str], None]


@dataclass(frozen=True)
class Kind:
    """One kind of run.

    ``plan`` is handed the study's id and the arguments and names the items still to be done; it
    only reads. ``work`` does those of one chunk, and does nothing for an item already done.
    """

    plan: Callable[[Session, int | None, dict[str, Any]], Sequence[Item]]
    work: Callable[[RunContext], None]
    chunk: int = 25


Kinds = dict[str, Kind]
