"""The files of one film opened, and many of them at once."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from app.films.airlock import AT_ONCE
from app.films.decode import decode, decode_mask
from app.films.layout import FilmEntry
from app.films.limits import Limits
from app.films.pixels import FilmPixels
from app.films.refusals import FilmRefused, Missing, Unreadable

Given = TypeVar("Given")
Made = TypeVar("Made")
AHEAD = 2 * AT_ONCE


@dataclass(frozen=True)
class Opened:
    """A film of a folder, decoded, with its masks bool [H, W]."""

    pixels: FilmPixels
    masks: dict[str, NDArray[np.bool_]]


def open_entry(entry: FilmEntry, limits: Limits) -> Opened:
    """Return an entry's film and masks; raises a `FilmRefused` that names the file at fault."""
    if entry.refusal is not None:
        raise entry.refusal.of(entry.name)
    data = read_bytes(entry.path, name=entry.name, limits=limits)
    pixels = decode(data, name=entry.name, limits=limits)
    masks = {}
    for kind, path in entry.masks.items():
        name = mask_name(kind, path)
        data = read_bytes(path, name=name, limits=limits)
        masks[kind] = decode_mask(data, name=name, shape=pixels.shape, limits=limits)
    return Opened(pixels, masks)


def mask_name(kind: str, path: Path) -> str:
    """Return how a film's mask is called where it is at fault."""
    return f"{kind} mask {path.name}"


def read_bytes(path: Path, *, name: str, limits: Limits) -> bytes:
    """Return the bytes of a file that is not too large; raises a `FilmRefused`."""
    try:
        limits.check_bytes(path.stat().st_size)
        return path.read_bytes()
    except FilmRefused as refused:
        raise refused.of(name) from None
    except FileNotFoundError:
        raise Missing("The file is not there.").of(name) from None
    except OSError as error:
        raise Unreadable(
            "The file cannot be opened.", cure="The system says: “{why}”.", why=error.strerror
        ).of(name) from None


def ahead(work: Callable[[Given], Made], given: Iterable[Given]) -> Iterator[Made]:
    """Yield ``work(item)`` in order, while the next `AHEAD` are worked on in threads."""
    waiting: deque[Future[Made]] = deque()
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="films")
    try:
        for item in given:
            waiting.append(pool.submit(work, item))
            if len(waiting) > AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        # Who stops halfway does not wait for films that nobody will take.
        pool.shutdown(cancel_futures=True)
