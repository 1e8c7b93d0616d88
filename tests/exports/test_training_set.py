"""The training set: every case accounted for, the same bytes each time."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy.orm import Session

from app.ballots.deal import next_ballot
from app.blobs.store import BlobStore
from app.conduct.answering import answer
from app.conduct.opening import lock_study, settle
from app.exports.exports import export_training_set, exports_of, zip_folder
from app.exports.training_set import ExportRefused, write_training_set
from app.films.layout import read_layout
from app.masks.codec import from_png
from app.studies.protocol import FixedRule
from app.studies.states import WrongState
from app.votes.answers import AnswerKind, Submission
from tests.support.answers import choose, none_acceptable, submission
from tests.support.factory import SHAPE, World, blob_mask, make_world

DRAWN = blob_mask(np.random.default_rng(99))
ANSWERS = (
    choose("A"),
    choose("C"),
    none_acceptable(DRAWN),
    none_acceptable(),
    submission(AnswerKind.NO_INFECTION),
    submission(AnswerKind.UNREADABLE),
)


def vote_all(session: Session, world: World, answers: tuple[Submission, ...]) -> None:
    for sent in answers:
        ballot = next_ballot(session, world.study, physician=world.physicians[0], clock=world.clock)
        assert ballot is not None
        answer(session, ballot=ballot, sent=sent, clock=world.clock)
    lock_study(world.study, clock=world.clock)
    settle(session, world.study, clock=world.clock)


@pytest.fixture
def world(session: Session, blobs: BlobStore) -> World:
    made = make_world(session, blobs, films=7, physicians=1, rule=FixedRule(n=1))
    vote_all(session, made, ANSWERS)
    return made


@pytest.fixture
def folder(session: Session, blobs: BlobStore, world: World, tmp_path: Path) -> Path:
    return write_training_set(session, blobs, world.study, into=tmp_path / "set").folder


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_cases_in_are_films_and_left_out_cases_out(
    session: Session, blobs: BlobStore, world: World, tmp_path: Path
) -> None:
    written = write_training_set(session, blobs, world.study, into=tmp_path / "set")
    assert written.films == 4
    assert written.left_out == {"needs_drawing": 1, "unreadable": 1, "incomplete": 1}


def test_writing_it_again_gives_the_same_bytes(
    session: Session, blobs: BlobStore, world: World, folder: Path, tmp_path: Path
) -> None:
    again = write_training_set(session, blobs, world.study, into=tmp_path / "again").folder
    assert contents(again) == contents(folder)
    zip_folder(folder, tmp_path / "one.zip")
    zip_folder(folder, tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_the_drawing_is_exported_to_the_pixel(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    drawn = next(film for film in manifest["films"] if film["outcome"] == "drawing")
    mask = from_png((folder / drawn["infection"]).read_bytes(), max_pixels=10**6)
    assert np.array_equal(mask, DRAWN)
    assert drawn["origin"] == "physician"


def test_no_infection_is_an_empty_mask_of_the_films_size(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    empty = next(film for film in manifest["films"] if film["outcome"] == "no_infection")
    mask = from_png((folder / empty["infection"]).read_bytes(), max_pixels=10**6)
    assert mask.shape == SHAPE
    assert not mask.any()


def test_the_manifest_tells_origin_and_votes_and_names_nobody(folder: Path, world: World) -> None:
    text = (folder / "manifest.json").read_text()
    manifest = json.loads(text)
    chosen = [film for film in manifest["films"] if film["outcome"] == "mask"]
    assert all(film["origin"] == "manual" or film["origin"][:8] == "network:" for film in chosen)
    assert all(film["votes"][0]["reader"] == 1 for film in manifest["films"])
    assert all(film["votes"][0]["sources"] == [film["origin"]] for film in chosen)
    assert world.physicians[0].full_name not in text


def test_the_folder_is_a_layout_that_can_be_read_back(folder: Path) -> None:
    entries = read_layout(folder)
    assert len(entries) == 4
    assert all("infection" in entry.masks for entry in entries)
    with (folder / "films.csv").open(encoding="utf-8") as file:
        assert {int(row["fold"]) for row in csv.DictReader(file)} <= set(range(5))


def test_another_thing_in_its_place_is_not_overwritten(
    session: Session, blobs: BlobStore, world: World, tmp_path: Path
) -> None:
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "precious.txt").write_text("mine")
    with pytest.raises(ExportRefused):
        write_training_set(session, blobs, world.study, into=tmp_path / "set")
    assert contents(tmp_path / "set") == {"precious.txt": b"mine"}
    assert [path.name for path in tmp_path.glob(".*partial")] == []


def test_a_damaged_export_is_made_whole_again(
    session: Session, blobs: BlobStore, world: World, folder: Path
) -> None:
    whole = contents(folder)
    next((folder / "films").iterdir()).write_bytes(b"damaged")
    write_training_set(session, blobs, world.study, into=folder)
    assert contents(folder) == whole


def test_only_a_settled_study_is_exported(
    session: Session, blobs: BlobStore, tmp_path: Path
) -> None:
    world = make_world(session, blobs, films=1)
    with pytest.raises(WrongState):
        write_training_set(session, blobs, world.study, into=tmp_path / "set")


def test_the_same_export_is_remembered_once(
    session: Session, blobs: BlobStore, world: World, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        export_training_set(session, blobs, world.study, into=tmp_path / name, clock=world.clock)
    assert [export.films for export in exports_of(session, world.study)] == [4]
