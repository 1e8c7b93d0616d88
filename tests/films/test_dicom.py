"""Single-frame DICOM in every dress: the stored values come out, and mean what they meant."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.encaps import encapsulate
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
)

from app.films.decode import decode
from app.films.pixels import FilmPixels, VoiTable, Window
from tests.films.files import (
    COMPRESSIONS,
    LIMITS,
    as_bytes,
    compressed,
    dataset,
    dicom,
    grey_image,
    picture,
    ramp,
    table,
)


def read(data: bytes) -> FilmPixels:
    """The film of a file."""
    return decode(data, name="a", limits=LIMITS)


def modality(film: FilmPixels) -> Any:
    """What the film's values mean."""
    return film.slope * film.values.astype(float) + film.intercept


@given(st.integers(1, 16), st.booleans())
def test_every_depth_signed_or_not_keeps_its_values(bits: int, signed: bool) -> None:
    stored = ramp(bits, signed=signed)
    film = read(dicom(stored, bits=bits))
    assert np.array_equal(modality(film), stored)
    assert film.bits == bits
    assert film.values.dtype == (np.uint8 if bits <= 8 else np.uint16)


@given(st.integers(9, 15), st.booleans(), st.integers(0, 2**16 - 1))
def test_what_lies_in_the_unused_bits_is_masked_off(bits: int, signed: bool, overlay: int) -> None:
    stored = ramp(bits, signed=signed)
    high = np.uint16(overlay & ~(2**bits - 1) & 0xFFFF)
    soiled = (stored.view(np.uint16) & np.uint16(2**bits - 1)) | high
    assert np.array_equal(modality(read(dicom(soiled.view(stored.dtype), bits=bits))), stored)


def test_values_may_stand_in_the_high_bits() -> None:
    stored = ramp(12)
    film = read(dicom(stored << 4, bits=12, HighBit=15))
    assert np.array_equal(film.values, stored)


@pytest.mark.parametrize("slope", [2.5, -1.0, -0.25])
@pytest.mark.parametrize("signed", [False, True])
def test_a_rescale_is_kept_whatever_its_sign(slope: float, signed: bool) -> None:
    stored = ramp(12, signed=signed)
    film = read(dicom(stored, bits=12, RescaleSlope=slope, RescaleIntercept=-1024))
    assert np.allclose(modality(film), slope * stored - 1024)


@pytest.mark.parametrize("slope", [b"00000000", b"nan     ", b"1e999999", b"one half"])
def test_a_rescale_without_sense_is_none(slope: bytes) -> None:
    broken = dicom(ramp(12), bits=12, RescaleSlope="1.234567").replace(b"1.234567", slope)
    assert np.array_equal(modality(read(broken)), ramp(12))


def test_a_modality_table_is_applied_at_once() -> None:
    values = [60_000 - 10 * i for i in range(4096)]
    film = read(dicom(ramp(12), bits=12, ModalityLUTSequence=[table(values, first=0, bits=16)]))
    assert np.array_equal(film.values, np.array(values)[ramp(12)])
    assert (film.slope, film.intercept, film.bits) == (1, 0, 16)


def test_a_window_is_kept_with_its_function() -> None:
    film = read(
        dicom(ramp(12), WindowCenter=[600, 9], WindowWidth=[300, 9], VOILUTFunction="SIGMOID")
    )
    assert film.voi == Window(600, 300, "SIGMOID")


def test_every_further_window_is_kept_in_its_order() -> None:
    film = read(dicom(ramp(12), WindowCenter=[600, 9, 5, 70], WindowWidth=[300, 0, 9]))
    assert film.voi == Window(600, 300)
    assert film.further_voi == (Window(5, 9),)


def test_windows_come_after_tables_and_there_are_eight_at_most() -> None:
    sequence = [table([0, 9, first], first=first, bits=8) for first in (4, 5)]
    numbers = list(range(100, 120))
    film = read(dicom(ramp(12), VOILUTSequence=sequence, WindowCenter=numbers, WindowWidth=numbers))
    assert film.voi == VoiTable(4, 8, (0, 9, 4))
    assert film.further_voi[0] == VoiTable(5, 8, (0, 9, 5))
    assert film.further_voi[1:] == tuple(Window(each, each) for each in range(100, 106))


@pytest.mark.parametrize("width", [0, -10, 0.5])
def test_a_window_of_no_width_is_none(width: float) -> None:
    assert read(dicom(ramp(12), WindowCenter=600, WindowWidth=width)).voi is None


def test_a_table_goes_before_a_window() -> None:
    sequence = [table([0, 9, 255], first=4, bits=8)]
    film = read(dicom(ramp(12), VOILUTSequence=sequence, WindowCenter=600, WindowWidth=300))
    assert film.voi == VoiTable(first=4, bits=8, values=(0, 9, 255))


@pytest.mark.parametrize("broken", [{"bits": 40}, {"values": []}, {"values": [1, 2], "bits": 0}])
def test_a_broken_table_is_left_out(broken: dict[str, Any]) -> None:
    item = table(**{"values": [1, 2, 3], "first": 0, "bits": 8, **broken})
    item.LUTDescriptor = [3, 0, broken.get("bits", 8)]
    assert read(dicom(ramp(12), VOILUTSequence=[item])).voi is None


def test_the_patients_spacing_goes_before_the_detectors() -> None:
    both = dicom(ramp(8), PixelSpacing=[0.2, 0.3], ImagerPixelSpacing=[0.4, 0.5])
    assert read(both).spacing_mm == (0.2, 0.3)
    assert read(dicom(ramp(8), ImagerPixelSpacing=[0.4, 0.5])).spacing_mm == (0.4, 0.5)
    assert read(dicom(ramp(8), PixelSpacing=[0, 0.3])).spacing_mm is None
    assert read(dicom(ramp(8))).spacing_mm is None


def test_pixels_that_are_not_square_say_so_by_their_spacing_or_else_their_ratio() -> None:
    assert read(dicom(ramp(8), ImagerPixelSpacing=[0.4, 0.2])).aspect == 2
    # A ratio is written height first (PS3.3, C.7.6.3.1.7).
    alone = read(dicom(ramp(8), PixelAspectRatio=["1", "2"]))
    assert (alone.aspect, alone.spacing_mm) == (0.5, None)
    assert FilmPixels.restore(alone.to_bytes(), alone.meta()).aspect == 0.5
    both = dicom(ramp(8), PixelSpacing=[0.2, 0.2], PixelAspectRatio=["1", "2"])
    assert read(both).aspect == 1


@pytest.mark.parametrize("spacing", [[0.1440, 0.1441], [0.001, 5], [0, 0.3]])
def test_what_rounding_or_a_slip_says_of_a_spacing_stretches_no_film(spacing: list[float]) -> None:
    assert read(dicom(ramp(8), PixelSpacing=spacing)).aspect == 1


@pytest.mark.parametrize("ratio", [["0", "2"], ["1", "1"], ["1"], ["1", "99"]])
def test_a_ratio_without_sense_stretches_no_film(ratio: list[str]) -> None:
    assert read(dicom(ramp(8), PixelAspectRatio=ratio)).aspect == 1


@pytest.mark.parametrize(("photometric", "darkest"), [("MONOCHROME2", 100), ("MONOCHROME1", 579)])
def test_padding_is_as_dark_as_the_film_gets(photometric: str, darkest: int) -> None:
    stored = np.arange(100, 580, dtype=np.uint16).reshape(24, 20)
    stored[0] = 4000
    film = read(
        dicom(stored, bits=12, PixelPaddingValue=4000, PhotometricInterpretation=photometric)
    )
    assert set(film.values[0]) == {max(darkest, 120) if darkest == 100 else darkest}
    assert np.array_equal(film.values[1:], stored[1:])


@pytest.mark.parametrize("name", COMPRESSIONS)
@pytest.mark.parametrize(("bits", "signed"), [(8, False), (12, False), (16, False), (16, True)])
def test_compression_changes_nothing(name: str, bits: int, signed: bool, tmp_path: Path) -> None:
    plain = dicom(ramp(bits, signed=signed), bits=bits)
    film = read(compressed(plain, name, tmp_path))
    assert film.sha256() == read(plain).sha256()


@pytest.mark.parametrize("name", COMPRESSIONS)
def test_colours_may_be_compressed_too(name: str, tmp_path: Path) -> None:
    stored = np.random.default_rng(3).integers(0, 256, (24, 20, 3), np.uint8)
    plain = dicom(stored)
    assert np.array_equal(read(compressed(plain, name, tmp_path)).values, read(plain).values)


@pytest.mark.parametrize(
    ("syntax", "kind"), [(JPEGBaseline8Bit, "JPEG"), (JPEG2000Lossless, "JPEG2000")]
)
def test_a_jpeg_may_come_in_a_dicom_file(syntax: UID, kind: str) -> None:
    stored = np.asarray(grey_image())
    film = dataset(stored)
    options = {"no_jp2": True} if kind == "JPEG2000" else {"quality": 95}
    film.file_meta.TransferSyntaxUID = syntax
    film.PixelData = encapsulate([picture(grey_image(), kind, **options)])
    film["PixelData"].is_undefined_length = True
    assert np.abs(read(as_bytes(film)).values.astype(int) - stored).max() <= 4


def test_a_data_set_may_be_deflated() -> None:
    film = dataset(ramp(12), bits=12)
    film.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    assert np.array_equal(read(as_bytes(film)).values, ramp(12))


def test_implicit_elements_are_read() -> None:
    film = dataset(ramp(12), bits=12)
    film.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    assert np.array_equal(read(as_bytes(film)).values, ramp(12))


def test_big_endian_values_are_read() -> None:
    film = dataset(ramp(12), bits=12, PixelData=ramp(12).astype(">u2").tobytes())
    film.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    film.set_original_encoding(is_implicit_vr=False, is_little_endian=False)
    assert np.array_equal(read(as_bytes(film)).values, ramp(12))


@pytest.mark.parametrize("implicit", [True, False])
def test_preamble_and_meta_header_may_be_missing(implicit: bool) -> None:
    film = dataset(ramp(12), bits=12)
    if implicit:
        film.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    whole = as_bytes(film)
    group_2 = int.from_bytes(whole[140:144], "little")
    assert np.array_equal(read(whole[144 + group_2 :]).values, ramp(12))


def test_colours_become_grey_and_lose_their_window() -> None:
    stored = np.zeros((4, 4, 3), np.uint8)
    stored[..., 0], stored[..., 1] = 200, 100
    film = read(dicom(stored, WindowCenter=5, WindowWidth=5))
    assert set(film.values.ravel()) == {round(0.299 * 200 + 0.587 * 100)}
    assert film.voi is None


def test_a_palette_is_looked_up() -> None:
    shades = (np.arange(256) * 257).astype("<u2")
    palette: dict[str, Any] = {
        f"{colour}PaletteColorLookupTable{part}": value
        for colour in ("Red", "Green", "Blue")
        for part, value in (("Descriptor", [256, 0, 16]), ("Data", shades.tobytes()))
    }
    film = read(dicom(ramp(8), PhotometricInterpretation="PALETTE COLOR", **palette))
    assert np.array_equal(film.values, shades[ramp(8)])


def test_one_bit_a_pixel_is_a_film() -> None:
    bits = np.arange(480).reshape(24, 20) % 3 == 0
    packed = np.packbits(bits, bitorder="little").tobytes()
    film = read(dicom(ramp(8), BitsAllocated=1, BitsStored=1, HighBit=0, PixelData=packed))
    assert np.array_equal(film.values, bits)
    assert film.bits == 1


def test_a_missing_word_on_the_pixels_is_guessed() -> None:
    film = read(
        dicom(
            ramp(12),
            bits=16,
            BitsStored=None,
            HighBit=None,
            PixelRepresentation=None,
            SamplesPerPixel=None,
            PhotometricInterpretation=None,
        )
    )
    assert np.array_equal(film.values, ramp(12))


def test_a_name_of_a_patient_that_cannot_be_read_does_no_harm() -> None:
    film = dicom(ramp(12), SpecificCharacterSet="ISO_IR 100", PatientName="Müller")
    assert read(film.replace(b"ISO_IR 100", b"NOT THERE ")).shape == (24, 20)
