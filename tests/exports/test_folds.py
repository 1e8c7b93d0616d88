"""Five folds by patient."""

from hypothesis import given
from hypothesis import strategies as st

from app.exports.folds import joined, patient_folds
from app.networks.folds import FOLDS

patients = st.dictionaries(
    st.text(min_size=1, max_size=6), st.integers(1, 9), min_size=1, max_size=40
).map(lambda sizes: {name: [f"{name}/{n}" for n in range(size)] for name, size in sizes.items()})


@given(patients)
def test_all_films_of_a_patient_share_a_fold(films_of: dict[str, list[str]]) -> None:
    folds = patient_folds(films_of)
    assert all(len({folds[film] for film in films}) == 1 for films in films_of.values())
    assert set(folds.values()) <= set(range(FOLDS))


@given(patients)
def test_folds_differ_by_no_more_than_the_largest_patient(films_of: dict[str, list[str]]) -> None:
    folds = list(patient_folds(films_of).values())
    sizes = [folds.count(fold) for fold in range(FOLDS)]
    assert max(sizes) - min(sizes) <= max(len(films) for films in films_of.values())


@given(patients)
def test_the_order_in_which_patients_come_changes_nothing(films_of: dict[str, list[str]]) -> None:
    turned = dict(reversed(films_of.items()))
    assert patient_folds(turned) == patient_folds(films_of)


def test_patients_whose_films_are_one_picture_are_joined_in_a_chain() -> None:
    owners = ["ann", "bob", "cleo", "dora", "bob"]
    assert joined(owners, [(1, 2), (2, 3)]) == ["ann", "bob", "bob", "bob", "bob"]


def test_without_pairs_each_patient_stays_alone() -> None:
    assert joined(["b", "a", "b"], []) == ["b", "a", "b"]
    assert joined([], []) == []
