"""Zips of films from strangers."""

import io
import zipfile
from pathlib import Path

import pytest

from app.films import archive
from app.films.archive import top, unpack
from app.films.refusals import LayoutRefused


def write_zip(path: Path, files: dict[str, bytes], *, how: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", how) as opened:
        for name, data in files.items():
            opened.writestr(name, data)
    return path


def test_files_are_unpacked_as_they_were(tmp_path: Path) -> None:
    files = {"films/a.png": b"a", "infection/a.png": b"b", "films.csv": b"file\n"}
    zipped = write_zip(tmp_path / "x.zip", files)
    assert unpack(zipped, tmp_path / "out") == 3
    for name, data in files.items():
        assert (tmp_path / "out" / name).read_bytes() == data


@pytest.mark.parametrize(
    "name", ["../up.png", "/etc/films", "a/../../up.png", "..\\up.png", "C:/up.png", "C:\\up.png"]
)
def test_no_file_leaves_the_folder(tmp_path: Path, name: str) -> None:
    zipped = write_zip(tmp_path / "x.zip", {name: b"x"})
    with pytest.raises(LayoutRefused, match="leads out"):
        unpack(zipped, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_link_becomes_a_small_file(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.png")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as opened:
        opened.writestr(link, "/etc/passwd")
    unpack(tmp_path / "x.zip", tmp_path / "out")
    assert not (tmp_path / "out" / "link.png").is_symlink()
    assert (tmp_path / "out" / "link.png").read_text() == "/etc/passwd"


def test_a_bomb_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "ALWAYS_ALLOWED", 1000)
    zipped = write_zip(tmp_path / "x.zip", {"a.png": bytes(1_000_000)})
    with pytest.raises(LayoutRefused, match="tenfold"):
        unpack(zipped, tmp_path / "out")


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_FILES", 2)
    zipped = write_zip(tmp_path / "x.zip", dict.fromkeys(["a", "b", "c"], b""))
    with pytest.raises(LayoutRefused, match="more than 2 files"):
        unpack(zipped, tmp_path / "out")


def damaged(data: bytes) -> bytes:
    """Change bytes in the middle of the packed film."""
    return data[:60] + b"\xff" * 20 + data[80:]


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_damaged_zip_is_refused(tmp_path: Path, how: int) -> None:
    zipped = write_zip(tmp_path / "x.zip", {"a.png": bytes(range(256)) * 4}, how=how)
    zipped.write_bytes(damaged(zipped.read_bytes()))
    with pytest.raises(LayoutRefused, match="cannot be unpacked"):
        unpack(zipped, tmp_path / "out")


@pytest.mark.parametrize("how", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_compression_that_may_ask_for_gigabytes_is_refused(tmp_path: Path, how: int) -> None:
    zipped = write_zip(tmp_path / "x.zip", {"films/a.png": b"x"}, how=how)
    with pytest.raises(LayoutRefused, match=r"a\.png is compressed in a way"):
        unpack(zipped, tmp_path / "out")


def test_a_list_that_would_fill_the_memory_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "LONGEST_LIST", 100)
    zipped = write_zip(tmp_path / "x.zip", {f"{number}.png": b"x" for number in range(10)})
    with pytest.raises(LayoutRefused, match="too long to be read"):
        unpack(zipped, tmp_path / "out")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"text", b"\x1f\x8b\x08"])
def test_what_is_no_zip_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(data)
    with pytest.raises(LayoutRefused, match="cannot be unpacked"):
        unpack(path, tmp_path / "out")


def test_names_that_no_file_can_have_are_refused(tmp_path: Path) -> None:
    for files in ({"a": b"1", "a/b": b"2"}, {"x" * 300: b"1"}):
        zipped = write_zip(tmp_path / "x.zip", files)
        with pytest.raises(LayoutRefused, match="no file can have"):
            unpack(zipped, tmp_path / "out" / str(len(files)))


def test_a_zip_of_empty_folders_is_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as opened:
        opened.mkdir("films")
    path = tmp_path / "x.zip"
    path.write_bytes(out.getvalue())
    with pytest.raises(LayoutRefused, match="holds no files"):
        unpack(path, tmp_path / "out")


def test_the_one_folder_in_a_zip_is_the_films(tmp_path: Path) -> None:
    (tmp_path / "batch" / "inner").mkdir(parents=True)
    (tmp_path / "__MACOSX").mkdir()
    (tmp_path / ".DS_Store").touch()
    (tmp_path / "batch" / "inner" / "films.csv").touch()
    assert top(tmp_path) == tmp_path / "batch" / "inner"


def test_a_folder_that_is_a_layout_is_not_stepped_into(tmp_path: Path) -> None:
    (tmp_path / "films").mkdir()
    assert top(tmp_path) == tmp_path
