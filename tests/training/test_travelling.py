"""Films in one file: what comes out is what went in, and nothing broken comes out at all."""

import os
import zipfile
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.training.mbpack import PackFile, PackRefused
from app.training.packing import Pack, pack
from app.training.sources import assert_folder, find_sources, read_pixels
from app.training.travelling import LEAST_QUALITY, Packed, collect, pack_into
from tests.support.full_disk import a_full_disk
from tests.training.extra import SIDE, phantom, phantom_folder

PERCENTILES = (0.5, 99.5)
KIB = 1024


def folder_of(place: Path, name: str, count: int) -> Path:
    """Write an exported set in which every second film has lungs, and the third no infection."""
    folder = phantom_folder(place / name, count)
    (folder / "lungs").mkdir()
    lines = ["file,infection,patient_id,fold,lungs,view,split,note"]
    for number in range(count):
        lungs = ""
        if number % 2 == 0:
            lungs = f"lungs/{number}.png"
            Image.fromarray((phantom(number)[0] < 100).astype(np.uint8) * 255).save(folder / lungs)
        infection = "" if number == 2 else f"infection/{number}.png"
        words = f"p{number // 2},{number % 5},{lungs},AP,train,{'odd' if number == 3 else ''}"
        lines.append(f"films/{number}.png,{infection},{words}")
    (folder / "films.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def packed_file(path: Path, *folders: Path, limit: int = 10**6, side: int = SIDE) -> Packed:
    return pack_into(path, collect(folders, side=side, low=0.5, high=99.5), limit=limit)


def read(
    data: Path, folders: tuple[str, ...], *, task: str = "infection", side: int = SIDE
) -> Pack:
    sources = find_sources(data, folders, task)  # type: ignore[arg-type]
    return pack(sources, grid=(side, side), percentiles=PERCENTILES)


def assert_same(one: Pack, other: Pack) -> None:
    for field in fields(Pack):
        np.testing.assert_array_equal(getattr(one, field.name), getattr(other, field.name))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a place with two folders and one file of both, packed without loss."""
    folders = [folder_of(tmp_path, "first", 6), folder_of(tmp_path, "second", 4)]
    assert packed_file(tmp_path / "films.mbpack", *folders).quality is None
    return tmp_path


@pytest.mark.parametrize("task", ["infection", "lungs"])
@pytest.mark.parametrize("folders", [("first", "second"), ("second",)])
def test_a_pack_without_loss_reads_as_its_folders_do(
    place: Path, task: str, folders: tuple[str, ...]
) -> None:
    assert_same(read(place / "films.mbpack", folders, task=task), read(place, folders, task=task))


def test_a_pack_of_one_folder_stands_for_that_folder(place: Path) -> None:
    packed_file(place / "first.mbpack", place / "first")
    assert_same(read(place / "first.mbpack", ()), read(place / "first", ()))


def test_a_smaller_size_is_made_from_the_packed_one(place: Path) -> None:
    small = read(place / "films.mbpack", ("first",), side=32)
    direct = read(place, ("first",), side=32)
    assert small.films.shape == (6, 32, 32)
    np.testing.assert_allclose(small.films.astype(int), direct.films, atol=1)
    np.testing.assert_allclose(small.masks.astype(int), direct.masks, atol=1)


def test_the_quality_falls_with_the_limit_and_masks_stay_whole(place: Path) -> None:
    whole = (place / "films.mbpack").stat().st_size
    qualities, differences = [], []
    for share in (1.1, 0.8, 0.7):
        path = place / f"{share}.mbpack"
        made = packed_file(path, place / "first", place / "second", limit=int(whole * share))
        assert made.bytes == path.stat().st_size <= whole * share
        qualities.append(101 if made.quality is None else made.quality)
        differences.append(made.difference)
        again, folders = read(path, ("first", "second")), read(place, ("first", "second"))
        np.testing.assert_array_equal(again.masks, folders.masks)
    assert qualities == sorted(qualities, reverse=True)
    assert qualities[0] == 101
    assert LEAST_QUALITY <= qualities[-1] < 101
    assert differences[0] == 0 < differences[-1] < 8


def test_what_cannot_fit_is_refused_with_the_size_that_does(place: Path) -> None:
    folders = [place / "first", place / "second"]
    limit = 14 * KIB
    with pytest.raises(PackRefused, match="10 films of 64 × 64 need about") as refused:
        packed_file(place / "small.mbpack", *folders, limit=limit)
    assert not (place / "small.mbpack").exists()
    assert "--size 32" in refused.value.cure
    assert packed_file(place / "small.mbpack", *folders, limit=limit, side=32).bytes <= limit


def test_where_no_size_fits_fewer_folders_are_asked_for(place: Path) -> None:
    with pytest.raises(PackRefused) as refused:
        packed_file(place / "small.mbpack", place / "first", limit=KIB)
    assert "fewer folders" in refused.value.cure


def test_a_larger_size_than_packed_is_refused(place: Path) -> None:
    with pytest.raises(PackRefused, match=r"holds films of 64 × 64, and .* asks for 96 × 96"):
        read(place / "films.mbpack", ("first",), side=96)


def test_other_percentiles_than_packed_are_refused(place: Path) -> None:
    sources = find_sources(place / "films.mbpack", ("first",), "infection")
    with pytest.raises(PackRefused, match=r"percentiles 0\.5 and 99\.5, and .* asks for 1 and 99"):
        pack(sources, grid=(64, 64), percentiles=(1, 99))


def test_a_folder_that_was_not_packed_is_named(place: Path) -> None:
    with pytest.raises(PackRefused, match="holds first, second, but no third"):
        read(place / "films.mbpack", ("first", "third"))


def test_a_recipe_without_folders_cannot_mean_several(place: Path) -> None:
    with pytest.raises(PackRefused, match="first, second, and the configuration names none"):
        read(place / "films.mbpack", ())


def test_a_cut_file_is_refused_by_name(place: Path) -> None:
    path = place / "films.mbpack"
    whole = path.read_bytes()
    for kept in (0, 100, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:kept])
        with pytest.raises(PackRefused, match=r"films\.mbpack"):
            PackFile.read(path)


def test_a_changed_byte_anywhere_is_noticed(place: Path) -> None:
    path = place / "films.mbpack"
    whole = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as packed:
        places = [info.header_offset + 60 for info in packed.infolist()]
    for changed in (*places, len(whole) - 10):
        spoilt = bytearray(whole)
        spoilt[changed] ^= 1
        path.write_bytes(spoilt)
        with pytest.raises(PackRefused, match=r"films\.mbpack"):
            PackFile.read(path)


def test_a_member_put_in_anew_is_noticed_though_the_zip_is_sound(place: Path) -> None:
    path = place / "films.mbpack"
    with zipfile.ZipFile(path) as packed:
        contents = {name: packed.read(name) for name in packed.namelist()}
        comment = packed.comment
    contents["films.bin"] = contents["films.bin"][::-1]
    with zipfile.ZipFile(path, "w") as packed:
        for name, data in contents.items():
            packed.writestr(name, data)
        packed.comment = comment
    with pytest.raises(PackRefused, match="was changed since it was packed"):
        PackFile.read(path)


@pytest.mark.parametrize("kind", ["text", "zip", "picture"])
def test_a_foreign_file_is_refused_by_name(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "foreign.bin"
    match kind:
        case "text":
            path.write_text("not films", encoding="utf-8")
        case "zip":
            with zipfile.ZipFile(path, "w") as packed:
                packed.writestr("manifest.json", "[]")
        case _:
            Image.fromarray(phantom(1)[0]).save(path, "PNG")
    with pytest.raises(PackRefused, match=r"foreign\.bin is no file of packed films"):
        find_sources(path, (), "infection")


def test_two_folders_of_one_name_are_refused(tmp_path: Path) -> None:
    folders = [folder_of(tmp_path / side, "set", 2) for side in ("a", "b")]
    with pytest.raises(PackRefused, match="same name"):
        collect(folders, side=32, low=0.5, high=99.5)


def test_films_at_their_own_size_are_not_in_a_pack(place: Path) -> None:
    source = find_sources(place / "films.mbpack", ("first",), "infection")[0]
    with pytest.raises(PackRefused, match="of their own size"):
        read_pixels(source)
    with pytest.raises(PackRefused, match="of their own size"):
        assert_folder(place / "films.mbpack")
    assert_folder(place)


def test_a_full_disk_keeps_the_pack_that_was_there(place: Path) -> None:
    path = place / "films.mbpack"
    before = path.read_bytes()
    collected = collect([place / "first"], side=SIDE, low=0.5, high=99.5)
    with a_full_disk(2000), pytest.raises(PackRefused, match="could not be written: File too"):
        pack_into(path, collected, limit=10**6)
    assert path.read_bytes() == before
    assert [name for name in os.listdir(place) if "part" in name] == []
