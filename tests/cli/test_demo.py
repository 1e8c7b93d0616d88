"""The sample study from nothing, and again."""

import re
import shutil
import signal
from pathlib import Path

import pytest
from PIL import Image

from tests.support.commands import Commands, spawn
from tests.support.waiting import until

PASSWORD = re.compile(r"\w{4}(?:-\w{4}){3}")


def test_it_is_built_once_and_goes_on_the_second_time(maskballot: Commands, home: Path) -> None:
    first = maskballot("demo", "--films", "2", "--no-serve", "--port", "0")
    assert first.code == 0, first.err
    assert "open with 2 cases" in first.out
    assert len(set(PASSWORD.findall(first.out))) == 4
    again = maskballot("demo", "--films", "2", "--no-serve", "--port", "0")
    assert again.code == 0
    assert "goes on" in again.out
    assert not PASSWORD.search(again.out)


@pytest.fixture
def films(tmp_path: Path) -> Path:
    """A folder with a film that has a hand-drawn mask, one that has none, and a broken one."""
    folder = tmp_path / "own films"
    (folder / "films").mkdir(parents=True)
    (folder / "infection").mkdir()
    for number in (1, 2):
        Image.linear_gradient("L").rotate(number * 90).save(folder / "films" / f"film{number}.png")
    Image.new("1", (256, 256), 1).save(folder / "infection" / "film1.png")
    (folder / "films" / "broken.png").write_bytes(b"\x89PNG\r\n")
    return folder


def test_own_films_become_cases_where_they_have_a_hand_drawn_mask(
    maskballot: Commands, films: Path
) -> None:
    said = maskballot("demo", "--data", films, "--no-serve", "--port", "0")
    assert said.code == 0, said.err
    assert "open with 1 cases" in said.out
    assert "1 without a hand-drawn infection" in said.out
    assert "film2.png" in said.out
    assert "broken.png" in said.out


def test_a_folder_that_is_not_there_is_named_before_anything_is_made(
    maskballot: Commands, tmp_path: Path, home: Path
) -> None:
    said = maskballot("demo", "--data", tmp_path / "nowhere", "--no-serve", "--port", "0")
    assert said.code == 2
    assert "nowhere" in said.err
    assert not (home / "maskballot.sqlite").exists()


def test_stopped_halfway_it_shows_the_passwords_and_goes_on_later(home: Path) -> None:
    drawing = spawn(["demo", "--films", "500", "--no-serve", "--port", "0"])
    until(lambda: list((home / "phantoms").glob("lungs/*")))
    drawing.send_signal(signal.SIGINT)
    out, err = drawing.communicate(timeout=60)
    assert drawing.returncode == 130
    assert "again to go on" in err
    assert len(set(PASSWORD.findall(out))) == 4
    shutil.rmtree(home / "phantoms")
    later = spawn(["demo", "--films", "1", "--no-serve", "--port", "0"])
    out, err = later.communicate(timeout=120)
    assert later.returncode == 0, err
    assert "open with 1 cases" in out
    assert not PASSWORD.search(out)
