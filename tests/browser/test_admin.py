"""An admin at work: films in, the study moved on, the training set out."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from app.conduct.background import kinds
from app.runs.execute import Executor, Hands
from tests.browser.conftest import Room, Watch
from tests.support.factory import PASSWORD


@pytest.fixture
def hands(room: Room) -> Iterator[None]:
    """The server's own thread, which works on runs."""
    house = room.house
    made = Hands(house.sessions, kinds=kinds(house.settings, house.blobs), clock=house.clock)
    executor = Executor(made, look_every=0.1)
    executor.start()
    yield
    executor.close()


@pytest.fixture
def admin(page: Page, room: Room, watch: Watch) -> Page:
    """A page on which the study's admin has signed in."""
    page.goto(f"{room.url}/sign-in")
    page.get_by_label("Name").fill("alpha-admin")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Study alpha").click()
    return page


def zip_of_films(path: Path, number: int) -> Path:
    """A zip of a folder of films, and one file that is none."""
    with zipfile.ZipFile(path, "w") as archive:
        for film in range(number):
            values = np.random.default_rng(film).integers(0, 256, (32, 30), dtype=np.uint8)
            out = io.BytesIO()
            Image.fromarray(values).save(out, "PNG")
            archive.writestr(f"batch/films/new-{film}.png", out.getvalue())
        archive.writestr("batch/films/letter.png", b"no film")
    return path


@pytest.mark.usefixtures("hands")
def test_a_zip_is_uploaded_and_its_import_is_watched_to_the_end(
    admin: Page, tmp_path: Path
) -> None:
    admin.get_by_role("link", name="Import films").click()
    admin.get_by_label("Zip, at most").set_input_files(zip_of_films(tmp_path / "films.zip", 5))
    admin.get_by_role("button", name="Upload and import").click()
    card = admin.get_by_role("region", name="Import of films")
    expect(card.get_by_text("done", exact=True)).to_be_visible(timeout=30_000)
    expect(card.get_by_text("6 of 6")).to_be_visible()
    expect(admin.get_by_role("row", name="letter.png")).to_be_visible()


def test_a_zip_that_is_none_is_refused_in_place(admin: Page, tmp_path: Path, watch: Watch) -> None:
    watch.failures_expected = True
    wrong = tmp_path / "films.zip"
    wrong.write_bytes(b"no zip")
    admin.get_by_role("link", name="Import films").click()
    admin.get_by_label("Zip, at most").set_input_files(wrong)
    button = admin.get_by_role("button", name="Upload and import")
    button.click()
    expect(admin.get_by_role("alert")).to_contain_text("cannot be unpacked")
    expect(button).to_be_enabled()


@pytest.mark.usefixtures("hands")
def test_a_study_is_locked_settled_and_exported(admin: Page, tmp_path: Path) -> None:
    for act in ("Lock", "Settle"):
        admin.get_by_role("link", name=act).click()
        admin.get_by_role("button", name=act).click()
    expect(admin.get_by_text("The study is settled")).to_be_visible()
    admin.get_by_role("link", name="Export").click()
    admin.get_by_role("button", name="Export").click()
    download = admin.get_by_role("link", name="Download")
    expect(download).to_be_visible(timeout=30_000)
    with admin.expect_download() as saved:
        download.click()
    saved.value.save_as(tmp_path / "set.zip")
    names = zipfile.ZipFile(tmp_path / "set.zip").namelist()
    assert {"training-set/manifest.json", "training-set/films.csv"} <= set(names)


def test_a_secret_is_shown_once(admin: Page) -> None:
    admin.get_by_role("link", name="Accounts").click()
    admin.get_by_label("Name to sign in with").fill("grace")
    admin.get_by_role("button", name="Make the account").click()
    expect(admin.get_by_text("shown only this once")).to_be_visible()
    admin.get_by_role("link", name="Accounts").click()
    expect(admin.get_by_role("row", name="grace")).to_be_visible()
    expect(admin.get_by_text("shown only this once")).to_have_count(0)
