"""The process behind the airlock: files come in on standard input, films go out on its output.

Started by `app.films.airlock`, never by hand. Here, and only here, a decoder's failure becomes a
refusal. What decoders print is caught, and where it says that the picture is damaged the picture
is refused: they would hand it out half grey.
"""

import json
import os
import re
import resource
import struct
import sys
import tempfile
from typing import IO, Any, BinaryIO

from app.films.limits import Limits
from app.films.pixels import FilmPixels
from app.films.read import read
from app.films.refusals import FilmRefused, Truncated, Unreadable

MEMORY = 3 * 1024**3
# What these say is for programmers.
WORDLESS = (AttributeError, TypeError, LookupError, AssertionError, NameError, struct.error)
DAMAGE = re.compile(
    r"premature end|bad huffman|corrupt(?!.*extraneous)|too short|inconsistent|truncated",
    re.IGNORECASE,
)

# What decoders say of most damaged files, for which we have words of our own in every language.
ENDED = re.compile(r"truncated file read|expected to read \d+ bytes but only got", re.IGNORECASE)
BROKEN = re.compile(
    r"broken data stream|could not create decoder|failed to read next frame|cannot load this image",
    re.IGNORECASE,
)
CONTRADICTION = re.compile(
    r"unknown value representation|unexpected tag|expected total bytes to be an even multiple",
    re.IGNORECASE,
)


def main() -> None:
    """Answer films until standard input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryFile() as printed, os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(printed.fileno(), 1)
        os.dup2(printed.fileno(), 2)
        for line in iter(sys.stdin.buffer.readline, b""):
            _answer(json.loads(line), sys.stdin.buffer, answers, printed)


def _answer(
    asked: dict[str, Any], questions: BinaryIO, answers: BinaryIO, printed: IO[bytes]
) -> None:
    data = questions.read(asked["size"])
    printed.seek(0)
    printed.truncate()
    try:
        film = read(data, Limits(**asked["limits"]))
        if complaint := _complaint(printed):
            raise Unreadable(
                "The picture is damaged.", cure="Its decoder says: “{why}”.", why=complaint
            )
        head, body = _described(film)
    except Exception as error:
        # Decoders of strangers' bytes raise whatever they like; all of it means one refused film.
        refused = _refusal(error, _complaint(printed))
        head, body = {"refused": {"code": refused.code, **refused.packed()}}, b""
    packed = json.dumps(head).encode()
    answers.write(b"%08x" % len(packed) + packed + body)
    answers.flush()


def _described(film: FilmPixels) -> tuple[dict[str, Any], bytes]:
    body = film.values.tobytes()
    return {"dtype": film.values.dtype.str, "shape": film.shape, "meta": film.meta()}, body


def _refusal(error: Exception, complaint: str) -> FilmRefused:
    if isinstance(error, FilmRefused):
        return error
    if isinstance(error, MemoryError):
        return Unreadable("The file needs more memory than a film may take.")
    if isinstance(error, RecursionError):
        return Unreadable("The parts of the file are nested too deeply.")
    if isinstance(error, EOFError):
        return Truncated("The file ends too early.")
    why = _first_line(str(error))
    if isinstance(error, WORDLESS) or not why or "NoneType" in why:
        why = complaint
    if not why or CONTRADICTION.search(why):
        return Unreadable("The file cannot be decoded: its parts contradict each other.")
    if ENDED.search(why):
        return Truncated("The file ends too early.")
    if BROKEN.search(why):
        return Unreadable("The file cannot be decoded: its picture is damaged.")
    return Unreadable("The file cannot be decoded.", cure="Its decoder says: “{why}”.", why=why)


def _complaint(printed: IO[bytes]) -> str:
    """Return what was printed that means damage, or nothing."""
    printed.seek(0)
    lines = printed.read(65536).decode("utf-8", "replace").splitlines()
    return next((_first_line(line) for line in lines if DAMAGE.search(line)), "")


def _first_line(text: str) -> str:
    # pydicom's own first line says only that the others follow.
    lines = [line for line in text.strip().splitlines() if "all available plugins" not in line]
    return "".join(c for c in lines[0] if c.isprintable())[:160].strip(" .:") if lines else ""


if __name__ == "__main__":
    main()
