"""Every film has a file of its own, and nothing that was there is written over."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.films.layout import FilmEntry
from app.maps.targets import Kind, Outputs, WouldOverwrite, targets

OUT = Path("out")
names = st.lists(
    st.from_regex(r"([aAb]/){0,2}[aAb](\.(png|jpg))?", fullmatch=True), unique=True, max_size=8
)


def stems(*films: str) -> list[str]:
    entries = [FilmEntry(path=Path("films") / name, name=name) for name in films]
    return [target.stem for target in targets(entries, Outputs(OUT, ("mask",)))]


def test_a_film_gives_its_stem() -> None:
    assert stems("a.png", "deep/er/b.jpg", "1.2.840.dcm") == ["a", "b", "1.2.840"]


def test_films_of_one_stem_keep_their_folder() -> None:
    assert stems("p1/IM1.dcm", "p2/IM1.dcm", "p2/IM2.dcm") == ["p1/IM1", "p2/IM1", "IM2"]


def test_films_of_one_folder_and_stem_keep_their_whole_name() -> None:
    assert stems("a.png", "a.dcm", "b/a.png") == ["a.png", "a.dcm", "b/a"]


def test_upper_and_lower_case_are_one_name() -> None:
    assert stems("x/A.png", "y/a.png") == ["x/A", "y/a"]


@given(names)
def test_no_two_films_are_written_to_one_file(films: list[str]) -> None:
    try:
        found = stems(*films)
    except WouldOverwrite:
        return
    assert len(set(found)) == len(films)


@pytest.mark.parametrize(
    ("kinds", "places"),
    [
        (("mask",), ["out/a.png"]),
        (("lungs",), ["out/a.png"]),
        (("mask", "lungs"), ["out/a.png", "out/lungs/a.png"]),
        (("lungs", "overlay"), ["out/a.png", "out/overlay/a.png"]),
    ],
)
def test_the_first_kind_goes_to_out_and_others_below_it(
    kinds: tuple[Kind, ...], places: list[str]
) -> None:
    assert [str(path) for path in Outputs(OUT, kinds).paths("a")] == places


def test_a_film_or_a_hand_drawn_mask_is_never_written_over(tmp_path: Path) -> None:
    film = FilmEntry(
        path=tmp_path / "films/a.png",
        name="a.png",
        masks={"infection": tmp_path / "infection/a.png"},
    )
    with pytest.raises(WouldOverwrite, match=r"infection/a\.png would be written over"):
        targets([film], Outputs(tmp_path / "infection", ("mask",)))
    with pytest.raises(WouldOverwrite, match="All films lie in"):
        targets([film], Outputs(tmp_path / "films", ("mask",)))


def test_maps_of_an_earlier_run_are_no_films(tmp_path: Path) -> None:
    films = [FilmEntry(path=tmp_path / name, name=name) for name in ("a.png", "out/a.png")]
    found = targets(films, Outputs(tmp_path / "out", ("mask",)))
    assert [(target.entry.name, target.stem) for target in found] == [("a.png", "a")]
