"""Groups are never torn apart, and a lot once drawn stays drawn."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.training.folds import fold_of, group_names, groups, lot

PATIENTS = st.lists(st.sampled_from(["", "a", "b", "c", "d"]), min_size=1, max_size=30)


@st.composite
def films_with_pairs(draw: st.DrawFn) -> tuple[list[str], np.ndarray]:
    patients = draw(PATIENTS)
    film = st.integers(0, len(patients) - 1)
    pairs = draw(st.lists(st.tuples(film, film), max_size=8))
    return patients, np.array(pairs, np.intp).reshape(-1, 2)


@given(films_with_pairs())
def test_films_of_a_patient_and_twins_share_a_group(given: tuple[list[str], np.ndarray]) -> None:
    patients, pairs = given
    numbers = groups(patients, pairs)
    for a, b in pairs:
        assert numbers[a] == numbers[b]
    for patient in set(patients) - {""}:
        own = numbers[[p == patient for p in patients]]
        assert len(set(own.tolist())) == 1


@given(PATIENTS)
def test_unknown_patients_join_nothing(patients: list[str]) -> None:
    numbers = groups(patients, np.zeros((0, 2), np.intp))
    assert len(set(numbers.tolist())) == patients.count("") + len(set(patients) - {""})


@given(films_with_pairs(), st.integers(0, 99))
def test_no_group_spans_two_folds_whatever_the_order(
    given: tuple[list[str], np.ndarray], seed: int
) -> None:
    patients, pairs = given
    names = [f"{number:03}" for number in range(len(patients))]
    group = group_names(groups(patients, pairs), names)
    folds = {name: fold_of(g, seed=seed) for name, g in zip(names, group, strict=True)}
    assert all(folds[name] == folds[g] for name, g in zip(names, group, strict=True))
    turned = [len(patients) - 1 - pair for pair in pairs]
    again = group_names(
        groups(patients[::-1], np.array(turned, np.intp).reshape(-1, 2)), names[::-1]
    )
    assert again[::-1] == group


@given(st.text(max_size=20), st.integers(0, 10**6))
def test_a_lot_is_a_fraction_and_depends_on_its_purpose(group: str, seed: int) -> None:
    drawn = lot(group, seed=seed, purpose="test")
    assert 0 <= drawn < 1
    assert drawn == lot(group, seed=seed, purpose="test")
    assert drawn != lot(group, seed=seed, purpose="tune")


def test_folds_are_of_about_equal_size() -> None:
    sizes = np.bincount([fold_of(f"patient {n}", seed=6) for n in range(5000)], minlength=5)
    assert sizes.min() > 900
