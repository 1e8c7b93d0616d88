"""Waiting for what a test needs, never for a time that should be enough."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(ready: Callable[[], T], *, seconds: float = 30, every: float = 0.05) -> T:
    """Return the first true answer of ``ready``. Raises `TimeoutError` after ``seconds``."""
    end = time.monotonic() + seconds
    while True:
        answer = ready()
        if answer:
            return answer
        if time.monotonic() > end:
            raise TimeoutError(f"still waiting for {ready} after {seconds:g} s")
        time.sleep(every)  # noqa: TID251  (the one place that waits by the clock)
