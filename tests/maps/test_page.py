"""The page for people, as the server answers it."""

import base64
import io

import numpy as np
from PIL import Image

from app.maps.screen import ScreenMap
from tests.maps.conftest import MOST_BYTES, Desk
from tests.support import two_lungs
from tests.support.two_lungs import LEFT, SHAPE

FILM = two_lungs.film(LEFT)
JSON = {"accept": "application/json"}


def picture(said: str) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    with Image.open(io.BytesIO(base64.b64decode(said))) as image:
        return np.asarray(image)


def test_the_page_offers_the_networks_and_says_what_it_is_not_for(desk: Desk) -> None:
    page = desk.browser.get("/maps").text
    assert '<option value="first">' in page
    assert '<option value="stage1">' in page
    assert '<option value="lungs">' not in page
    assert "Research use only, not for diagnosis" in page


def test_the_page_holds_no_inline_script_or_style(desk: Desk) -> None:
    page = desk.browser.get("/maps").text
    assert " style=" not in page
    assert "<style" not in page
    assert page.count("<script") == page.count('<script type="module" src="/static/')


def test_the_map_holds_all_that_the_page_shows(desk: Desk) -> None:
    response = desk.browser.post("/maps", files={"film": FILM.to_bytes()}, headers=JSON)
    shown = ScreenMap.model_validate(response.json())
    assert (shown.rows, shown.columns) == SHAPE
    assert np.array_equal(picture(shown.film), FILM.values)
    mask = picture(shown.mask) > 127
    assert mask[LEFT].all()
    assert mask.sum() == 90 * 50
    assert np.array_equal(picture(shown.levels) > 0, mask)
    assert set(shown.colours) == {"cividis", "inferno", "jet"}
    assert shown.numbers.extent is not None


def test_a_refused_film_and_a_large_one_are_problems(desk: Desk) -> None:
    refused = desk.browser.post("/maps", content=b"hello", headers=JSON)
    assert refused.json()["code"] == "not-an-image"
    large = desk.browser.post("/maps", content=bytes(MOST_BYTES + 1), headers=JSON)
    assert large.status_code == 413


def test_a_stranger_gets_no_map(desk: Desk) -> None:
    response = desk.stranger.post("/maps", content=FILM.to_bytes(), headers=JSON)
    assert response.status_code == 401
    assert "sign-in" in str(desk.stranger.get("/maps").url)


def test_a_page_without_a_manifest_says_so(desk: Desk) -> None:
    (desk.house.settings.models / "manifest.toml").unlink()
    assert "There is no manifest.toml" in desk.browser.get("/maps").text
