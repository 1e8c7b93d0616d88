"""Films from the command line: each file is named, and doing it again does no harm."""

from pathlib import Path

import pytest

from tests.films.files import grey_image, picture
from tests.support.commands import Commands


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A film and a file that is none."""
    root = tmp_path / "ward [3]"
    root.mkdir()
    (root / "a [bold].png").write_bytes(picture(grey_image()))
    (root / "b.pdf").write_bytes(b"%PDF-1.4")
    return root


@pytest.fixture
def create(maskballot: Commands) -> tuple[str, ...]:
    """The words that make a study, with an account that may run it."""
    maskballot("user", "add", "anna", "--role", "admin")
    return ("--study", "Ward", "--create", "--networks", "")


def test_each_file_is_named_with_its_reason(
    maskballot: Commands, folder: Path, create: tuple[str, ...]
) -> None:
    said = maskballot("ingest", str(folder), *create)
    assert said.code == 0
    lines = said.out.splitlines()
    assert "taken   a [bold].png: No hand-drawn mask." in lines
    assert "refused b.pdf: The file is a PDF document, not a film." in lines


def test_again_it_changes_nothing(
    maskballot: Commands, folder: Path, create: tuple[str, ...]
) -> None:
    maskballot("ingest", str(folder), *create)
    again = maskballot("ingest", str(folder), *create)
    assert again.code == 0
    assert "known   a [bold].png" in again.out
    assert "taken   a" not in again.out


def test_a_folder_without_any_film_fails(
    maskballot: Commands, folder: Path, create: tuple[str, ...]
) -> None:
    (folder / "a [bold].png").unlink()
    said = maskballot("ingest", str(folder), *create)
    assert said.code == 1
    assert "b.pdf" in said.out


def test_a_study_is_not_made_unasked(maskballot: Commands, folder: Path) -> None:
    said = maskballot("ingest", str(folder), "--study", "Ward")
    assert said.code == 2
    assert "Ward" in said.err


def test_a_new_study_wants_an_admin(maskballot: Commands, folder: Path) -> None:
    said = maskballot("ingest", str(folder), "--study", "Ward", "--create", "--networks", "")
    assert said.code == 2
    assert "--admin" in said.err


def test_a_folder_that_is_not_there_is_named(
    maskballot: Commands, create: tuple[str, ...], tmp_path: Path
) -> None:
    said = maskballot("ingest", str(tmp_path / "nowhere"), *create)
    assert said.code == 2
    assert "nowhere" in said.err
