"""Grey values: modality, window, one inversion; checked against pydicom, pixel for pixel."""

import io
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.pixels.processing import apply_modality_lut, apply_voi_lut

from app.films.decode import decode
from app.films.pixels import FilmPixels, Window
from app.films.voi import display, luminance
from tests.films.files import LIMITS, dicom, ramp, table


def assert_seen_alike(data: bytes) -> None:
    """Each pixel is pydicom's, rounded; a half may go either way."""
    ours = display(decode(data, name="a", limits=LIMITS))
    assert np.abs(ours - pydicoms(data)).max() <= 0.5 + 1e-6


def pydicoms(data: bytes, way: int = 0) -> NDArray[np.float64]:
    """What pydicom makes of a film by the window or VOI table number ``way``, brought to 0…255."""
    film = dcmread(io.BytesIO(data))
    modality = apply_modality_lut(film.pixel_array, film)
    shown = apply_voi_lut(modality, film, index=way).astype(float)
    low, high = output_range(film)
    grey = (shown - low) / (high - low) * 255
    if film.PhotometricInterpretation == "MONOCHROME1":
        grey = 255 - grey
    clipped: NDArray[np.float64] = np.clip(grey, 0, 255)
    return clipped


def output_range(film: Dataset) -> tuple[float, float]:
    """Return the ends of what pydicom's `apply_voi_lut` gives."""
    if "VOILUTSequence" in film:
        return 0, 2 ** film.VOILUTSequence[0].LUTDescriptor[2] - 1
    if "ModalityLUTSequence" in film:
        return 0, 2 ** film.ModalityLUTSequence[0].LUTDescriptor[2] - 1
    low = -(2 ** (film.BitsStored - 1)) if film.PixelRepresentation else 0
    slope, intercept = film.get("RescaleSlope", 1), film.get("RescaleIntercept", 0)
    return low * slope + intercept, (low + 2**film.BitsStored - 1) * slope + intercept


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize("function", ["LINEAR", "LINEAR_EXACT", "SIGMOID"])
@pytest.mark.parametrize(("slope", "intercept"), [(1, 0), (2.5, -1000), (-1, 4095), (-0.5, 0)])
@pytest.mark.parametrize(("bits", "signed"), [(8, False), (12, False), (12, True), (16, True)])
def test_a_windowed_film_is_seen_as_pydicom_sees_it(
    photometric: str, function: str, slope: float, intercept: float, bits: int, signed: bool
) -> None:
    low = -(2 ** (bits - 1)) if signed else 0
    data = dicom(
        ramp(bits, signed=signed),
        bits=bits,
        PhotometricInterpretation=photometric,
        RescaleSlope=slope,
        RescaleIntercept=intercept,
        WindowCenter=round((low + 2**bits * 0.4) * slope + intercept, 3),
        WindowWidth=round(2**bits * 0.3 * abs(slope), 3),
        VOILUTFunction=function,
    )
    assert_seen_alike(data)


# pydicom counts places in a table of eight bits with eight bits, so those have a film of eight.
@pytest.mark.parametrize("first", [0, 60, -50])
@pytest.mark.parametrize(("stored", "bits"), [(8, 8), (12, 12), (12, 16)])
def test_a_voi_table_is_obeyed_as_pydicom_obeys_it(first: int, stored: int, bits: int) -> None:
    values = [round((2**bits - 1) * (i / 99) ** 2) for i in range(100)]
    sequence = [table(values, first=first, bits=bits)]
    assert_seen_alike(dicom(ramp(stored, signed=first < 0), bits=stored, VOILUTSequence=sequence))


def test_a_modality_table_comes_before_the_window() -> None:
    values = [int(65535 - 15 * i) for i in range(4096)]
    data = dicom(
        ramp(12),
        bits=12,
        ModalityLUTSequence=[table(values, first=0, bits=16)],
        WindowCenter=40000,
        WindowWidth=30000,
    )
    assert_seen_alike(data)


def film(values: Any, **said: Any) -> FilmPixels:
    """A film of sixteen bits."""
    return FilmPixels(np.array(values, np.uint16), 16, **said)


def test_an_eight_bit_film_without_a_window_is_shown_as_it_is() -> None:
    values = np.arange(256, dtype=np.uint8).reshape(16, 16)
    assert np.array_equal(display(FilmPixels(values, 8)), values)
    assert np.array_equal(display(FilmPixels(values, 8, "MONOCHROME1")), 255 - values)


def test_few_bits_fill_the_whole_range() -> None:
    assert display(FilmPixels(np.array([[0, 1]], np.uint8), 1)).tolist() == [[0, 255]]


def test_a_deep_film_without_a_window_spans_its_percentiles_not_its_marker() -> None:
    values = np.linspace(1000, 2000, 10_000).reshape(100, 100)
    values[0, 0] = 65535
    shown = display(film(values.round()))
    assert shown[0, 0] == 255
    assert shown.min() == 0
    assert 120 < shown[50, 0] < 135


def test_a_window_beside_the_film_is_not_obeyed() -> None:
    values = [[10, 20], [30, 40]]
    assert np.array_equal(
        display(film(values, voi=Window(30000, 10))), display(film(values, voi=None))
    )


def test_a_flat_film_is_shown_flat() -> None:
    assert np.ptp(display(film([[7, 7], [7, 7]]))) == 0


def test_networks_read_no_window_and_dense_is_high() -> None:
    plain = film([[0, 100]], slope=2.0, intercept=-5.0)
    inverted = film([[0, 100]], slope=2.0, intercept=-5.0, photometric="MONOCHROME1")
    windowed = film([[0, 100]], slope=2.0, intercept=-5.0, voi=Window(1, 2))
    assert luminance(plain).tolist() == [[-5, 195]]
    assert luminance(inverted).tolist() == [[5, -195]]
    assert luminance(windowed).dtype == np.float32
    assert np.array_equal(luminance(windowed), luminance(plain))
