"""Films and patients that meet where they should not."""

from app.twins.changes import Change
from app.twins.leaks import SeenFilm, leaks
from app.twins.search import Twin

MIRRORED = Change(mirrored=True, inverted=False, cropped=1, turned=0)


def seen(
    name: str, *, folder: str = "a", sha: str = "", patient: str = "", split: str = ""
) -> SeenFilm:
    return SeenFilm(folder, name, sha or name, patient, split)


def test_the_same_pixels_in_two_splits_are_a_leak() -> None:
    found = leaks([seen("1", sha="x", split="train"), seen("2", sha="x", split="valid")], [])
    assert [(pair.crosses, pair.same_pixels) for pair in found.pairs] == [("splits", True)]
    assert found.crossing


def test_twins_over_folders_are_a_leak_and_say_what_differs() -> None:
    films = [seen("1", folder="a"), seen("2", folder="b")]
    found = leaks(films, [Twin(0, 1, 0.9, MIRRORED)])
    assert [(pair.crosses, pair.words) for pair in found.pairs] == [("folders", "mirrored")]


def test_twins_within_one_split_are_told_and_are_no_leak() -> None:
    found = leaks([seen("1"), seen("2")], [Twin(0, 1, 0.9, MIRRORED)])
    assert len(found.pairs) == 1
    assert not found.crossing


def test_a_pair_of_the_same_pixels_is_not_told_twice() -> None:
    films = [seen("1", sha="x"), seen("2", sha="x")]
    assert len(leaks(films, [Twin(0, 1, 1.0, MIRRORED)]).pairs) == 1


def test_a_patient_in_two_splits_is_torn_and_unknown_patients_are_not() -> None:
    films = [
        seen(str(n), patient=p, split=s)
        for n, (p, s) in enumerate(
            [("ann", "train"), ("ann", "valid"), ("bob", "train"), ("", "train"), ("", "valid")]
        )
    ]
    found = leaks(films, [])
    assert {patient: [film.name for film in own] for patient, own in found.torn.items()} == {
        "ann": ["0", "1"]
    }
    assert found.crossing


def test_two_patient_ids_on_one_film_are_named() -> None:
    films = [seen("1", patient="ann"), seen("2", patient="bob"), seen("3")]
    found = leaks(films, [Twin(0, 1, 0.9, MIRRORED), Twin(0, 2, 0.9, MIRRORED)])
    assert [(pair.first.patient, pair.second.patient) for pair in found.shared] == [("ann", "bob")]
