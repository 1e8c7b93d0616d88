"""Coroutines in tests."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from anyio.from_thread import start_blocking_portal

T = TypeVar("T")


def run(call: Callable[[], Awaitable[T]]) -> T:
    """Run ``call`` to its end in an event loop of another thread.

    The main thread may have one already: the browser's driver keeps its own for the whole run.
    """
    with start_blocking_portal() as portal:
        return portal.call(call)
