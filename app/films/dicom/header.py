"""The header of a DICOM file: read sparingly, checked before any pixel is decoded.

Only the elements of `ELEMENTS` are read, so that a film cannot break on, or spend memory for,
anything that is not needed; names and dates of patients are never even looked at.
"""

import io
import zlib
from dataclasses import dataclass

from pydicom import dcmread
from pydicom.datadict import tag_for_keyword
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.filereader import read_dataset
from pydicom.tag import BaseTag
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from app.films.dicom import numbers
from app.films.limits import Limits
from app.films.refusals import (
    BadHeader,
    FloatPixels,
    ManyFrames,
    NoPixels,
    NotAFilm,
    NotAnImage,
    TooDeep,
    TooManyBytes,
    Truncated,
    UnknownColour,
)

PREAMBLE = 128
MARK = b"DICM"
SEGMENTATIONS = ("1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.7")
MONOCHROME = ("MONOCHROME1", "MONOCHROME2")
COLOURS = ("RGB", "YBR_FULL", "YBR_FULL_422", "YBR_PARTIAL_420", "YBR_ICT", "YBR_RCT")
ELEMENTS = (
    *("SOPClassUID", "NumberOfFrames", "Rows", "Columns", "SamplesPerPixel"),
    *("PhotometricInterpretation", "PlanarConfiguration", "PixelRepresentation"),
    *("BitsAllocated", "BitsStored", "HighBit"),
    *("PixelPaddingValue", "PixelPaddingRangeLimit"),
    *("PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing", "PixelAspectRatio"),
    *("RescaleIntercept", "RescaleSlope", "ModalityLUTSequence"),
    *("WindowCenter", "WindowWidth", "VOILUTFunction", "VOILUTSequence"),
    *("RedPaletteColorLookupTableDescriptor", "RedPaletteColorLookupTableData"),
    *("GreenPaletteColorLookupTableDescriptor", "GreenPaletteColorLookupTableData"),
    *("BluePaletteColorLookupTableDescriptor", "BluePaletteColorLookupTableData"),
    "SegmentedRedPaletteColorLookupTableData",
    "SegmentedGreenPaletteColorLookupTableData",
    "SegmentedBluePaletteColorLookupTableData",
    *("ExtendedOffsetTable", "ExtendedOffsetTableLengths"),
    *("FloatPixelData", "DoubleFloatPixelData", "PixelData"),
)


@dataclass(frozen=True)
class Raster:
    """How the pixels of one frame are laid out."""

    rows: int
    columns: int
    samples: int
    photometric: str
    allocated: int
    stored: int
    high_bit: int
    signed: bool

    @property
    def native_bytes(self) -> int:
        """Return the length of the uncompressed frame in bytes."""
        samples = 2 if self.photometric == "YBR_FULL_422" else self.samples
        return (self.rows * self.columns * samples * self.allocated + 7) // 8


def has_mark(data: bytes) -> bool:
    """Say whether ``data`` names itself DICOM."""
    return data[PREAMBLE : PREAMBLE + len(MARK)] == MARK


def may_be_bare(data: bytes) -> bool:
    """Say whether ``data`` starts as a data set without preamble does: with group 2 or 8."""
    return data[:2] in (b"\x02\x00", b"\x08\x00", b"\x00\x08") and len(data) > PREAMBLE


def read_header(data: bytes, limits: Limits) -> Dataset:
    """Return the elements of a film with a transfer syntax; no pixel is decoded."""
    meta, start = _file_meta(data)
    if meta.get("TransferSyntaxUID") == DeflatedExplicitVRLittleEndian:
        return _inflated(data[start:], meta, limits)
    header = dcmread(io.BytesIO(data), force=True, specific_tags=list(ELEMENTS))
    if "TransferSyntaxUID" not in header.file_meta:
        header.file_meta.TransferSyntaxUID = _guessed_syntax(header)
    return header


def check_kind(header: Dataset) -> None:
    """Raise a `FilmRefused` unless ``header`` is of an object with whole-numbered pixels."""
    kind = _kind(header)
    if "FloatPixelData" in header or "DoubleFloatPixelData" in header:
        raise FloatPixels("{kind}: the pixels are fractions; a film has whole numbers.", kind=kind)
    if "PixelData" not in header and not _is_object(header):
        raise NotAnImage("The file is not a picture that is known here, nor DICOM.")
    if "PixelData" not in header:
        raise NoPixels("{kind}: the object holds no picture.", kind=kind)
    if not header.PixelData:
        raise NoPixels("{kind}: the pixel data are empty.", kind=kind)
    if header.get("SOPClassUID") in SEGMENTATIONS:
        raise NotAFilm("{kind}: this is not a film.", kind=kind)


def read_raster_layout(header: Dataset, limits: Limits) -> Raster:
    """Return the layout of the one frame; raises a `FilmRefused` if it cannot be a film's."""
    frames = numbers.whole(header, "NumberOfFrames", default=1)
    if frames > 1:
        raise ManyFrames("The file holds {frames} frames; a film is one.", frames=frames)
    rows, columns = numbers.needed(header, "Rows"), numbers.needed(header, "Columns")
    limits.check_pixels(rows, columns)
    allocated = numbers.needed(header, "BitsAllocated")
    stored = numbers.whole(header, "BitsStored", default=allocated)
    samples = numbers.whole(header, "SamplesPerPixel", default=1)
    raster = Raster(
        rows=rows,
        columns=columns,
        samples=samples,
        photometric=_photometric(header, samples),
        allocated=allocated,
        stored=stored,
        high_bit=numbers.whole(header, "HighBit", default=stored - 1),
        signed=numbers.whole(header, "PixelRepresentation", default=0) == 1,
    )
    _check_bits(raster)
    return raster


def _check_bits(raster: Raster) -> None:
    if raster.stored > 16:
        raise TooDeep("The pixels have {bits} bits; sixteen are the limit.", bits=raster.stored)
    if raster.allocated not in (1, 8, 16, 32) or not 1 <= raster.stored <= raster.allocated:
        raise BadHeader(
            "The header says {stored} bits stored in {allocated} allocated.",
            stored=raster.stored,
            allocated=raster.allocated,
        )


def _photometric(header: Dataset, samples: int) -> str:
    default = "MONOCHROME2" if samples == 1 else "RGB"
    said = str(header.get("PhotometricInterpretation") or default).strip().upper()
    wanted = 3 if said in COLOURS else 1
    if said not in (*MONOCHROME, *COLOURS, "PALETTE COLOR") or samples != wanted:
        raise UnknownColour(
            "The colour space {space} with {samples} samples a pixel cannot be turned into grey.",
            space=repr(said[:20]),
            samples=samples,
        )
    return said


def _kind(header: Dataset) -> str:
    said = header.get("SOPClassUID") or header.file_meta.get("MediaStorageSOPClassUID")
    name = UID(str(said)).name if said else ""
    return name if name and not name[0].isdigit() else "DICOM"


def _is_object(header: Dataset) -> bool:
    """Say whether there is more to take ``header`` for DICOM than its first two bytes."""
    return bool(getattr(header, "preamble", None)) or "SOPClassUID" in header or "Rows" in header


def _file_meta(data: bytes) -> tuple[FileMetaDataset, int]:
    """Return group 2, and where the data set after it starts."""
    if not has_mark(data):
        return FileMetaDataset(), 0
    file = io.BytesIO(data)
    file.seek(PREAMBLE + len(MARK))
    group = read_dataset(
        file,
        is_implicit_VR=False,
        is_little_endian=True,
        stop_when=lambda tag, _vr, _length: tag.group != 2,
    )
    return FileMetaDataset(group), file.tell()


def _inflated(packed: bytes, meta: FileMetaDataset, limits: Limits) -> Dataset:
    # pydicom would inflate without a limit: 128 MB of zeros' worth of deflate are 128 GB.
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    unpacked = inflater.decompress(packed, limits.max_bytes)
    if inflater.unconsumed_tail:
        raise TooManyBytes("The data set unpacks to more bytes than the limit.")
    if not inflater.eof:
        raise Truncated("The deflated data set ends too early.")
    header = read_dataset(
        io.BytesIO(unpacked),
        is_implicit_VR=False,
        is_little_endian=True,
        specific_tags=[BaseTag(tag_for_keyword(name) or 0) for name in ELEMENTS],
    )
    header.file_meta = meta
    header.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return header


def _guessed_syntax(header: Dataset) -> UID:
    implicit, little = header.original_encoding
    if implicit:
        return ImplicitVRLittleEndian
    return ExplicitVRLittleEndian if little else ExplicitVRBigEndian
