"""Compressed frames are decoded in a process of their own, behind a door that can be shut.

Decoders of JPEG, JPEG-LS and JPEG 2000 are old C++ that meets strangers' bytes: tried with damaged
files, they abort the process, write to its standard error, and ask for any amount of memory.
Next door that costs one film: the process has limits of memory and time, and is started again.
"""

import atexit
import json
import os
import select
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.films.dicom.header import Raster
from app.films.refusals import Unreadable

SECONDS = 60.0
ROOT = Path(__file__).resolve().parents[3]
INSIDE = "app.films.dicom.inside"
PIECE = 1 << 20


@dataclass(frozen=True)
class Frame:
    """One encapsulated frame, and what a decoder must know to open it."""

    syntax: str
    planar: int
    raster: Raster

    def request(self, size: int) -> bytes:
        """Return the line that announces ``size`` bytes of pixel data."""
        said = {"syntax": self.syntax, "planar": self.planar, "size": size}
        return json.dumps({**said, **asdict(self.raster)}).encode() + b"\n"


class Airlock:
    """The process next door, started when it is first needed; one frame at a time."""

    def __init__(self, *, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._door = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def decode(self, pixel_data: bytes, frame: Frame) -> NDArray[Any]:
        """Return the pixels [H, W] or [H, W, 3]; raises `Unreadable`, whatever happens inside."""
        with self._door:
            child = self._open()
            try:
                answer, pixels = self._ask(child, pixel_data, frame)
            except TimeoutError:
                self._shut()
                raise Unreadable(f"Decoding took more than {self._seconds:g} s.") from None
            except (OSError, EOFError, ValueError):
                self._shut()
                raise Unreadable("The compressed picture is damaged: its decoder broke.") from None
        if "refused" in answer:
            raise Unreadable(f"The compressed picture is damaged: {answer['refused']}.")
        return np.frombuffer(pixels, answer["dtype"]).reshape(answer["shape"])

    def close(self) -> None:
        """End the process."""
        with self._door:
            self._shut()

    def _open(self) -> subprocess.Popen[bytes]:
        # After a fork the pipes are the parent's; two processes must not talk through them.
        if self._child is not None and self._owner == os.getpid() and self._child.poll() is None:
            return self._child
        if self._owner == os.getpid():
            self._shut()
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-m", INSIDE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            bufsize=0,
        )
        self._owner = os.getpid()
        return self._child

    def _ask(
        self, child: subprocess.Popen[bytes], pixel_data: bytes, frame: Frame
    ) -> tuple[dict[str, Any], bytes]:
        assert child.stdin is not None
        assert child.stdout is not None
        deadline = time.monotonic() + self._seconds
        _write(child.stdin.fileno(), frame.request(len(pixel_data)) + pixel_data, deadline)
        pipe = child.stdout.fileno()
        head = b""
        while not head.endswith(b"\n"):
            head += _read(pipe, 1, deadline)
        answer = json.loads(head)
        return answer, _read(pipe, int(answer["size"]), deadline)

    def _shut(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.communicate()


def _write(pipe: int, data: bytes, deadline: float) -> None:
    left = memoryview(data)
    os.set_blocking(pipe, False)
    while left:
        _wait(pipe, select.POLLOUT, deadline)
        left = left[os.write(pipe, left[:PIECE]) :]


def _read(pipe: int, size: int, deadline: float) -> bytes:
    found = bytearray()
    while len(found) < size:
        _wait(pipe, select.POLLIN, deadline)
        piece = os.read(pipe, min(PIECE, size - len(found)))
        if not piece:
            raise EOFError("the process next door ended")
        found += piece
    return bytes(found)


def _wait(pipe: int, event: int, deadline: float) -> None:
    poll = select.poll()
    poll.register(pipe, event)
    if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
        raise TimeoutError


_airlock = Airlock()
atexit.register(_airlock.close)


def decode_apart(pixel_data: bytes, frame: Frame) -> NDArray[Any]:
    """Return the pixels of one encapsulated frame; raises `Unreadable`."""
    return _airlock.decode(pixel_data, frame)
