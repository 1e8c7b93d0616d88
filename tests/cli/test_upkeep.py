"""Backup, restore and check as commands."""

from pathlib import Path

import pytest

from app.settings import settings
from tests.support.commands import Commands


@pytest.fixture
def file(maskballot: Commands, tmp_path: Path) -> Path:
    """A backup of an installation with one account."""
    maskballot("user", "add", "anna", "--role", "physician")
    path = tmp_path / "backup.tar"
    assert maskballot("backup", path).code == 0
    return path


def move_to(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MASKBALLOT_HOME", str(home))
    settings.cache_clear()


def test_an_installation_moves_house(
    maskballot: Commands, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    move_to(tmp_path / "elsewhere", monkeypatch)
    said = maskballot("restore", file, "--yes")
    assert said.code == 0
    assert "undamaged" in said.out
    assert "anna" in maskballot("user", "list").out


def test_a_place_that_is_in_use_is_refused(maskballot: Commands, file: Path) -> None:
    said = maskballot("restore", file, "--yes")
    assert said.code == 2
    assert "MASKBALLOT_HOME" in said.err


def test_a_sound_installation_passes_its_check(maskballot: Commands) -> None:
    maskballot("user", "list")
    said = maskballot("check")
    assert said.code == 0, said.out
    assert "cannot read origins" in said.out


def test_a_check_before_the_first_start_says_what_is_missing(maskballot: Commands) -> None:
    said = maskballot("check")
    assert said.code == 1
    assert "schema" in said.out
