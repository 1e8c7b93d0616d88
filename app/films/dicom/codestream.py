"""What a compressed frame says of itself, before a decoder believes it.

A header may say 100 by 100 pixels and the JPEG in it 60,000 by 60,000: the decoder allocates what
the stream says. So size and end are checked here, in the few bytes that hold them.
"""

from dataclasses import dataclass

from pydicom.encaps import get_frame
from pydicom.uid import JPEGExtended12Bit, RLELossless

from app.films.dicom.header import Raster
from app.films.refusals import BadHeader, NoPixels, TooManyBytes, Truncated, UnknownCompression
from app.words import N_

CURE = N_("Export the film uncompressed, or as JPEG lossless, JPEG-LS or JPEG 2000.")
JPEG_START, JPEG_END = b"\xff\xd8", b"\xff\xd9"
J2K_START, JP2_START = b"\xff\x4f\xff\x51", b"\x00\x00\x00\x0cjP  "
# Start-of-frame markers of JPEG (T.81) and JPEG-LS (T.87); C4, C8 and CC are none.
FRAME_MARKERS = {*range(0xC0, 0xD0), 0xF7} - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True)
class Stream:
    """Size and depth that a codestream states."""

    rows: int
    columns: int
    samples: int
    precision: int


def check_frame(pixel_data: bytes, raster: Raster, *, syntax: str) -> None:
    """Raise a `FilmRefused` if the one compressed frame is not what the header says."""
    frame = get_frame(pixel_data, 0, number_of_frames=1)
    if not frame:
        raise NoPixels("The pixel data are empty.")
    if syntax == RLELossless:
        _check_rle(frame, raster)
        return
    stream = read_stream(frame)
    if stream is None:
        raise BadHeader("The compressed pixels do not begin as their transfer syntax says.")
    if syntax == JPEGExtended12Bit and stream.precision > 8:
        # GDCM alone reads it, and turns what overshoots black into white.
        raise UnknownCompression("The pixels are compressed as JPEG with 12 bits.", cure=CURE)
    if (stream.rows, stream.columns) != (raster.rows, raster.columns):
        raise BadHeader(
            "The header says {rows} by {columns} pixels, the compressed picture {its_rows} by "
            "{its_columns}.",
            rows=raster.rows,
            columns=raster.columns,
            its_rows=stream.rows,
            its_columns=stream.columns,
        )
    if JPEG_END not in frame[-64:]:
        raise Truncated("The compressed picture ends too early.")


def read_stream(frame: bytes) -> Stream | None:
    """Return what a JPEG, JPEG-LS or JPEG 2000 codestream states; None if it is none of them."""
    if frame.startswith(JPEG_START):
        return _jpeg(frame)
    start = frame.find(J2K_START) if frame.startswith(JP2_START) else 0
    if start >= 0 and frame.startswith(J2K_START, start):
        return _jpeg_2000(frame[start : start + 64])
    return None


def _jpeg(frame: bytes) -> Stream | None:
    place = 2
    while place + 9 < len(frame) and frame[place] == 0xFF:
        marker = frame[place + 1]
        if marker in FRAME_MARKERS:
            head = frame[place + 4 : place + 10]
            return Stream(
                precision=head[0],
                rows=int.from_bytes(head[1:3], "big"),
                columns=int.from_bytes(head[3:5], "big"),
                samples=head[5],
            )
        filler = marker == 0xFF
        length = int.from_bytes(frame[place + 2 : place + 4], "big")
        place += 1 if filler else 2 + length
    return None


def _jpeg_2000(head: bytes) -> Stream | None:
    """Read SIZ (T.800, A.5.1)."""
    if len(head) < 43:
        return None
    right, bottom, left, top = (int.from_bytes(head[i : i + 4], "big") for i in range(8, 24, 4))
    return Stream(
        rows=bottom - top,
        columns=right - left,
        samples=int.from_bytes(head[40:42], "big"),
        precision=(head[42] & 0x7F) + 1,
    )


def _check_rle(frame: bytes, raster: Raster) -> None:
    # At its worst, run-length coding adds one byte to 128 (PS3.5, G.3.1); a frame much longer
    # than that is there to unpack into gigabytes.
    if len(frame) > 64 + 2 * raster.native_bytes + 1024:
        raise TooManyBytes("The run-length coded picture is longer than its pixels.")
