"""``maskballot leaks`` on folders whose leaks are known."""

import csv
import json
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.support.commands import Commands
from tests.twins.changed import cropped, film


@pytest.fixture
def layout(tmp_path: Path) -> Path:
    """Four films: one of the valid split is a mirrored one of train, and a patient is in both."""
    folder = tmp_path / "layout"
    folder.mkdir()
    films = {"a": film(1), "b": film(2), "c": film(1)[:, ::-1], "d": film(3)}
    lines = ["file,patient_id,split"]
    for (name, grey), patient, split in zip(
        films.items(),
        ("ann", "bob", "cleo", "bob"),
        ("train", "train", "valid", "valid"),
        strict=True,
    ):
        Image.fromarray(np.ascontiguousarray(grey)).save(folder / f"{name}.png")
        lines.append(f"{name}.png,{patient},{split}")
    (folder / "films.csv").write_text("\n".join(lines), encoding="utf-8")
    return folder


def test_leaks_over_splits_are_told_and_end_with_1(
    maskballot: Commands, layout: Path, tmp_path: Path
) -> None:
    said = maskballot("leaks", layout, "--json", "--cache", tmp_path / "kept.npz")
    assert said.code == 1
    found = json.loads(said.out)
    (pair,) = found["pairs"]
    assert (pair["film"], pair["other_film"]) == ("a.png", "c.png")
    assert (pair["change"], pair["crosses"]) == ("mirrored", "splits")
    assert list(found["patients_on_two_sides"]) == ["bob"]
    assert [row["patient"] for row in found["two_patient_ids"]] == ["ann"]


def test_leaks_over_folders_go_into_a_table(
    maskballot: Commands, layout: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    Image.fromarray(cropped(film(2), 0.8)).save(other / "e.png")
    table = tmp_path / "pairs.csv"
    said = maskballot("leaks", layout, other, "--csv", table, "--cache", tmp_path / "kept.npz")
    assert said.code == 1
    with table.open(encoding="utf-8") as file:
        rows = {row["other_film"]: row for row in csv.DictReader(file)}
    assert (rows["e.png"]["film"], rows["e.png"]["crosses"]) == ("b.png", "folders")
    assert rows["e.png"]["change"].startswith("cropped")


def test_a_folder_without_leaks_ends_with_0(maskballot: Commands, tmp_path: Path) -> None:
    for seed in (1, 2):
        Image.fromarray(film(seed)).save(tmp_path / f"{seed}.png")
    assert maskballot("leaks", tmp_path, "--cache", tmp_path.parent / "kept.npz").code == 0


def test_a_second_run_reads_no_film_again(
    maskballot: Commands, layout: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "kept.npz"
    first = maskballot("leaks", layout, "--json", "--cache", kept)
    for path in layout.glob("*.png"):
        stamp = path.stat()
        path.write_bytes(b"\0" * stamp.st_size)
        os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    again = maskballot("leaks", layout, "--json", "--cache", kept)
    assert json.loads(again.out) == json.loads(first.out)


def test_a_film_that_cannot_be_read_is_named(maskballot: Commands, tmp_path: Path) -> None:
    folder = tmp_path / "films"
    folder.mkdir()
    Image.fromarray(film(1)).save(folder / "1.png")
    (folder / "2.png").write_bytes(b"no film")
    said = maskballot("leaks", folder, "--cache", tmp_path / "kept.npz")
    assert said.code == 1
    assert "2.png" in said.out
