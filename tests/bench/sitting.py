"""A reader at a real Chromium before a real server, each its own process: what takes a sitting."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import BrowserContext, Page, sync_playwright
from scipy.ndimage import gaussian_filter
from sqlalchemy.orm import Session

from app.blobs.store import BlobStore
from app.films.pixels import FilmPixels
from app.films.tables import Film
from app.masks.codec import to_png
from app.settings import REPOSITORY, Settings
from app.studies.protocol import Display, FixedRule
from app.studies.tables import Study
from app.web.house import House, build_house
from tests.browser.conftest import CHROMIUM
from tests.support.factory import (
    PASSWORD,
    START,
    blob_mask,
    make_world,
    open_world,
)
from tests.support.ports import free_port
from tests.support.waiting import until

READER = "alpha-1"
BITS = 12


def smooth_film(rng: np.random.Generator, shape: tuple[int, int]) -> NDArray[np.uint16]:
    """A film as soft and as noisy as films are: shadows over the whole, grain of 12 bits."""
    small = gaussian_filter(rng.normal(size=(shape[0] // 16 + 1, shape[1] // 16 + 1)), 6)
    shadows = np.kron(small / np.abs(small).max(), np.ones((16, 16)))[: shape[0], : shape[1]]
    grain = rng.normal(scale=6, size=shape)
    return np.clip(2048 + 1500 * shadows + grain, 0, 2**BITS - 1).astype(np.uint16)


def add_film(
    session: Session, blobs: BlobStore, study: Study, *, number: int, shape: tuple[int, int]
) -> Film:
    """Add a film of ``shape``, 12 bits deep, with a hand-drawn ellipse."""
    rng = np.random.default_rng([study.id, number])
    pixels = FilmPixels(values=smooth_film(rng, shape), bits=BITS)
    blob = blobs.put(pixels.to_bytes())
    film = Film(
        study_id=study.id,
        name=f"film-{number:05d}.png",
        pixels_sha=pixels.sha256(),
        blob_sha=blob,
        display_sha=blob,
        native_w=shape[1],
        native_h=shape[0],
        bits=BITS,
        photometric="MONOCHROME2",
        meta=pixels.meta(),
        manual_mask_sha=blobs.put(to_png(blob_mask(rng, shape))),
        imported_at=START,
    )
    session.add(film)
    session.flush()
    return film


@dataclass
class Served:
    """A study of many films, open and served."""

    url: str
    study: str
    house: House
    server: subprocess.Popen[bytes]


@contextmanager
def served(shapes: list[tuple[int, int]], *, home: Path | None = None) -> Iterator[Served]:
    """Make a study with one film of each shape, four candidates a film, and serve it.

    A home that holds one already is served as it is.
    """
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=home or Path(folder), port=free_port())
        environment = {**os.environ, "MASKBALLOT_HOME": str(settings.home)}
        fresh = not (settings.home / "maskballot.sqlite").exists()
        subprocess.run(
            [sys.executable, "-m", "app", "db", "upgrade"],
            cwd=REPOSITORY,
            env=environment,
            check=True,
        )
        house = build_house(settings)
        if fresh:
            with house.sessions.begin() as session:
                world = make_world(
                    session,
                    house.blobs,
                    films=0,
                    physicians=1,
                    rule=FixedRule(),
                    is_open=False,
                    display=Display(),
                )
                for number, shape in enumerate(shapes):
                    world.films.append(
                        add_film(session, house.blobs, world.study, number=number, shape=shape)
                    )
                open_world(session, house.blobs, world)
        command = [sys.executable, "-m", "app", "serve", "--port", str(settings.port)]
        server = subprocess.Popen(command, cwd=REPOSITORY, env=environment)
        try:
            yield Served(f"http://127.0.0.1:{settings.port}", "study-alpha-5eed5e", house, server)
        finally:
            server.terminate()
            server.wait()


@contextmanager
def reader(
    served: Served, *, width: int = 1280, height: int = 720, arguments: tuple[str, ...] = ()
) -> Iterator[Page]:
    """A page on which the reader has signed in."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage", *arguments]
        )
        context: BrowserContext = browser.new_context(viewport={"width": width, "height": height})
        page = context.new_page()
        sign_in(page, served)
        yield page
        browser.close()


def sign_in(page: Page, served: Served) -> None:
    """Sign in as the reader, as soon as the server answers."""
    until(lambda: _reached(page, f"{served.url}/sign-in"))
    page.locator("[name=name]").fill(READER)
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{served.url}/")


def _reached(page: Page, url: str) -> bool:
    try:
        page.goto(url)
    except Exception:
        return False
    return True
