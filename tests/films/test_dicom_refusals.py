"""DICOM that is no film is refused by name, and nothing is decoded to find out."""

import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate, get_frame
from pydicom.uid import (
    MPEG2MPML,
    UID,
    BasicTextSRStorage,
    DeflatedExplicitVRLittleEndian,
    EncapsulatedPDFStorage,
    ExplicitVRLittleEndian,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLosslessSV1,
    MediaStorageDirectoryStorage,
    RLELossless,
    RTPlanStorage,
    SegmentationStorage,
)

from app.films.decode import Limits, decode
from app.films.refusals import FilmRefused
from tests.films.files import (
    LIMITS,
    as_bytes,
    compressed,
    dataset,
    dicom,
    grey_image,
    picture,
    ramp,
)


def refused(data: bytes, limits: Limits = LIMITS) -> FilmRefused:
    """How a file is refused."""
    with pytest.raises(FilmRefused) as caught:
        decode(data, name="odd", limits=limits)
    assert caught.value.sentence.endswith(".")
    return caught.value


@pytest.mark.parametrize(
    ("code", "elements"),
    [
        ("many-frames", {"NumberOfFrames": 2, "PixelData": bytes(960 * 2)}),
        ("no-pixels", {"PixelData": None}),
        ("no-pixels", {"PixelData": b""}),
        ("truncated", {"PixelData": bytes(958)}),
        ("bad-header", {"Rows": None}),
        ("bad-header", {"Columns": 0}),
        ("bad-header", {"BitsAllocated": None}),
        ("bad-header", {"BitsAllocated": 12}),
        ("bad-header", {"BitsAllocated": 8, "BitsStored": 12}),
        ("too-deep", {"BitsAllocated": 32, "BitsStored": 32}),
        ("too-many-pixels", {"Rows": 60_000, "Columns": 60_000}),
        ("unknown-colour", {"PhotometricInterpretation": "HSV"}),
        ("unknown-colour", {"PhotometricInterpretation": "RGB"}),
        ("unknown-colour", {"SamplesPerPixel": 4}),
        ("not-a-film", {"SOPClassUID": SegmentationStorage}),
    ],
)
def test_a_header_that_no_film_has_is_refused(code: str, elements: dict[str, Any]) -> None:
    assert refused(dicom(ramp(12), bits=12, **elements)).code == code


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (BasicTextSRStorage, "Basic Text SR"),
        (EncapsulatedPDFStorage, "PDF"),
        (RTPlanStorage, "RT Plan"),
    ],
)
def test_an_object_without_a_picture_is_named(kind: str, name: str) -> None:
    refusal = refused(dicom(ramp(12), SOPClassUID=kind, PixelData=None))
    assert refusal.code == "no-pixels"
    assert name in refusal.sentence


@pytest.mark.parametrize("keyword", ["FloatPixelData", "DoubleFloatPixelData"])
def test_fractions_are_refused(keyword: str) -> None:
    film = dataset(ramp(12), PixelData=None)
    setattr(film, keyword, bytes(480 * 8))
    assert refused(as_bytes(film)).code == "float-pixels"


def test_an_unknown_compression_is_named() -> None:
    film = dataset(ramp(8))
    film.file_meta.TransferSyntaxUID = MPEG2MPML
    film.PixelData = encapsulate([b"\0\0\1\xb3 a film that moves"])
    refusal = refused(as_bytes(film))
    assert refusal.code == "unknown-compression"
    assert "MPEG2" in refusal.sentence
    assert "uncompressed" in refusal.cure


def test_twelve_bit_jpeg_is_named() -> None:
    jpeg = bytearray(picture(grey_image(), "JPEG"))
    jpeg[jpeg.find(b"\xff\xc0") + 4] = 12
    film = wrapped(bytes(jpeg), JPEGExtended12Bit, ramp(12, shape=(20, 30)))
    assert refused(film).code == "unknown-compression"


def wrapped(frame: bytes, syntax: UID, stored: Any) -> bytes:
    """A film whose one compressed frame is ``frame``."""
    film = dataset(stored)
    film.file_meta.TransferSyntaxUID = syntax
    film.PixelData = encapsulate([frame])
    film["PixelData"].is_undefined_length = True
    return as_bytes(film)


def test_a_compressed_picture_larger_than_its_header_says_is_not_decoded() -> None:
    jpeg = bytearray(picture(grey_image(), "JPEG"))
    place = jpeg.find(b"\xff\xc0") + 5
    jpeg[place : place + 4] = struct.pack(">HH", 60_000, 60_000)
    refusal = refused(wrapped(bytes(jpeg), JPEGBaseline8Bit, np.asarray(grey_image())))
    assert refusal.code == "bad-header"
    assert "60,000" in refusal.sentence


@pytest.mark.parametrize("frame", [b"no picture at all", b"\xff\xd8\xff\xd9", b"\xff\xd8" * 9])
def test_a_frame_that_is_no_jpeg_is_refused(frame: bytes) -> None:
    refusal = refused(wrapped(frame, JPEGBaseline8Bit, np.asarray(grey_image())))
    assert refusal.code in ("bad-header", "no-pixels", "unreadable")


@pytest.mark.parametrize("name", ["JPEG Lossless", "JPEG-LS", "JPEG 2000", "RLE"])
def test_half_a_compressed_picture_is_refused(name: str, tmp_path: Path) -> None:
    noise = np.random.default_rng(5).integers(0, 4096, (60, 60)).astype(np.uint16)
    whole = compressed(dicom(noise, bits=12), name, tmp_path)
    assert refused(whole[: len(whole) - 3000]).code in ("truncated", "unreadable", "no-pixels")


def test_a_picture_that_its_decoder_only_complains_of_is_refused(tmp_path: Path) -> None:
    noise = np.random.default_rng(5).integers(0, 4096, (60, 60)).astype(np.uint16)
    whole = dcmread(BytesIO(compressed(dicom(noise, bits=12), "JPEG Lossless", tmp_path)))
    frame = get_frame(whole.PixelData, 0, number_of_frames=1)
    # It ends as it should, but half of it is missing; the decoder hands out a half-grey film.
    halved = frame[: len(frame) // 2] + b"\xff\xd9"
    refusal = refused(wrapped(halved, JPEGLosslessSV1, noise))
    assert refusal.code == "unreadable"
    assert "premature end" in refusal.cure


def test_run_lengths_that_unpack_without_end_are_refused() -> None:
    header = struct.pack("<16L", 1, 64, *[0] * 14)
    bomb = header + b"\x81\x00" * 100_000
    assert refused(wrapped(bomb, RLELossless, ramp(8))).code == "too-many-bytes"


def test_a_deflated_bomb_is_refused() -> None:
    film = dataset(ramp(8))
    film.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    whole = as_bytes(film)
    start = 144 + int.from_bytes(whole[140:144], "little")
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = packer.compress(bytes(64 * 1024 * 1024)) + packer.flush()
    assert refused(whole[:start] + bomb).code == "too-many-bytes"
    assert refused(whole[: start + 30]).code == "truncated"


def test_elements_nested_without_end_are_refused() -> None:
    # An item of undefined length within an item, ten thousand deep.
    sequence = b"\x08\x00\x40\x11SQ\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff"
    film = dataset(ramp(8))
    film.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    whole = as_bytes(film)
    start = 144 + int.from_bytes(whole[140:144], "little")
    assert refused(whole[:start] + sequence * 10_000).code in ("unreadable", "no-pixels")


def test_an_index_of_a_disc_is_named() -> None:
    film = dataset(ramp(8), SOPClassUID=None, PixelData=None, Rows=None)
    film.file_meta.MediaStorageSOPClassUID = MediaStorageDirectoryStorage
    film.DirectoryRecordSequence = [Dataset()]
    assert "Directory" in refused(as_bytes(film)).sentence
