"""Which film teaches, which tunes, which is tested on."""

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from app.training.packing import Pack
from app.training.parts import Parts, divide
from tests.training.extra import phantom_pack, tiny_config

# The same phantoms are divided over and over: their twins are looked for once.
FOUND = tempfile.TemporaryDirectory()


def parts_of(packed: Pack, *, fold: int | None = None, **data: object) -> Parts:
    config = tiny_config(data={"tune_share": 0.2} | data)
    return divide(packed, config, fold=fold, cache=Path(FOUND.name))


def with_words(packed: Pack, **words: dict[int, str]) -> Pack:
    """Return the pack with some films' words changed."""
    changed = {}
    for key, values in words.items():
        column = getattr(packed, key).astype("U20")
        for film, word in values.items():
            column[film] = word
        changed[key] = column
    return replace(packed, **changed)


def test_every_film_plays_one_part() -> None:
    parts = parts_of(phantom_pack(40), test_share=0.3)
    played = np.concatenate([parts.train, parts.tune, parts.test, parts.left_out])
    assert sorted(played.tolist()) == list(range(40))
    assert len(parts.train) > len(parts.tune) > 0
    assert len(parts.test) > 0


def test_a_patient_is_in_one_part_only() -> None:
    packed = phantom_pack(40)
    parts = parts_of(packed, test_share=0.3)
    taught, tuned, tested = (set(packed.patient[p]) for p in (parts.train, parts.tune, parts.test))
    assert not taught & tested
    assert not taught & tuned
    assert not tuned & tested


def test_the_split_of_a_collection_is_followed() -> None:
    packed = with_words(phantom_pack(20), split={n: "train" for n in range(14)})
    packed = with_words(packed, split={n: "valid" for n in range(14, 20)})
    assert parts_of(packed, test_share=0.5).test.tolist() == list(range(14, 20))


def test_a_patient_of_the_test_split_teaches_nothing_with_other_films() -> None:
    packed = with_words(phantom_pack(20), split={0: "valid"} | {n: "train" for n in range(1, 20)})
    parts = parts_of(packed)
    assert parts.test.tolist() == [0]
    assert 1 in parts.left_out  # film 1 is of the same patient


def test_a_film_with_a_note_takes_no_part_and_silences_its_patient() -> None:
    packed = with_words(phantom_pack(20), split={0: "valid"}, note={0: "also in train"})
    parts = parts_of(packed)
    assert {0, 1} <= set(parts.left_out.tolist())


def test_lateral_views_teach_nothing_but_are_tested_on() -> None:
    packed = with_words(phantom_pack(20), view={0: "LL", 4: "LL"}, split={4: "valid"})
    parts = parts_of(packed)
    assert 0 in parts.left_out
    assert 4 in parts.test


def test_twins_of_unseen_films_teach_nothing() -> None:
    packed = phantom_pack(20)
    unseen = replace(packed, films=packed.films[[6], :, ::-1])  # mirrored
    parts = divide(packed, tiny_config(), kept_unseen=unseen)
    assert parts.left_out.tolist() == [6]


def test_a_fold_is_held_out_whole() -> None:
    packed = phantom_pack(60)
    for fold in range(5):
        parts = parts_of(packed, fold=fold)
        assert set(parts.fold[parts.out_of_fold]) == {fold}
        assert fold not in parts.fold[parts.train]


def test_the_folds_of_an_exported_set_are_followed() -> None:
    packed = with_words(phantom_pack(20), fold={n: str(n // 2 % 5) for n in range(20)})
    parts = parts_of(packed, fold=3)
    assert parts.out_of_fold.tolist() == [6, 7, 16, 17]


def test_a_sample_takes_whole_groups_and_leaves_films_without_a_mask_alone() -> None:
    packed = phantom_pack(60, without=10)
    parts = parts_of(packed, sample=20)
    taught = np.concatenate([parts.train, parts.tune])
    drawn = taught[packed.marked[taught]]
    assert 20 <= len(drawn) <= 22
    assert set(packed.patient[drawn]) & set(packed.patient[parts.left_out]) == set()
    assert np.isin(np.flatnonzero(~packed.marked), taught).all()


def test_a_sample_is_the_same_in_every_fold() -> None:
    packed = phantom_pack(60)
    sampled = parts_of(packed, sample=20)
    everything = set(np.concatenate([sampled.train, sampled.tune]).tolist())
    tested: list[int] = []
    for fold in range(5):
        parts = parts_of(packed, sample=20, fold=fold)
        assert {*parts.train, *parts.tune, *parts.out_of_fold} == everything
        tested += parts.out_of_fold.tolist()
    assert sorted(tested) == sorted(everything)


def test_only_films_whose_name_fits_teach() -> None:
    packed = phantom_pack(30, without=5)
    parts = parts_of(packed, only="films/1*.png")
    taught = np.concatenate([parts.train, parts.tune])
    names = {str(packed.name[film]) for film in taught if packed.marked[film]}
    assert names == {f"films/{number}.png" for number in (1, *range(10, 20))}
