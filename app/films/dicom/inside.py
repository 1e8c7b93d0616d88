"""The process behind the airlock: reads frames from standard input, writes pixels to its output.

Run by `app.films.dicom.airlock`, never by hand. What decoders print is caught, and where it says
that the picture is damaged, the picture is refused: they would return it half grey.
"""

import json
import os
import re
import resource
import sys
import tempfile
import warnings
from typing import IO, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from pydicom.pixels.decoders.base import get_decoder

MEMORY = 3 * 1024**3
DAMAGE = re.compile(
    r"premature end|bad huffman|corrupt(?!.*extraneous)|too short|inconsistent|truncated",
    re.IGNORECASE,
)


def main() -> None:
    """Answer frames until standard input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    warnings.simplefilter("ignore")
    with tempfile.TemporaryFile() as printed, os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(printed.fileno(), 1)
        os.dup2(printed.fileno(), 2)
        for line in iter(sys.stdin.buffer.readline, b""):
            _answer(json.loads(line), sys.stdin.buffer, answers, printed)


def _answer(
    asked: dict[str, Any], questions: BinaryIO, answers: BinaryIO, printed: IO[bytes]
) -> None:
    pixel_data = questions.read(asked["size"])
    printed.seek(0)
    printed.truncate()
    try:
        pixels = _decoded(pixel_data, asked)
        damage = _damage(printed)
    except Exception as error:  # whatever a decoder raises is one refused film
        damage = _first_line(str(error)) or type(error).__name__
    if damage:
        head, body = {"refused": damage, "size": 0}, b""
    else:
        body = np.ascontiguousarray(pixels).tobytes()
        head = {"dtype": pixels.dtype.str, "shape": list(pixels.shape), "size": len(body)}
    answers.write(json.dumps(head).encode() + b"\n" + body)
    answers.flush()


def _decoded(pixel_data: bytes, asked: dict[str, Any]) -> NDArray[Any]:
    options: dict[str, Any] = {
        "rows": asked["rows"],
        "columns": asked["columns"],
        "samples_per_pixel": asked["samples"],
        "photometric_interpretation": asked["photometric"],
        "planar_configuration": asked["planar"],
        "bits_allocated": asked["allocated"],
        "bits_stored": asked["stored"],
        "pixel_representation": int(asked["signed"]),
        "number_of_frames": 1,
        "pixel_keyword": "PixelData",
        "correct_unused_bits": False,
    }
    pixels, _ = get_decoder(asked["syntax"]).as_array(pixel_data, index=0, **options)
    return pixels


def _damage(printed: IO[bytes]) -> str:
    printed.seek(0)
    for line in printed.read(65536).decode("utf-8", "replace").splitlines():
        if DAMAGE.search(line):
            return _first_line(line)
    return ""


def _first_line(text: str) -> str:
    # pydicom's own first line says only that the others follow.
    lines = [line for line in text.strip().splitlines() if "all available plugins" not in line]
    return "".join(c for c in lines[0] if c.isprintable())[:160].rstrip(" .:") if lines else ""


if __name__ == "__main__":
    main()
