"""The one progress bar of the commands: what is done, how quick, how long still."""

import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
)
from rich.text import Text

MINUTE = 60.0


class Show(Protocol):
    """Shows items done and items in all; work, done and in all, where items are not alike."""

    def __call__(self, done: int, total: int, *, work: tuple[float, float] | None = None) -> None:
        """Show it."""


class Pace:
    """How quickly work went in the last minute, and how long the rest takes at that speed."""

    def __init__(self) -> None:
        self._notes: deque[tuple[float, float]] = deque()  # moment in seconds, work done by then

    def note(self, moment: float, done: float) -> None:
        """Take down how much is done; what was done before the first note says nothing of speed."""
        self._notes.append((moment, done))
        while len(self._notes) > 2 and self._notes[1][0] <= moment - MINUTE:
            self._notes.popleft()  # the one before the minute stays, to measure from

    def speed(self) -> float | None:
        """Return work a second; None before the second note."""
        (begin, before), (end, done) = self._notes[0], self._notes[-1]
        return (done - before) / (end - begin) if end > begin else None

    def seconds_left(self, total: float) -> float | None:
        """Return how long the rest takes; None while that cannot be told."""
        speed = self.speed()
        return (total - self._notes[-1][1]) / speed if speed else None


class Field(ProgressColumn):
    """A text that is handed to the bar under a name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def render(self, task: Task) -> Text:
        """Return the text."""
        return Text(task.fields.get(self.name, ""))


@contextmanager
def counting(title: str, *, console: Console | None = None) -> Iterator[Show]:
    """Show a bar on stderr; the function handed out takes items done and items in all."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Field("speed"),
        Field("left"),
        console=console or Console(stderr=True),
    )
    items, effort = Pace(), Pace()
    with bar:
        task = bar.add_task(title, total=None)

        def show(done: int, total: int, *, work: tuple[float, float] | None = None) -> None:
            now = time.monotonic()
            items.note(now, done)
            effort.note(now, work[0] if work else done)
            left = effort.seconds_left(work[1] if work else total)
            speed = items.speed()
            bar.update(
                task,
                completed=done,
                total=total,
                speed="" if speed is None else f"{speed:.1f}/s",
                left="" if left is None else f"{timedelta(seconds=round(left))} left",
            )

        yield show
