"""One question, one answer: a film's bytes in, a map's bytes out."""

import json
from pathlib import Path

import pytest

from app.films.limits import Limits
from app.films.refusals import FilmRefused, TooManyBytes, TooManyPixels
from app.maps.answer import MapMaker, Wanted
from app.maps.cache import AnswerCache
from app.maps.forms import FORMS, Form
from app.networks.refusals import NetworkUnknown
from tests.support import two_lungs
from tests.support.tiny_networks import add_network

FILM = two_lungs.film(two_lungs.LEFT)


def anyone(_sha: str, _near: str) -> None:
    """Let every film be mapped."""


def maker(models: Path, limits: Limits | None = None) -> MapMaker:
    two_lungs.add_networks(models)
    return MapMaker(models, limits=limits or Limits.default(), threads=1)


def said(answer: bytes) -> dict[str, object]:
    found = json.loads(answer)
    assert isinstance(found, dict)
    return found


def test_the_latest_stage_makes_the_map_if_none_is_named(tmp_path: Path) -> None:
    answer = maker(tmp_path).answer(FILM.to_bytes(), name="a.png", permit=anyone, wanted=Wanted())
    assert [used["name"] for used in said(answer)["networks"]] == ["first"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("form", FORMS)
def test_asking_again_gives_the_same_bytes(tmp_path: Path, form: Form) -> None:
    makes = maker(tmp_path)
    wanted = Wanted(("stage1",), form)
    once = makes.answer(FILM.to_bytes(), name="a.png", permit=anyone, wanted=wanted)
    assert makes.answer(FILM.to_bytes(), name="b.png", permit=anyone, wanted=wanted) == once
    assert (
        maker_again(tmp_path).answer(FILM.to_bytes(), name="c.png", permit=anyone, wanted=wanted)
        == once
    )


def maker_again(models: Path) -> MapMaker:
    return MapMaker(models, limits=Limits.default(), threads=1)


def test_an_unknown_network_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NetworkUnknown, match="'third'"):
        maker(tmp_path).answer(
            FILM.to_bytes(), name="a.png", permit=anyone, wanted=Wanted(("third",))
        )


def test_what_is_no_film_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(FilmRefused, match=r"^notes\.txt: "):
        maker(tmp_path).answer(b"hello", name="notes.txt", permit=anyone, wanted=Wanted())


def test_limits_hold(tmp_path: Path) -> None:
    data = FILM.to_bytes()
    with pytest.raises(TooManyBytes):
        maker(tmp_path / "a", Limits(len(data) - 1, 10**6)).answer(
            data, name="a", permit=anyone, wanted=Wanted()
        )
    with pytest.raises(TooManyPixels):
        maker(tmp_path / "b", Limits(10**6, 120 * 160 - 1)).answer(
            data, name="a", permit=anyone, wanted=Wanted()
        )


def test_a_network_that_has_seen_the_film_is_named(tmp_path: Path) -> None:
    add_network(tmp_path, "seen", grid=two_lungs.SHAPE, level=0.7, trained_on=[(FILM.sha256(), "")])
    add_network(
        tmp_path,
        "folded",
        grid=two_lungs.SHAPE,
        level=0.7,
        folds=[0, 1],
        trained_on=[(FILM.sha256(), "1")],
    )
    answer = said(
        maker(tmp_path).answer(FILM.to_bytes(), name="a", permit=anyone, wanted=Wanted(("stage1",)))
    )
    assert answer["learnt_from_this_film"] == ["seen"]


def test_a_kept_answer_is_not_given_when_what_it_says_has_changed(tmp_path: Path) -> None:
    makes = maker(tmp_path)

    def asked() -> dict[str, object]:
        return said(makes.answer(FILM.to_bytes(), name="a", permit=anyone, wanted=Wanted()))

    before = asked()
    (tmp_path / "first/trained-on.csv").write_text(f"pixels_sha256,fold\n{FILM.sha256()},\n")
    assert asked() == before | {"learnt_from_this_film": ["first"]}
    manifest = tmp_path / "manifest.toml"
    manifest.write_text(manifest.read_text().replace("threshold = 0.5", "threshold = 0.6"))
    assert asked()["threshold"] == 0.6


def test_the_cache_makes_once_and_forgets_what_was_used_longest_ago() -> None:
    made: list[str] = []

    def make(name: str) -> bytes:
        made.append(name)
        return name.encode() * 4

    cache = AnswerCache(max_bytes=8)
    for name in ("a", "b", "a", "c", "a", "b"):
        assert cache.get(name, lambda name=name: make(name)) == name.encode() * 4  # type: ignore[misc]
    assert made == ["a", "b", "c", "b"]


def test_what_is_larger_than_the_cache_is_not_kept() -> None:
    cache = AnswerCache(max_bytes=3)
    assert cache.get("a", lambda: b"long") == b"long"
    assert cache.get("a", lambda: b"other") == b"other"
