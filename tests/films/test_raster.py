"""Pictures of every mode become grey films; what is no single picture is refused by name."""

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from app.films.decode import Limits, decode
from app.films.refusals import FilmRefused
from app.films.voi import display
from tests.films.files import LIMITS, grey_image, picture

GREY = np.asarray(grey_image())


def read(data: bytes, limits: Limits = LIMITS) -> Any:
    """The film of a file."""
    return decode(data, name="a.png", limits=limits)


def refused(data: bytes, limits: Limits = LIMITS) -> str:
    """The code with which a file is refused."""
    with pytest.raises(FilmRefused) as caught:
        read(data, limits)
    assert str(caught.value).startswith("a.png: ")
    return caught.value.code


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP", "PPM", "GIF", "JPEG2000"])
def test_a_lossless_grey_picture_keeps_its_values(kind: str) -> None:
    film = read(picture(grey_image(), kind))
    assert np.array_equal(film.values, GREY)
    assert (film.bits, film.photometric) == (8, "MONOCHROME2")


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "LA", "CMYK"])
def test_a_grey_picture_in_colours_is_grey_again(mode: str) -> None:
    kind = "TIFF" if mode == "CMYK" else "PNG"
    film = read(picture(grey_image().convert("RGB").convert(mode), kind))
    assert np.array_equal(film.values, GREY)


@pytest.mark.parametrize("kind", ["PNG", "BMP", "GIF", "TIFF"])
def test_a_palette_is_looked_up(kind: str) -> None:
    indexed = Image.fromarray(np.array([[0, 1], [2, 1]], np.uint8)).convert("P")
    indexed.putpalette([250, 250, 250, 0, 0, 0, 77, 77, 77])
    assert read(picture(indexed, kind)).values.tolist() == [[250, 0], [77, 0]]


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_a_jpeg_is_nearly_as_it_was(mode: str) -> None:
    film = read(picture(grey_image().convert("RGB").convert(mode), "JPEG", quality=95))
    assert np.abs(film.values.astype(int) - GREY).max() <= 6


def test_a_webp_is_read() -> None:
    assert np.array_equal(read(picture(grey_image(), "WEBP", lossless=True)).values, GREY)


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "PPM"])
def test_sixteen_bits_stay_sixteen(kind: str) -> None:
    deep = (np.arange(600, dtype=np.uint16) * 109).reshape(20, 30)
    film = read(picture(Image.fromarray(deep), kind))
    assert np.array_equal(film.values, deep)
    assert film.bits == 16


def wide_png(values: NDArray[np.uint16]) -> bytes:
    """A PNG of sixteen bits a colour, which Pillow does not write."""
    rows, columns, samples = values.shape
    head = struct.pack(">LLBBBBB", columns, rows, 16, {3: 2, 4: 6}[samples], 0, 0, 0)
    lines = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(lines)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">L", len(data)) + name + data + struct.pack(">L", zlib.crc32(name + data))
        for name, data in chunks
    )


def test_sixteen_bits_a_colour_stay_sixteen() -> None:
    grey = (np.arange(600, dtype=np.uint16) * 109).reshape(20, 30)
    colours = np.stack([grey, grey, grey], axis=2)
    film = read(wide_png(colours))
    assert np.array_equal(film.values, grey)
    assert film.bits == 16


def test_sixteen_bits_a_colour_may_be_transparent() -> None:
    colours = np.full((2, 2, 4), 40_000, np.uint16)
    colours[..., 3] = [[65535, 0], [65535, 65535]]
    assert read(wide_png(colours)).values.tolist() == [[40_000, 0], [40_000, 40_000]]
    colours[..., 3] = 0
    assert set(read(wide_png(colours)).values.ravel()) == {40_000}


def test_where_zero_is_white_the_film_is_seen_inverted() -> None:
    values = np.linspace(0, 65535, 600).reshape(20, 30).astype(np.uint16)
    shown = display(read(picture(Image.fromarray(values), "TIFF", tiffinfo={262: 0})))
    assert shown[0, 0] == 255
    assert shown[-1, -1] == 0


def test_negative_values_are_shifted_up_and_mean_the_same() -> None:
    stored = np.arange(-300, 300, dtype=np.int32).reshape(20, 30)
    film = read(picture(Image.fromarray(stored), "TIFF"))
    assert np.array_equal(film.values + film.intercept, stored)


def test_one_bit_is_black_and_white() -> None:
    film = read(picture(grey_image().point(lambda v: 255 * (v > 90), "1")))
    assert np.array_equal(film.values, np.where(GREY > 90, 255, 0))


def test_colours_are_weighed_as_the_eye_does() -> None:
    film = read(picture(Image.new("RGB", (4, 4), (200, 100, 50))))
    assert set(film.values.ravel()) == {round(0.299 * 200 + 0.587 * 100 + 0.114 * 50)}


def test_what_is_transparent_is_black_unless_all_is() -> None:
    half = Image.new("LA", (2, 1), (200, 255))
    half.putpixel((1, 0), (200, 0))
    assert read(picture(half)).values.tolist() == [[200, 0]]
    assert read(picture(Image.new("LA", (2, 1), (200, 0)))).values.tolist() == [[200, 200]]


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_film_stands_as_its_exif_says(orientation: int, kind: str) -> None:
    turns: list[tuple[int, Callable[[Any], Any]]] = [
        (1, lambda v: v), (2, np.fliplr), (3, lambda v: np.rot90(v, 2)), (4, np.flipud),
        (5, np.transpose), (6, lambda v: np.rot90(v, -1)),
        (7, lambda v: np.rot90(v.T, 2)), (8, np.rot90),
    ]  # fmt: skip
    exif = Image.Exif()
    exif[0x0112] = orientation
    film = read(picture(grey_image(), kind, exif=exif))
    expected = dict(turns)[orientation](GREY)
    assert film.values.shape == expected.shape
    assert np.abs(film.values.astype(int) - expected).mean() < 2


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "PNG", "WEBP"])
def test_a_film_that_moves_is_none(kind: str) -> None:
    pages = [grey_image(), grey_image().rotate(90)]
    assert refused(picture(pages[0], kind, save_all=True, append_images=pages[1:])) == "many-frames"


def test_fractions_are_refused() -> None:
    assert refused(picture(Image.new("F", (3, 3), 0.5), "TIFF")) == "float-pixels"


def test_more_than_sixteen_bits_are_refused() -> None:
    deep = Image.fromarray(np.array([[0, 70_000]], np.int32))
    assert refused(picture(deep, "TIFF")) == "too-deep"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.7 ...", "PDF"),
        (b"PK\x03\x04....", "zip"),
        (b"\n <html><body>404</body></html>", "web page"),
        (b"just words", "not a picture"),
        (bytes(5000), "not a picture"),
        (b"\x08\x00" + b"not DICOM after all" * 20, "not a picture"),
    ],
)
def test_what_is_no_picture_is_named(data: bytes, said: str) -> None:
    with pytest.raises(FilmRefused, match=said):
        read(data)


def test_nothing_is_an_empty_file() -> None:
    assert refused(b"") == "empty-file"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "TIFF"])
def test_half_a_file_is_truncated(kind: str) -> None:
    data = picture(Image.effect_noise((64, 64), 50), kind)
    assert refused(data[: len(data) // 2]) in ("truncated", "not-an-image")


def test_a_file_that_is_too_large_is_not_opened() -> None:
    data = picture(grey_image())
    assert refused(data, Limits(max_bytes=len(data) - 1, max_pixels=10**6)) == "too-many-bytes"
    assert read(data, Limits(max_bytes=len(data), max_pixels=10**6)).shape == (20, 30)


def test_a_bomb_is_refused_by_its_header() -> None:
    assert refused(picture(grey_image()), Limits(10**6, 599)) == "too-many-pixels"
    huge = bytearray(picture(grey_image()))
    huge[16:24] = (60_000).to_bytes(4, "big") * 2
    huge[29:33] = zlib.crc32(huge[12:29]).to_bytes(4, "big")
    assert refused(bytes(huge), Limits.default()) == "too-many-pixels"


def test_a_file_is_known_by_its_bytes_not_by_its_name() -> None:
    film = decode(picture(grey_image(), "JPEG"), name="film.dcm", limits=LIMITS)
    assert film.shape == (20, 30)


def test_text_in_a_picture_does_not_unpack_without_end() -> None:
    words = PngInfo()
    words.add_text("Comment", "a" * 80_000_000, zip=True)
    file = io.BytesIO()
    grey_image().save(file, "PNG", pnginfo=words)
    assert refused(file.getvalue()) == "unreadable"


def test_damage_is_told_in_words_of_our_own() -> None:
    noise = np.random.default_rng(3).integers(0, 256, (40, 40), np.uint8)
    whole = picture(Image.fromarray(noise), "PNG")
    with pytest.raises(FilmRefused) as refusal:
        read(whole[:60] + bytes(40) + whole[100:])
    assert refusal.value.reason == "The file cannot be decoded: its picture is damaged."


def test_what_only_a_decoder_knows_is_quoted() -> None:
    strange = bytearray(picture(grey_image(), "BMP"))
    strange[30:34] = (77).to_bytes(4, "little")
    with pytest.raises(FilmRefused) as refusal:
        read(bytes(strange))
    assert refusal.value.sentence == "The file cannot be decoded."
    assert refusal.value.cure == "Its decoder says: “Unsupported BMP compression (77)”."
