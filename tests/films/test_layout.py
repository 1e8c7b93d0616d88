"""Folders and tables as people have them; nothing outside the folder is ever listed."""

import os
from pathlib import Path

import pytest

from app.films.layout import FilmEntry, read_layout
from app.films.names import printable
from app.films.refusals import LayoutRefused
from tests.films.files import grey_image, picture

FILM = picture(grey_image())


def lay(root: Path, *names: str, table: str | bytes = "") -> Path:
    """Make ``root`` with a film at each name, and a table."""
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(FILM)
    root.mkdir(exist_ok=True)
    if table:
        (root / "films.csv").write_bytes(table.encode() if isinstance(table, str) else table)
    return root


def names(entries: list[FilmEntry]) -> list[str]:
    """Return the names of films."""
    return [entry.name for entry in entries]


def refusal(entry: FilmEntry) -> str | None:
    """Return the code with which an entry is refused."""
    return entry.refusal.code if entry.refusal else None


@pytest.mark.parametrize(
    ("folder", "films", "infections", "lungs"),
    [
        ("qata", 7145, 7145, 0),
        ("radiologist-masks", 85, 80, 85),
        ("normals", 409, 0, 0),
        ("lung-masks", 565, 0, 565),
    ],
)
def test_the_real_films_are_read_as_they_lie(
    shared: Path, folder: str, films: int, infections: int, lungs: int
) -> None:
    entries = read_layout(shared / "data" / folder)
    assert len(entries) == films
    assert sum("infection" in entry.masks for entry in entries) == infections
    assert sum("lungs" in entry.masks for entry in entries) == lungs
    assert not any(entry.refusal for entry in entries)


def test_a_table_says_what_is_known_of_a_film(tmp_path: Path) -> None:
    table = (
        "file,infection,patient_id,view,finding,split,note,drawn_by\n"
        "films/a.png,m/a.png,p1,PA,x,train,n,anna\n"
    )
    entry = read_layout(lay(tmp_path, "films/a.png", "m/a.png", table=table))[0]
    assert (entry.name, entry.patient_id, entry.view) == ("a.png", "p1", "PA")
    assert (entry.finding, entry.split, entry.note) == ("x", "train", "n")
    assert entry.drawn_by == "anna"
    assert entry.masks == {"infection": tmp_path / "m/a.png"}
    assert entry.path == tmp_path / "films/a.png"


@pytest.mark.parametrize(
    "table",
    [
        b"\xef\xbb\xbffile;patient_id\r\na.png;M\xc3\xbcller\r\n",
        "file;patient_id\r\na.png;Müller\r\n".encode("cp1252"),
        "file\tpatient_id\na.png\tMüller\n".encode("utf-16"),
        'Patient , FILE\n"Müller", a.png \n\n ,\n'.replace('", a', '",a').encode(),
        "filename,PatientID,unheard of\na.png,Müller,1,2,3\n".encode(),
    ],
)
def test_a_table_may_come_from_any_spreadsheet(tmp_path: Path, table: bytes) -> None:
    entries = read_layout(lay(tmp_path, "a.png", table=table))
    assert [(entry.name, entry.patient_id) for entry in entries] == [("a.png", "Müller")]


def test_a_table_may_lie_under_any_name(tmp_path: Path) -> None:
    lay(tmp_path, "a.png")
    (tmp_path / "mine.csv").write_text("path\na.png\n", encoding="utf-8")
    assert names(read_layout(tmp_path / "mine.csv")) == ["a.png"]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("name,patient\na.png,1\n", "no column “file”"),
        ("file,view\na.png,PA\n,AP\n", "line 3"),
        ('file\n"a.png' + "x" * 140_000, "line"),
    ],
)
def test_a_table_that_cannot_be_read_says_where(tmp_path: Path, table: str, said: str) -> None:
    with pytest.raises(LayoutRefused, match=said):
        read_layout(lay(tmp_path, "a.png", table=table))


def test_a_film_named_twice_is_taken_once(tmp_path: Path) -> None:
    entries = read_layout(lay(tmp_path, "a.png", table="file\na.png\na.png\n"))
    assert [refusal(entry) for entry in entries] == [None, "named-twice"]


def test_a_film_that_is_not_there_is_missing(tmp_path: Path) -> None:
    entries = read_layout(lay(tmp_path, "a.png", table="file,infection\nb.png,\na.png,m.png\n"))
    assert [refusal(entry) for entry in entries] == ["missing", "missing"]


@pytest.mark.parametrize(
    "path", ["../a.png", "/etc/hostname", "x/../../a.png", "..\\a.png", "C:\\a"]
)
@pytest.mark.parametrize("column", ["file", "infection"])
def test_a_path_out_of_the_folder_is_refused(tmp_path: Path, path: str, column: str) -> None:
    (tmp_path / "a.png").write_bytes(FILM)
    row = f"{path}," if column == "file" else f"b.png,{path}"
    root = lay(tmp_path / "inner", "b.png", table=f"file,infection\n{row}\n")
    expected = "missing" if path.startswith("C:") else "outside-folder"
    assert refusal(read_layout(root)[0]) == expected


def test_a_path_with_a_zero_byte_is_missing(tmp_path: Path) -> None:
    entries = read_layout(lay(tmp_path, "a.png", table="file\na\0.png\n"))
    assert [refusal(entry) for entry in entries] == ["missing"]


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(FILM)
    root = lay(tmp_path / "inner", "b.png")
    (root / "c.png").symlink_to(tmp_path / "secret.png")
    (root / "folder").symlink_to(tmp_path, target_is_directory=True)
    assert {entry.name: refusal(entry) for entry in read_layout(root)} == {
        "b.png": None,
        "c.png": "outside-folder",
    }


def test_masks_belong_to_films_by_their_stems(tmp_path: Path) -> None:
    root = lay(
        tmp_path,
        "films/a.dcm", "films/ward/b.jpg", "infection/a.png", "lungs/ward/b.png",
        "infection/c.png",
    )  # fmt: skip
    entries = {entry.name: entry for entry in read_layout(root)}
    assert entries["a.dcm"].masks == {"infection": root / "infection/a.png"}
    assert entries["ward/b.jpg"].masks == {"lungs": root / "lungs/ward/b.png"}
    assert refusal(entries["infection/c.png"]) == "mask-without-film"


def test_any_folder_is_read_to_its_depths_in_order(tmp_path: Path) -> None:
    root = lay(tmp_path, "b/IM0001", "a.txt", "b/c/d.dcm", ".hidden/x.png", ".DS_Store")
    assert names(read_layout(root)) == ["a.txt", "b/IM0001", "b/c/d.dcm"]


def test_a_circle_of_links_has_an_end(tmp_path: Path) -> None:
    root = lay(tmp_path, "a/b.png")
    (root / "a" / "again").symlink_to(root, target_is_directory=True)
    assert names(read_layout(root)) == ["a/b.png"]


def test_no_folder_and_an_empty_one_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LayoutRefused, match="no folder"):
        read_layout(tmp_path / "nowhere")
    with pytest.raises(LayoutRefused, match="no files"):
        read_layout(tmp_path)


def test_names_are_fit_to_be_printed(tmp_path: Path) -> None:
    odd = os.fsdecode(b"caf\xe9 \x1b[31m\n.png")
    (tmp_path / odd).write_bytes(FILM)
    name = read_layout(tmp_path)[0].name
    assert name.isprintable()
    assert name.encode()
    assert printable("x" * 300).startswith("…")
    assert len(printable("x" * 300)) == 200
