"""A study's films on the pages."""

import io

from PIL import Image
from sqlalchemy import insert

from app.films.tables import Film
from tests.web.conftest import Town


def page(town: Town) -> str:
    return f"/admin/studies/{town.alpha.study.key}/films"


def add_films(town: Town, names: list[str]) -> None:
    """Add rows of films; their pixels are nobody's."""
    with town.house.sessions.begin() as session:
        rows = [
            {
                "study_id": town.alpha.study.id,
                "name": name,
                "pixels_sha": f"{number:064x}",
                "blob_sha": "0" * 64,
                "display_sha": "0" * 64,
                "native_w": 10,
                "native_h": 10,
                "bits": 8,
                "photometric": "MONOCHROME2",
                "meta": {},
                "imported_at": town.clock.now(),
            }
            for number, name in enumerate(names)
        ]
        session.execute(insert(Film), rows)


def test_films_are_listed_by_name_in_pages(town: Town) -> None:
    add_films(town, [f"x-{number:03d}" for number in range(120)])
    admin = town.visitor("alpha-admin")
    first, last = admin.get(page(town)).text, admin.get(f"{page(town)}?page=3").text
    assert "1–50 of 123" in first
    assert "film-00000.png" in first
    assert "101–123 of 123" in last
    assert last.index("x-097") < last.index("x-119")


def test_the_list_is_narrowed_to_names_that_begin_so(town: Town) -> None:
    add_films(town, ["a%b", "a_b", "aab", "ab"])
    admin = town.visitor("alpha-admin")
    shown = admin.get(page(town), params={"beginning": "a%"}).text
    assert "a%b" in shown
    assert "aab" not in shown
    assert "No film" in admin.get(page(town), params={"beginning": "zzz"}).text


def test_pages_of_a_narrowed_list_stay_narrowed(town: Town) -> None:
    add_films(town, [f"a & b {number:03d}" for number in range(60)])
    shown = town.visitor("alpha-admin").get(page(town), params={"beginning": "a &"}).text
    assert "?beginning=a+%26&amp;page=2" in shown


def test_a_films_name_is_shown_as_text(town: Town) -> None:
    add_films(town, ["<script>alert(1)</script>.png"])
    shown = town.visitor("alpha-admin").get(page(town)).text
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert" in shown


def test_a_films_picture_is_ours_whatever_was_uploaded(town: Town) -> None:
    film = town.alpha.films[0]
    answer = town.visitor("alpha-admin").get(f"{page(town)}/{film.pixels_sha}/picture")
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert Image.open(io.BytesIO(answer.content)).size == (film.native_w, film.native_h)


def test_a_film_whose_pixels_are_not_square_is_pictured_in_its_true_shape(town: Town) -> None:
    film = town.alpha.films[0]
    with town.house.sessions.begin() as session:
        merged = session.merge(film)
        merged.meta = {**merged.meta, "spacing_mm": [0.3, 0.15]}
    admin = town.visitor("alpha-admin")
    answer = admin.get(f"{page(town)}/{film.pixels_sha}/picture")
    size = (film.native_w, 2 * film.native_h)
    assert Image.open(io.BytesIO(answer.content)).size == size
    shown = admin.get(f"{page(town)}/{film.pixels_sha}").text
    assert f'width="{size[0]}" height="{size[1]}"' in shown


def test_a_films_page_tells_what_became_of_it_but_no_source(town: Town) -> None:
    film = town.alpha.films[0]
    shown = town.visitor("alpha-admin").get(f"{page(town)}/{film.pixels_sha}").text
    assert "0 of 2" in shown
    assert film.pixels_sha in shown
    assert "north" not in shown
