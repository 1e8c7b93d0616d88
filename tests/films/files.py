"""Films as files, made for a test: DICOM in any dress, pictures in any mode."""

import io
from functools import cache
from pathlib import Path
from typing import Any

import gdcm
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import UID, DigitalXRayImageStorageForPresentation, ExplicitVRLittleEndian

from app.films.limits import Limits

LIMITS = Limits(max_bytes=4 * 1024 * 1024, max_pixels=1_000_000)
COMPRESSIONS = {
    "JPEG Lossless": gdcm.TransferSyntax.JPEGLosslessProcess14_1,
    "JPEG-LS": gdcm.TransferSyntax.JPEGLSLossless,
    "JPEG 2000": gdcm.TransferSyntax.JPEG2000Lossless,
    "RLE": gdcm.TransferSyntax.RLELossless,
}


def ramp(bits: int, *, signed: bool = False, shape: tuple[int, int] = (24, 20)) -> NDArray[Any]:
    """Return stored values [H, W] that reach from the lowest to the highest of ``bits``."""
    low = -(2 ** (bits - 1)) if signed else 0
    kind = f"{'i' if signed else 'u'}{1 if bits <= 8 else 2}"
    return np.linspace(low, low + 2**bits - 1, shape[0] * shape[1]).reshape(shape).astype(kind)


def dataset(stored: NDArray[Any], *, bits: int | None = None, **elements: Any) -> FileDataset:
    """Return a film with ``stored`` as its pixels; ``elements`` are set last, None deletes."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = DigitalXRayImageStorageForPresentation
    meta.MediaStorageSOPInstanceUID = UID("1.2.3")
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    film = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    film.SOPClassUID, film.SOPInstanceUID = meta.MediaStorageSOPClassUID, UID("1.2.3")
    film.Rows, film.Columns = stored.shape[:2]
    film.SamplesPerPixel = 3 if stored.ndim == 3 else 1
    film.PhotometricInterpretation = "RGB" if stored.ndim == 3 else "MONOCHROME2"
    if stored.ndim == 3:
        film.PlanarConfiguration = 0
    film.BitsAllocated = 8 * stored.itemsize
    film.BitsStored = bits or film.BitsAllocated
    film.HighBit = film.BitsStored - 1
    film.PixelRepresentation = int(stored.dtype.kind == "i")
    data = stored.astype(stored.dtype.newbyteorder("<")).tobytes()
    film.PixelData = data + b"\0" * (len(data) % 2)
    film["PixelData"].VR = "OB" if stored.itemsize == 1 else "OW"
    for keyword, value in elements.items():
        if value is None:
            delattr(film, keyword)
        else:
            setattr(film, keyword, value)
    return film


def as_bytes(film: Dataset) -> bytes:
    """Return the file of ``film``."""
    file = io.BytesIO()
    film.save_as(file, enforce_file_format=True)
    return file.getvalue()


def dicom(stored: NDArray[Any], *, bits: int | None = None, **elements: Any) -> bytes:
    """Return the file of `dataset`."""
    return as_bytes(dataset(stored, bits=bits, **elements))


def table(values: list[int], *, first: int, bits: int) -> Dataset:
    """Return the item of a look-up table's sequence."""
    item = Dataset()
    item.add_new("LUTDescriptor", "US" if first >= 0 else "SS", [len(values), first, bits])
    item.add_new("LUTData", "US", values)
    return item


def compressed(plain: bytes, name: str, folder: Path) -> bytes:
    """Return the file ``plain`` with its pixels compressed by GDCM."""
    source, target = folder / "plain.dcm", folder / "compressed.dcm"
    source.write_bytes(plain)
    reader = gdcm.ImageReader()
    reader.SetFileName(str(source))
    assert reader.Read()
    change = gdcm.ImageChangeTransferSyntax()
    change.SetTransferSyntax(gdcm.TransferSyntax(COMPRESSIONS[name]))
    change.SetInput(reader.GetImage())
    assert change.Change()
    writer = gdcm.ImageWriter()
    writer.SetFileName(str(target))
    writer.SetFile(reader.GetFile())
    writer.SetImage(change.GetOutput())
    assert writer.Write()
    return target.read_bytes()


def picture(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    """Return ``image`` as a file."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


@cache
def grey_image() -> Image.Image:
    """Return a grey picture of 30 × 20 with all its corners different."""
    return Image.fromarray(np.add.outer(np.arange(20) * 3, np.arange(30) * 5).astype(np.uint8))
