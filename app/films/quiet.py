"""Decoders talk too much. While films are decoded, their warnings go nowhere.

What matters of them is said again as a refusal. `warnings.catch_warnings` alone is not safe with
threads: of two that overlap, the last to leave would restore what the first had silenced.
"""

import logging
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

for _library in ("pydicom", "PIL"):
    logging.getLogger(_library).addHandler(logging.NullHandler())
    logging.getLogger(_library).propagate = False

_door = threading.Lock()
_inside = 0
_outer: warnings.catch_warnings | None = None


@contextmanager
def quiet() -> Iterator[None]:
    """Silence warnings from the first thread's entry to the last one's leaving."""
    _enter()
    try:
        yield
    finally:
        _leave()


def _enter() -> None:
    global _inside, _outer
    with _door:
        if _inside == 0:
            _outer = warnings.catch_warnings()
            _outer.__enter__()
            warnings.simplefilter("ignore")
        _inside += 1


def _leave() -> None:
    global _inside, _outer
    with _door:
        _inside -= 1
        if _inside == 0 and _outer is not None:
            _outer.__exit__(None, None, None)
            _outer = None
