"""``POST /api/v1/infection-maps``: a film in, its map out."""

import io
import json
from typing import Any

import numpy as np
import pytest
from httpx2 import Response
from PIL import Image

from app.films.pixels import FilmPixels
from app.maps.forms import FORMS
from app.maps.numbers import MapWithMasks
from tests.maps.conftest import MOST_BYTES, MOST_PIXELS, Desk
from tests.support import two_lungs

ADDRESS = "/api/v1/infection-maps"
FILM = two_lungs.film(two_lungs.LEFT).to_bytes()


def code(response: Response) -> str:
    assert response.headers["content-type"] == "application/problem+json"
    return str(response.json()["code"])


def test_a_bare_film_gives_its_numbers(desk: Desk) -> None:
    response = desk.program.post(ADDRESS, content=FILM)
    assert response.status_code == 200
    numbers = MapWithMasks.model_validate(response.json())
    assert numbers.extent is not None
    assert numbers.extent.percent == 50
    assert numbers.detection.infected
    assert sum(numbers.mask.runs) == 120 * 160
    assert "research use only" in response.text


def test_a_form_gives_the_same_as_a_bare_film(desk: Desk) -> None:
    bare = desk.program.post(ADDRESS, content=FILM, params={"networks": "second"})
    form = desk.program.post(ADDRESS, files={"film": ("a.png", FILM)}, data={"networks": "second"})
    assert form.status_code == 200
    assert form.content == bare.content


@pytest.mark.parametrize("form", [form for form in FORMS if form != "json"])
def test_each_picture_is_a_png_of_ours(desk: Desk, form: str) -> None:
    response = desk.program.post(ADDRESS, content=FILM, params={"format": form})
    assert response.headers["content-type"] == "image/png"
    with Image.open(io.BytesIO(response.content)) as picture:
        assert "research_only" in json.loads(picture.info["maskballot"])


def test_several_networks_and_stages_may_be_named(desk: Desk) -> None:
    response = desk.program.post(ADDRESS, content=FILM, params={"networks": "second, stage2"})
    assert [used["name"] for used in response.json()["networks"]] == ["second", "first"]


def test_without_a_token_nothing_is_read(desk: Desk) -> None:
    response = desk.stranger.post(ADDRESS, content=FILM)
    assert (response.status_code, code(response)) == (401, "token-refused")


@pytest.mark.parametrize(
    ("content", "expected"),
    [(b"", "no-film"), (b"hello", "not-an-image"), (FILM[:150], "truncated")],
)
def test_what_is_no_film_is_refused_with_its_code(
    desk: Desk, content: bytes, expected: str
) -> None:
    response = desk.program.post(ADDRESS, content=content)
    assert response.status_code == 422
    assert code(response) == expected


def test_a_form_without_a_film_is_refused(desk: Desk) -> None:
    response = desk.program.post(ADDRESS, files={"image": ("a.png", FILM)})
    assert code(response) == "no-film"


def test_a_broken_form_is_refused(desk: Desk) -> None:
    kind = {"content-type": "multipart/form-data; boundary=x"}
    response = desk.program.post(ADDRESS, content=b"--y\r\nnonsense", headers=kind)
    assert code(response) == "no-film"


@pytest.mark.parametrize("boundary", ["multipart/form-data", "multipart/form-data; boundary="])
def test_a_form_without_a_boundary_is_refused(desk: Desk, boundary: str) -> None:
    response = desk.program.post(ADDRESS, content=FILM, headers={"content-type": boundary})
    assert code(response) == "no-film"


def test_more_bytes_than_allowed_are_refused(desk: Desk) -> None:
    response = desk.program.post(ADDRESS, content=bytes(MOST_BYTES + 1))
    assert (response.status_code, code(response)) == (413, "too-many-bytes")
    response = desk.program.post(ADDRESS, files={"film": bytes(MOST_BYTES + 1)})
    assert (response.status_code, code(response)) == (413, "too-many-bytes")


def test_a_body_without_a_length_is_counted_as_it_comes(desk: Desk) -> None:
    pieces = (bytes(1000) for _ in range(MOST_BYTES // 1000 + 100))
    response = desk.program.post(ADDRESS, content=pieces)
    assert (response.status_code, code(response)) == (413, "too-many-bytes")


def test_more_pixels_than_allowed_are_refused_before_they_are_decoded(desk: Desk) -> None:
    side = int(MOST_PIXELS**0.5) + 1
    bomb = FilmPixels(np.zeros((side, side), np.uint8), bits=8).to_bytes()
    response = desk.program.post(ADDRESS, content=bomb[:200])
    assert (response.status_code, code(response)) == (422, "too-many-pixels")


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"networks": "third"}, "network-unknown"),
        ({"networks": "lungs"}, "network-unknown"),
        ({"format": "gif"}, "invalid-request"),
        ({"colours": "pink"}, "invalid-request"),
        ({"network": "first"}, "invalid-request"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(
    desk: Desk, params: dict[str, str], expected: str
) -> None:
    response = desk.program.post(ADDRESS, content=FILM, params=params)
    assert (response.status_code, code(response)) == (422, expected)
    form = desk.program.post(ADDRESS, files={"film": FILM}, data=params)
    assert (form.status_code, code(form)) == (422, expected)


def operation(desk: Desk) -> dict[str, Any]:
    described = desk.program.get("/api/openapi.json").json()
    found: dict[str, Any] = described["paths"][ADDRESS]["post"]
    return found


def test_the_openapi_document_says_how_a_film_is_sent_and_what_comes_back(desk: Desk) -> None:
    said = operation(desk)
    assert {"multipart/form-data", "application/dicom"} <= set(said["requestBody"]["content"])
    answer = said["responses"]["200"]["content"]
    assert answer["application/json"]["schema"]["$ref"].endswith("/MapWithMasks")
    assert "image/png" in answer
    assert {"401", "413", "422"} <= set(said["responses"])


def test_the_openapi_example_is_an_answer(desk: Desk) -> None:
    answer = operation(desk)["responses"]["200"]["content"]["application/json"]
    example = MapWithMasks.model_validate(answer["example"])
    assert set(answer["example"]) == set(example.model_dump())
