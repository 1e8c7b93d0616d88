"""Which films a run learns from, and what it makes of those that came without a mask."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.films.refusals import FilmRefused
from app.training.packing import load, pack, pack_into, save
from app.training.sources import find_sources
from tests.training.extra import phantom_folder

PERCENTILES = (0.5, 99.5)


def edit(folder: Path, old: str, new: str) -> None:
    table = folder / "films.csv"
    table.write_text(table.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_an_exported_set_tells_patient_and_fold(tmp_path: Path) -> None:
    sources = find_sources(phantom_folder(tmp_path / "set", 4), (), "infection")
    assert [(s.name, s.patient, s.fold) for s in sources] == [
        ("films/0.png", "p0", "0"),
        ("films/1.png", "p0", "0"),
        ("films/2.png", "p1", "1"),
        ("films/3.png", "p1", "1"),
    ]


def test_several_folders_keep_their_names(tmp_path: Path) -> None:
    for name in ("first", "second"):
        phantom_folder(tmp_path / name, 2)
    sources = find_sources(tmp_path, ("first", "second"), "infection")
    assert [s.folder for s in sources] == ["first", "first", "second", "second"]


def test_a_film_without_infection_is_one_with_an_empty_mask(tmp_path: Path) -> None:
    folder = phantom_folder(tmp_path / "set", 3)
    edit(folder, "films/1.png,infection/1.png", "films/1.png,")
    packed = pack(find_sources(folder, (), "infection"), grid=(32, 32), percentiles=PERCENTILES)
    assert packed.marked.tolist() == [True, False, True]
    assert packed.masks.any((1, 2)).tolist() == [True, False, True]


def test_a_film_whose_lungs_nobody_drew_is_passed_over(tmp_path: Path) -> None:
    folder = phantom_folder(tmp_path / "set", 3)
    edit(folder, "file,infection", "file,lungs")
    edit(folder, "films/1.png,infection/1.png", "films/1.png,")
    assert [s.name for s in find_sources(folder, (), "lungs")] == ["films/0.png", "films/2.png"]


def test_a_film_that_cannot_be_read_stops_the_run(tmp_path: Path) -> None:
    folder = phantom_folder(tmp_path / "set", 3)
    (folder / "films" / "1.png").unlink()
    with pytest.raises(FilmRefused):
        find_sources(folder, (), "infection")


def test_a_mask_keeps_its_area_on_the_grid(tmp_path: Path) -> None:
    folder = phantom_folder(tmp_path / "set", 1)
    packed = pack(find_sources(folder, (), "infection"), grid=(32, 32), percentiles=PERCENTILES)
    with Image.open(folder / "infection" / "0.png") as image:
        native = (np.asarray(image) > 127).mean()
    assert packed.masks.mean() / 255 == pytest.approx(native, rel=0.03)


def test_a_pack_comes_back_from_its_folder_as_it_was(tmp_path: Path) -> None:
    folder = phantom_folder(tmp_path / "set", 3)
    packed = pack(find_sources(folder, (), "infection"), grid=(32, 64), percentiles=PERCENTILES)
    save(packed, tmp_path / "packs" / "films")
    again = load(tmp_path / "packs" / "films")
    for name, values in vars(packed).items():
        np.testing.assert_array_equal(getattr(again, name), values)
    assert [path.name for path in (tmp_path / "packs").iterdir()] == ["films"]


def test_a_pack_is_mapped_from_disk_and_shared_not_read_into_memory(tmp_path: Path) -> None:
    folder = phantom_folder(tmp_path / "set", 3)
    save(
        pack(find_sources(folder, (), "infection"), grid=(32, 32), percentiles=PERCENTILES),
        tmp_path / "p",
    )
    again = load(tmp_path / "p")
    assert isinstance(again.films, np.memmap)
    assert isinstance(again.masks, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        again.films[0] = 0


def test_films_read_straight_into_a_folder_are_the_same(tmp_path: Path) -> None:
    sources = find_sources(phantom_folder(tmp_path / "set", 3), (), "infection")
    pack_into(tmp_path / "packs" / "films", sources, grid=(32, 64), percentiles=PERCENTILES)
    packed = pack(sources, grid=(32, 64), percentiles=PERCENTILES)
    again = load(tmp_path / "packs" / "films")
    for name, values in vars(packed).items():
        np.testing.assert_array_equal(getattr(again, name), values)


def test_reading_that_is_stopped_leaves_nothing(tmp_path: Path) -> None:
    sources = find_sources(phantom_folder(tmp_path / "set", 3), (), "infection")

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pack_into(tmp_path / "p" / "f", sources, grid=(32, 32), percentiles=(0, 1), progress=stop)
    assert list((tmp_path / "p").iterdir()) == []


def test_of_two_that_read_the_same_films_the_quicker_one_is_kept(tmp_path: Path) -> None:
    folder = phantom_folder(tmp_path / "set", 3)
    sources = find_sources(folder, (), "infection")
    save(pack(sources, grid=(32, 32), percentiles=PERCENTILES), tmp_path / "packs" / "films")
    save(pack(sources[:2], grid=(32, 32), percentiles=PERCENTILES), tmp_path / "packs" / "films")
    assert len(load(tmp_path / "packs" / "films")) == 3
    assert [path.name for path in (tmp_path / "packs").iterdir()] == ["films"]
