"""Which films are measured, what they are called, and where they are from."""

from pathlib import Path

import pytest

from app.evaluation.listing import NoSuchSplit, list_films


def folder(place: Path, rows: list[str]) -> Path:
    """A layout whose table has these rows (file,split,patient_id,note); no film has pixels."""
    place.mkdir(parents=True)
    for row in rows:
        (place / row.split(",")[0]).write_bytes(b"film")
    (place / "films.csv").write_text("\n".join(["file,split,patient_id,note", *rows]))
    return place


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    covid = [f"covid_{n}.jpg,{'train' if n % 2 else 'valid'},," for n in range(8)]
    sub = [f"sub-s{n}_run-1.jpg,valid,p{n // 2}," for n in range(8)]
    return folder(tmp_path / "mixed", covid + sub)


def test_a_prefix_that_many_names_share_is_a_source(mixed: Path) -> None:
    films, _ = list_films([mixed])
    assert {film.source for film in films} == {"mixed: covid_", "mixed: sub-"}


def test_names_that_begin_with_digits_or_anyhow_are_one_source(tmp_path: Path) -> None:
    names = [f"{n:08}_000.jpg,,," for n in range(30)] + ["A1B2-77.jpg,,,"]
    films, _ = list_films([folder(tmp_path / "nih", names)])
    assert {film.source for film in films} == {"nih"}


def test_names_that_all_begin_alike_are_one_source(tmp_path: Path) -> None:
    films, _ = list_films([folder(tmp_path / "set", [f"img_{n}.png,,," for n in range(9)])])
    assert {film.source for film in films} == {"set"}


def test_a_split_takes_its_films_and_all_of_a_folder_without_splits(
    mixed: Path, tmp_path: Path
) -> None:
    plain = folder(tmp_path / "plain", ["1.jpg,,,", "2.jpg,,,"])
    films, _ = list_films([mixed, plain], split="valid")
    assert sum(film.folder == "mixed" for film in films) == 12
    assert [film.name for film in films if film.folder == "plain"] == ["plain/1.jpg", "plain/2.jpg"]


def test_a_split_that_is_not_there_is_refused_and_the_others_are_named(mixed: Path) -> None:
    with pytest.raises(NoSuchSplit, match="train, valid"):
        list_films([mixed], split="test")


def test_a_film_with_a_note_is_left_out_unless_it_is_asked_for(tmp_path: Path) -> None:
    noted = folder(tmp_path / "noted", ["1.jpg,,,also in train", "2.jpg,,,"])
    films, left_out = list_films([noted])
    assert [film.name for film in films] == ["2.jpg"]
    assert [(one.name, one.reason) for one in left_out] == [
        ("1.jpg", "its note says: also in train")
    ]
    assert len(list_films([noted], with_notes=True)[0]) == 2


def test_a_film_of_an_unknown_patient_stands_for_itself(mixed: Path) -> None:
    films, _ = list_films([mixed])
    patients = {film.name: film.patient for film in films}
    assert patients["covid_1.jpg"] == "covid_1.jpg"
    assert patients["sub-s0_run-1.jpg"] == patients["sub-s1_run-1.jpg"] == "p0"


def test_two_folders_of_one_name_are_told_apart(tmp_path: Path) -> None:
    ones = [folder(tmp_path / place / "set", ["1.jpg,,,"]) for place in ("a", "b")]
    films, _ = list_films(ones)
    assert len({film.name for film in films}) == 2
