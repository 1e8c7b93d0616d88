"""A mask survives every coding, and equal masks have equal bytes."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from PIL import Image

from app.masks.codec import (
    MaskRefused,
    from_png,
    from_runs,
    pack_bits,
    packed_length,
    to_png,
    to_runs,
    unpack_bits,
)

Mask = NDArray[np.bool_]
masks = arrays.arrays(np.bool_, arrays.array_shapes(min_dims=2, max_dims=2, max_side=40))


@given(masks)
def test_packed_bits_come_back(mask: Mask) -> None:
    packed = pack_bits(mask)
    assert len(packed) == packed_length(mask.shape)
    assert np.array_equal(unpack_bits(packed, mask.shape), mask)


@given(masks)
def test_a_png_comes_back_and_is_the_same_each_time(mask: Mask) -> None:
    png = to_png(mask)
    assert to_png(mask.copy()) == png
    assert np.array_equal(from_png(png, max_pixels=mask.size), mask)


@given(masks)
def test_runs_come_back_and_fill_the_raster(mask: Mask) -> None:
    runs = to_runs(mask)
    assert sum(runs) == mask.size
    assert sum(runs[1::2]) == np.count_nonzero(mask)
    assert np.array_equal(from_runs(runs, mask.shape), mask)


def test_bits_run_along_rows_without_padding_most_significant_first() -> None:
    mask = np.zeros((2, 5), np.bool_)
    mask[0, 0] = mask[0, 4] = mask[1, 0] = True
    assert pack_bits(mask) == bytes([0b10001100, 0])


def test_a_png_has_one_bit_a_pixel_and_white_inside() -> None:
    mask = np.array([[True, False, True]])
    with Image.open(io.BytesIO(to_png(mask))) as image:
        assert image.mode == "1"
        assert image.size == (3, 1)
        assert list(image.convert("L").tobytes()) == [255, 0, 255]


def test_a_mask_in_column_order_is_as_good() -> None:
    mask = np.asfortranarray(np.eye(9, 17, dtype=np.bool_))
    assert pack_bits(mask) == pack_bits(np.ascontiguousarray(mask))
    assert to_runs(mask) == to_runs(np.ascontiguousarray(mask))


@pytest.mark.parametrize("length", [0, 1, 3])
def test_bits_of_another_length_are_refused(length: int) -> None:
    with pytest.raises(MaskRefused, match="has 2 bytes"):
        unpack_bits(bytes(length), (3, 4))


def test_bits_behind_the_last_pixel_are_refused() -> None:
    with pytest.raises(MaskRefused, match="last pixel"):
        unpack_bits(b"\x00\x01", (3, 4))


@given(st.binary(max_size=200))
def test_any_other_bytes_are_refused_as_png(data: bytes) -> None:
    with pytest.raises(MaskRefused):
        from_png(data, max_pixels=10_000)


def test_a_cut_off_png_is_refused() -> None:
    png = to_png(np.random.default_rng(1).random((64, 64)) > 0.5)
    with pytest.raises(MaskRefused, match="cannot be read"):
        from_png(png[:100], max_pixels=10_000)


def test_a_grey_png_is_refused_as_mask() -> None:
    file = io.BytesIO()
    Image.new("L", (4, 4), 255).save(file, "PNG")
    with pytest.raises(MaskRefused, match="mode L"):
        from_png(file.getvalue(), max_pixels=100)


def test_too_many_pixels_are_refused_before_decoding() -> None:
    png = to_png(np.zeros((100, 100), np.bool_))
    with pytest.raises(MaskRefused, match="more than 9999"):
        from_png(png[:60], max_pixels=9_999)


@pytest.mark.parametrize("runs", [[11], [13], [6, 7, -1], []])
def test_runs_that_do_not_fill_the_raster_are_refused(runs: list[int]) -> None:
    with pytest.raises(MaskRefused, match="fill"):
        from_runs(runs, (3, 4))
