"""``train CONFIG`` and ``train pack``: two commands under one word."""

from pathlib import Path

from tests.support.commands import Commands
from tests.training.extra import phantom_folder


def test_what_is_no_subcommand_is_a_recipe(maskballot: Commands, tmp_path: Path) -> None:
    said = maskballot("train", tmp_path / "no.toml", "--data", tmp_path)
    assert said.code == 2
    assert "There is no configuration" in said.err or "training-extra" in said.err


def test_options_may_stand_before_the_recipe(maskballot: Commands, tmp_path: Path) -> None:
    said = maskballot("train", "--data", tmp_path, tmp_path / "no.toml")
    again = maskballot("train", "run", tmp_path / "no.toml", "--data", tmp_path)
    assert said == again
    assert said.code == 2


def test_both_have_help_and_the_group_names_them(maskballot: Commands) -> None:
    assert "--minutes" in maskballot("train", "--help").out
    assert "--limit-mib" in maskballot("train", "pack", "--help").out
    assert "pack" in maskballot("train").err


def test_films_are_packed_without_torch(maskballot: Commands, tmp_path: Path) -> None:
    folder = phantom_folder(tmp_path / "set", 3)
    out = tmp_path / "films.mbpack"
    said = maskballot("train", "pack", folder, "--out", out, "--size", 32)
    assert said.code == 0
    assert "3 films of 32 × 32" in said.out
    assert out.stat().st_size < 50_000


def test_a_limit_that_cannot_be_kept_is_said_with_its_cure(
    maskballot: Commands, tmp_path: Path
) -> None:
    folder = phantom_folder(tmp_path / "set", 60)
    out = tmp_path / "films.mbpack"
    said = maskballot("train", "pack", folder, "--out", out, "--size", 128, "--limit-mib", 0.1)
    assert said.code == 2
    assert "60 films of 128 × 128 need about" in said.err
    assert "cure: Take --size" in said.err
    assert not out.exists()
