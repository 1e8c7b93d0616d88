"""Kept out-of-fold predictions stand in for the folds' files."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.films.pixels import FilmPixels
from app.networks import stored
from app.networks.manifest import read_manifest
from app.networks.predict import open_for_film, open_network
from app.networks.refusals import InFold, NetworkRefused
from app.networks.stored import Prediction
from tests.support.tiny_networks import add_network

GRID = (32, 32)


def film(seed: int = 0) -> FilmPixels:
    values = np.random.default_rng(seed).integers(0, 255, (64, 64)).astype(np.uint8)
    return FilmPixels(values, bits=8)


def prediction(of: FilmPixels, value: float = 0.8) -> Prediction:
    grid = np.zeros(GRID, np.float32)
    grid[:16] = value
    return Prediction(of.sha256(), 3, "b" * 64, grid)


def models_with(place: Path, *kept: Prediction, learnt: FilmPixels) -> Path:
    """Write a network with one file on all films, which learnt from one, and what is kept."""
    add_network(place, "net", grid=GRID, trained_on=[(learnt.sha256(), "")])
    data = stored.write(kept)
    (place / "net/out-of-fold.zip").write_bytes(data)
    manifest = place / "manifest.toml"
    said = (
        f'\n[network.out_of_fold]\npath = "net/out-of-fold.zip"\n'
        f'sha256 = "{hashlib.sha256(data).hexdigest()}"\n'
    )
    head, mark, rest = manifest.read_text().partition("[[network.file]]")
    manifest.write_text(head + said + mark + rest)
    return place


def test_a_film_that_taught_gets_what_its_fold_said(tmp_path: Path) -> None:
    models = models_with(tmp_path, prediction(film()), learnt=film())
    network = open_for_film(models, "net", pixels_sha=film().sha256())
    assert (network.fold, network.sha256) == (3, "b" * 64)
    mask = network.mask(film())
    assert mask[:31].all()
    assert not mask[33:].any()


def test_a_film_from_elsewhere_gets_the_network_itself(tmp_path: Path) -> None:
    models = models_with(tmp_path, prediction(film()), learnt=film())
    assert open_for_film(models, "net", pixels_sha=film(1).sha256()).fold is None


def test_a_kept_prediction_answers_for_its_own_film_only(tmp_path: Path) -> None:
    models = models_with(tmp_path, prediction(film()), learnt=film())
    network = open_for_film(models, "net", pixels_sha=film().sha256())
    with pytest.raises(NetworkRefused, match="another film"):
        network.mask(film(1))


def test_a_film_that_taught_and_has_no_kept_prediction_stays_refused(tmp_path: Path) -> None:
    models = models_with(tmp_path, prediction(film(1)), learnt=film())
    with pytest.raises(InFold):
        open_for_film(models, "net", pixels_sha=film().sha256())


def test_a_changed_zip_is_refused_by_its_digest(tmp_path: Path) -> None:
    models = models_with(tmp_path, prediction(film()), learnt=film())
    (tmp_path / "net/out-of-fold.zip").write_bytes(stored.write([prediction(film(), 0.1)]))
    with pytest.raises(NetworkRefused, match="sha256"):
        open_for_film(models, "net", pixels_sha=film().sha256())
    with pytest.raises(NetworkRefused, match="sha256"):
        stored.verify(models, read_manifest(models).networks[0])
    assert open_network(models, "net").fold is None  # the network itself is as it was


def test_a_prediction_of_another_grid_is_refused(tmp_path: Path) -> None:
    wrong = Prediction(film().sha256(), 0, "b" * 64, np.zeros((16, 16), np.float32))
    models = models_with(tmp_path, wrong, learnt=film())
    with pytest.raises(NetworkRefused, match="16 x 16"):
        open_for_film(models, "net", pixels_sha=film().sha256())


@given(st.permutations([0, 1, 2, 3]))
def test_the_same_predictions_make_the_same_bytes(order: list[int]) -> None:
    kept = [prediction(film(seed), 0.2 * seed) for seed in range(4)]
    assert stored.write([kept[number] for number in order]) == stored.write(kept)


def test_a_film_that_lies_in_two_files_is_kept_once() -> None:
    once = prediction(film())
    assert stored.write([once, once]) == stored.write([once])


def test_a_film_that_two_folds_speak_for_is_refused() -> None:
    one = prediction(film())
    other = Prediction(one.pixels_sha256, 4, "c" * 64, one.probability)
    with pytest.raises(ValueError, match="stands in two folds"):
        stored.write([one, other])
