"""A physician may not ask a network about a film that they vote on: the map would tell."""

import io

from PIL import Image

from app.films import views
from app.films.pixels import FilmPixels
from app.films.prints import near_code_of
from tests.twins.changed import film
from tests.web.conftest import Town

ASK = "/api/v1/infection-maps"


def film_of(town: Town, name: str) -> bytes:
    """The first film of a world, as somebody who has it on disk would send it."""
    world = {"alpha": town.alpha, "beta": town.beta}[name]
    return town.house.blobs.get(world.films[0].display_sha)


def test_a_physician_gets_no_map_of_a_film_they_vote_on(town: Town) -> None:
    answer = town.program("alpha-1").post(ASK, content=film_of(town, "alpha"))
    assert answer.status_code == 403
    assert answer.json()["code"] == "film-under-vote"


def test_nor_of_the_same_view_saved_in_another_size_and_encoding(town: Town) -> None:
    pixels = FilmPixels(film(3), bits=8)
    with town.house.sessions.begin() as session:
        near = near_code_of(pixels)
        views.keep(session, session.merge(town.alpha.films[0]), near=near, twin=None)
    small = Image.fromarray(pixels.values).resize((200, 200))
    saved = io.BytesIO()
    small.save(saved, "JPEG", quality=80)
    mine = town.program("alpha-1").post(ASK, content=saved.getvalue())
    assert (mine.status_code, mine.json()["code"]) == (403, "film-under-vote")
    assert town.program("beta-1").post(ASK, content=saved.getvalue()).status_code == 200


def test_nor_on_the_page(town: Town) -> None:
    client = town.visitor("alpha-1")
    answer = client.post(
        "/maps", content=film_of(town, "alpha"), headers={"accept": "application/json"}
    )
    assert answer.status_code == 403
    assert answer.json()["code"] == "film-under-vote"


def test_another_film_is_mapped(town: Town) -> None:
    assert town.program("alpha-1").post(ASK, content=film_of(town, "beta")).status_code == 200


def test_someone_who_does_not_vote_on_it_gets_the_map(town: Town) -> None:
    for name in ("beta-1", "alpha-admin"):
        answer = town.program(name).post(ASK, content=film_of(town, "alpha"))
        assert answer.status_code == 200, name
