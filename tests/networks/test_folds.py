"""No film is judged by a file that learnt from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.networks.folds import TrainedOn, default_file, file_for, trained_on
from app.networks.manifest import NetworkEntry
from app.networks.refusals import InFold, NearInFold
from app.twins.near import near_code
from tests.twins.changed import as_jpeg, film, print_of

shas = st.sampled_from([letter * 64 for letter in "abcde"])
folds = st.lists(st.sampled_from([None, 0, 1, 2]), min_size=1, max_size=4, unique=True)
rows = st.lists(st.tuples(shas, st.sampled_from(["", "0", "1", "2"])), max_size=8)


def entry_with(file_folds: list[int | None]) -> NetworkEntry:
    files = [
        {"path": f"n/{f}.onnx", "sha256": "0" * 64, "opset": 18, "fold": f} for f in file_folds
    ]
    return NetworkEntry.model_validate(
        {
            "name": "n",
            "title": "N",
            "family": "unet",
            "task": "infection",
            "card": "n/card.md",
            "trained_on": "n/trained-on.csv",
            "input": {"name": "film", "grid": [32, 32], "low": 0, "high": 100},
            "output": {"name": "logit"},
            "file": files,
        }
    )


@given(folds, rows, shas)
def test_the_file_never_saw_the_film(
    file_folds: list[int | None], seen: list[tuple[str, str]], sha: str
) -> None:
    said = {fold for film, fold in seen if film == sha}
    try:
        fold = file_for(entry_with(file_folds), trained_on(seen), sha).fold
    except InFold:
        assert said
    else:
        # Held out by this file's fold in every row, or never trained on at all.
        assert said <= {str(fold)} if fold is not None else not said


def test_a_film_of_the_training_set_gets_the_file_of_its_fold() -> None:
    said = trained_on([("a" * 64, "1"), ("b" * 64, "0")])
    assert file_for(entry_with([None, 0, 1, 2]), said, "a" * 64).fold == 1


def test_a_film_that_every_file_learnt_from_is_refused() -> None:
    with pytest.raises(InFold, match="in all of its 2 files"):
        file_for(entry_with([0, 1]), trained_on([("a" * 64, "")]), "a" * 64)


def test_a_film_in_two_folds_was_learnt_from_by_every_file() -> None:
    said = trained_on([("a" * 64, "0"), ("a" * 64, "1"), ("a" * 64, "0")])
    with pytest.raises(InFold):
        file_for(entry_with([0, 1]), said, "a" * 64)


@pytest.mark.parametrize(("files", "taken"), [([2, None, 0], None), ([2, 1], 1)])
def test_films_from_elsewhere_get_the_file_trained_on_all_or_the_lowest_fold(
    files: list[int | None], taken: int | None
) -> None:
    assert default_file(entry_with(files)).fold == taken
    assert file_for(entry_with(files), TrainedOn(), "a" * 64).fold == taken


CODE = near_code(print_of(film(1)))
SAME_CODE = near_code(print_of(as_jpeg(film(1))[:, ::-1]))
OTHER_CODE = near_code(print_of(film(4)))


def test_a_film_that_was_learnt_from_in_another_file_gets_the_same_fold() -> None:
    said = trained_on([("a" * 64, "1", CODE), ("b" * 64, "0", OTHER_CODE)])
    entry = entry_with([None, 0, 1])
    assert file_for(entry, said, "c" * 64, SAME_CODE).fold == 1
    assert file_for(entry, said, "c" * 64).fold is None


def test_a_near_identical_film_of_every_file_is_refused_with_its_reason() -> None:
    with pytest.raises(NearInFold, match="near-identical"):
        file_for(entry_with([None]), trained_on([("a" * 64, "", CODE)]), "c" * 64, SAME_CODE)


def test_a_film_whose_twin_was_held_out_by_another_fold_is_refused() -> None:
    said = trained_on([("a" * 64, "1", CODE), ("c" * 64, "0", SAME_CODE)])
    with pytest.raises(InFold):
        file_for(entry_with([0, 1]), said, "c" * 64, SAME_CODE)


def test_another_film_is_not_taken_for_one_learnt_from() -> None:
    said = trained_on([("a" * 64, "", CODE)])
    assert file_for(entry_with([None]), said, "c" * 64, OTHER_CODE).fold is None


def test_what_is_no_near_code_is_refused() -> None:
    with pytest.raises(ValueError, match="near code"):
        trained_on([("a" * 64, "", "short")])
