"""Films are decoded in a process of their own, behind a door that can be shut.

Decoders are old C and C++ that meet strangers' bytes. Fed with damaged files, some abort the whole
process, write to its standard error, loop, or ask for any amount of memory. Next door that costs
one film: the process has limits of memory and time, and is started again. What comes back are
numbers, never objects. Nothing of `app.films.inside` runs on this side.
"""

import atexit
import json
import os
import queue
import select
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np

from app.films.limits import Limits
from app.films.pixels import FilmPixels
from app.films.refusals import FilmRefused, Unreadable, refusal

# How long a film may take, however small, and how much longer for each megabyte of its file.
SECONDS, SECONDS_A_MEGABYTE = 20.0, 1.0
AT_ONCE = min(4, os.cpu_count() or 1)
ROOT = Path(__file__).resolve().parents[2]
INSIDE = "app.films.inside"
PIECE = 1 << 20


class Airlock:
    """One process next door, started when it is first needed; one film at a time."""

    def __init__(self, *, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._child: subprocess.Popen[bytes] | None = None

    def read(self, data: bytes, limits: Limits) -> FilmPixels:
        """Return the film in ``data``; raises a `FilmRefused`, whatever happens inside."""
        child = self._open()
        seconds = self._seconds + SECONDS_A_MEGABYTE * len(data) / 1e6
        try:
            said = _ask(child, data, limits, deadline=time.monotonic() + seconds)
        except TimeoutError:
            self.close()
            raise Unreadable(
                "Decoding took more than {seconds} seconds.", seconds=round(seconds)
            ) from None
        except (OSError, EOFError, ValueError, KeyError):
            self.close()
            raise Unreadable("The file is damaged: its decoder broke down.") from None
        except BaseException:
            # Interrupted between question and answer; the next film must not get this one's.
            self.close()
            raise
        if isinstance(said, FilmRefused):
            raise said
        return said

    def close(self) -> None:
        """End the process, if there is one."""
        child, self._child = self._child, None
        if child is not None:
            with child:  # which closes its pipes and waits for its end
                child.kill()

    def _open(self) -> subprocess.Popen[bytes]:
        # After a fork the parent's process is no child of ours, and `poll` says so.
        if self._child is not None and self._child.poll() is None:
            return self._child
        self.close()
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-W", "ignore", "-m", INSIDE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"},
            bufsize=0,
            # Ctrl-C is for this process: it ends the film under way, and then goes.
            process_group=0,
        )
        return self._child


# As many processes as there are threads that decode at once, up to `AT_ONCE`. The one given back
# last is taken first, so that one thread alone starts one process.
_airlocks = [Airlock() for _ in range(AT_ONCE)]
_idle: queue.LifoQueue[Airlock] = queue.LifoQueue()
for _airlock in _airlocks:
    _idle.put(_airlock)
    atexit.register(_airlock.close)


def read_apart(data: bytes, limits: Limits) -> FilmPixels:
    """Return the film in ``data``, decoded next door; raises a `FilmRefused`."""
    airlock = _idle.get()
    try:
        return airlock.read(data, limits)
    finally:
        _idle.put(airlock)


def _ask(
    child: subprocess.Popen[bytes], data: bytes, limits: Limits, *, deadline: float
) -> FilmPixels | FilmRefused:
    assert child.stdin is not None
    assert child.stdout is not None
    head = json.dumps({"size": len(data), "limits": asdict(limits)}).encode() + b"\n"
    _write(child.stdin.fileno(), head, deadline)
    _write(child.stdin.fileno(), data, deadline)
    pipe = child.stdout.fileno()
    answer = json.loads(_read(pipe, int(_read(pipe, 8, deadline), 16), deadline))
    if "refused" in answer:
        return refusal(**answer["refused"])
    pixels = np.empty(answer["shape"], answer["dtype"])
    limits.check_pixels(*pixels.shape)
    _read_into(pipe, pixels.data.cast("B"), deadline)
    return FilmPixels.with_meta(pixels, answer["meta"])


def _write(pipe: int, data: bytes, deadline: float) -> None:
    os.set_blocking(pipe, False)
    left = memoryview(data)
    while left:
        _wait(pipe, select.POLLOUT, deadline)
        left = left[os.write(pipe, left[:PIECE]) :]


def _read(pipe: int, size: int, deadline: float) -> bytes:
    found = bytearray(size)
    _read_into(pipe, memoryview(found), deadline)
    return bytes(found)


def _read_into(pipe: int, buffer: memoryview, deadline: float) -> None:
    while buffer:
        _wait(pipe, select.POLLIN, deadline)
        count = os.readv(pipe, [buffer[:PIECE]])
        if not count:
            raise EOFError("the process next door ended")
        buffer = buffer[count:]


def _wait(pipe: int, event: int, deadline: float) -> None:
    poll = select.poll()
    poll.register(pipe, event)
    if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
        raise TimeoutError
